/** The load of a run in which brokers die: publishers, persistent subscribers and wills over all edges, and what they are owed. */
import { sleep, waitFor } from '../product/wait.ts';
import { randomOf } from '../simulator/random.ts';
import type { Random } from '../simulator/random.ts';
import { checkBroker, plantBug, PLANTED_BUGS } from './broker-check.ts';
import type { BrokerHistory, BrokerVerdict, PlantedBug, WillDue } from './broker-check.ts';
import { KeptSubscriber, liveWithWill, NumberedPublisher } from './broker-clients.ts';
import type { Edges } from './broker-clients.ts';

export interface BrokerLoadWish {
  readonly edges: Edges;
  readonly seed: number;
  readonly publishers: number;
  readonly subscribers: number;
  readonly wills: number;
  readonly messagesPerS: number;
  /** How long a will's client lives at most. */
  readonly lifeMsMax: number;
}

const TREE = 'owed';
const IN_FLIGHT = 20;
const TICK_MS = 20;
const WILL_QOS = 2;
const LIFE_MS_MIN = 500;
/** Between two lives of one client. */
const BETWEEN_MS_MAX = 500;
const GOODBYE_SHARE = 0.25;
/** What is armed or disarmed so close to a death may go either way. */
const DEATH_MS = 5_000;
const SUBSCRIBED_MS_MAX = 30_000;
const SUBSCRIPTION_POLL_MS = 50;
/** Whatever comes twice comes soon after the first. */
const SURPLUS_MS = 2_000;

interface LivedWill {
  readonly topic: string;
  readonly n: number;
  readonly isKept: boolean;
  readonly bornMs: number;
  readonly diedMs: number;
  readonly end: 'dropped' | 'said goodbye' | 'refused';
}

export class BrokerTraffic {
  readonly #wish: BrokerLoadWish;
  readonly #random: Random;
  readonly #publishers: readonly NumberedPublisher[];
  readonly #subscribers: readonly KeptSubscriber[];
  readonly #lived: LivedWill[] = [];
  readonly #deathsMs: number[] = [];
  readonly #running: Promise<void>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #publishing = false;

  constructor(wish: BrokerLoadWish) {
    const { edges } = wish;
    this.#wish = wish;
    this.#random = randomOf(wish.seed);
    this.#publishers = Array.from({ length: wish.publishers }, (_, turn) => {
      return new NumberedPublisher(`owed-pub-${turn}`, edges, { turn, topic: `${TREE}/p${turn}`, inFlightMax: IN_FLIGHT });
    });
    this.#subscribers = Array.from({ length: wish.subscribers }, (_, turn) => {
      return new KeptSubscriber(`owed-sub-${turn}`, edges, { turn: turn + 1, filters: [`${TREE}/#`] });
    });
  }

  /** Resolves when every subscriber has subscribed and messages flow. */
  async start(): Promise<void> {
    for (const subscriber of this.#subscribers) this.#running.push(subscriber.run());
    await waitFor(() => this.#subscribers.every(({ isSubscribed }) => isSubscribed), {
      what: 'the subscriptions',
      limitMs: SUBSCRIBED_MS_MAX,
      everyMs: SUBSCRIPTION_POLL_MS,
    });
    for (const publisher of this.#publishers) this.#running.push(publisher.run());
    this.#publishing = true;
    let owed = 0;
    let turn = 0;
    this.#timer = setInterval(() => {
      if (!this.#publishing) return;
      for (owed += (this.#wish.messagesPerS * TICK_MS) / 1_000; owed >= 1; owed -= 1)
        this.#publishers[turn++ % this.#publishers.length]?.publish();
    }, TICK_MS);
    for (let n = 0; n < this.#wish.wills; n++) this.#running.push(this.#willLives(n));
  }

  /** Something was killed just now. */
  died(): void {
    this.#deathsMs.push(performance.now());
  }

  /** All publishers and subscribers lose their connections. */
  dropAll(): void {
    for (const client of [...this.#publishers, ...this.#subscribers]) client.drop();
  }

  acked(): number {
    return this.#publishers.reduce((sum, one) => sum + one.streams().reduce((of, { acked }) => of + acked.size, 0), 0);
  }

  got(): number {
    return this.#subscribers.reduce((sum, { got }) => sum + got.length, 0);
  }

  /**
   * No more messages and no more wills; resolves when nothing is owed any more and nothing surplus came for a while, or
   * after the limit. Answers what it all came to.
   */
  async finish(limitMs: number): Promise<{ readonly drained: boolean; readonly history: BrokerHistory; readonly verdict: BrokerVerdict }> {
    this.#publishing = false;
    const end = performance.now() + limitMs;
    const inTime = (probe: () => boolean): Promise<boolean> =>
      waitFor(probe, { what: 'the end', limitMs: Math.max(0, end - performance.now()), everyMs: SUBSCRIPTION_POLL_MS }).catch(() => false);
    const drained = await inTime(() => this.#publishers.every((one) => one.waiting() === 0));
    await inTime(() => {
      const { findings } = checkBroker(this.#history());
      return findings.lost === 0 && findings['wills lost'] === 0;
    });
    await sleep(SURPLUS_MS);
    const history = this.#history();
    await this.stop();
    return { drained, history, verdict: checkBroker(history) };
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#publishing = false;
    for (const client of [...this.#publishers, ...this.#subscribers]) client.stop();
    await Promise.all(this.#running.splice(0));
  }

  #history(): BrokerHistory {
    return {
      streams: this.#publishers.flatMap((one) => one.streams()),
      wills: this.#lived.map((will) => ({ topic: will.topic, n: will.n, due: this.#dueOf(will) })),
      got: new Map(this.#subscribers.map(({ got, name }) => [name, [...got]])),
      sessionsLost: [...this.#publishers, ...this.#subscribers].flatMap(({ name, sessionsLost }) =>
        Array.from({ length: sessionsLost }, () => name),
      ),
    };
  }

  /** A CONNACK of a session that is kept says that its will is known; that of a clean start doesn't wait for it. */
  #dueOf({ bornMs, diedMs, end, isKept }: LivedWill): WillDue {
    const isNear = (ms: number): boolean => this.#deathsMs.some((death) => Math.abs(death - ms) < DEATH_MS);
    if (end === 'refused') return 'maybe';
    if (end === 'said goodbye') return isNear(diedMs) ? 'maybe' : 'never';
    return !isKept && isNear(bornMs) ? 'maybe' : 'once';
  }

  /** Every second client has a session that goes on from life to life, the others begin anew under another name. */
  async #willLives(client: number): Promise<void> {
    const isKept = client % 2 === 0;
    const topic = `${TREE}/will/${client}`;
    const { addresses, login } = this.#wish.edges;
    for (let n = 1; this.#publishing; n++) {
      const address = addresses[(client + n) % addresses.length]?.();
      if (address !== undefined) {
        const bornMs = performance.now();
        const end = await liveWithWill({
          clientId: isKept ? `owed-will-${client}` : `owed-will-${client}-${n}`,
          isKept,
          will: { topic, payload: String(n), qos: WILL_QOS },
          address,
          login,
          lifeMs: this.#random.between(LIFE_MS_MIN, this.#wish.lifeMsMax),
          saysGoodbye: this.#random.next() < GOODBYE_SHARE,
        });
        this.#lived.push({ topic, n, isKept, bornMs, diedMs: performance.now(), end });
      }
      await sleep(this.#random.between(0, BETWEEN_MS_MAX));
    }
  }
}

export interface PlantedTest {
  readonly bug: PlantedBug;
  /** Undefined: the history has no place for it. */
  readonly caught: boolean | undefined;
}

/** Plants every bug there is in a history without any. */
export function brokerSelfTest(history: BrokerHistory): readonly PlantedTest[] {
  return (Object.keys(PLANTED_BUGS) as PlantedBug[]).map((bug) => {
    const spoilt = plantBug(bug, history);
    return { bug, caught: spoilt && checkBroker(spoilt).findings[PLANTED_BUGS[bug]] > 0 };
  });
}
