/** Subscribers that only count and acknowledge, and one publisher that sends as fast as they get it. */
import { GOODBYE, PACKET_IDS, PUBLISH_TYPE, publishBytes, SUBACK_TYPE, subscribeBytes } from '../mqtt/packets.ts';
import { RawClient } from '../mqtt/raw-client.ts';
import { AckWriter, packetIdOf } from './ack-writer.ts';
import type { Job, JobFigures } from './broker-jobs.ts';
import { numbered } from './broker-jobs.ts';
import { inParallel } from './in-parallel.ts';

type Counted = Omit<JobFigures, 'seconds' | 'cpuMs'> & Partial<Pick<JobFigures, 'seconds'>>;

/** Below any listener's backlog. */
const CONNECT_AT_ONCE = 64;
const KEEP_ALIVE_S = 1_200;
const LEAVE_MS_MAX = 5_000;
/** Nothing came for so long: what is still owed is lost. */
const SILENT_MS_MAX = 5_000;
const CHECK_MS = 100;
const SUBSCRIPTION = 1;

export class FanOut {
  readonly #subscribers: RawClient[] = [];
  readonly #acks = new AckWriter();
  #delivered = 0;
  #onDelivered: (() => void) | undefined;
  #lost = '';

  /** Resolves when every subscription is acknowledged. */
  async connect(job: Job & { readonly kind: 'subscribers' }): Promise<Counted> {
    await inParallel(job.count, CONNECT_AT_ONCE, (n) => this.#subscribe(job, n));
    return { done: this.#subscribers.length, wrong: 0, firstWrong: '' };
  }

  #subscribe(job: Job & { readonly kind: 'subscribers' }, n: number): Promise<void> {
    const { access, clean, filter, name, qos } = job;
    return new Promise((resolve, reject) => {
      let client: RawClient | undefined;
      const packet = (first: number, bytes: Buffer, body: { readonly start: number; readonly end: number }): void => {
        if (first >> 4 === PUBLISH_TYPE) {
          this.#delivered += 1;
          if ((first & 0x06) !== 0) this.#acks.puback(packetIdOf(bytes, body.start));
        } else if (first >> 4 === SUBACK_TYPE) {
          if ((bytes[body.end - 1] ?? 0x80) >= 0x80) reject(new Error(`the subscription of ${filter} was refused`));
          else resolve();
        }
      };
      const readEnd = (): void => {
        if (client !== undefined) this.#acks.flush(client);
        this.#onDelivered?.();
      };
      const ended = (error: Error | undefined): void => {
        this.#lost ||= `a subscriber was disconnected: ${error?.message ?? 'closed'}`;
        reject(new Error(this.#lost));
      };
      const facts = { clientId: `${name}-${n}`, clean, keepAliveS: KEEP_ALIVE_S, login: access.login };
      const opened = (made: RawClient): void => {
        client = made;
        this.#subscribers.push(made);
        made.send(subscribeBytes(SUBSCRIPTION, numbered(filter, n), qos));
      };
      RawClient.open(access.address, facts, { opened, packet, readEnd, ended }).catch(reject);
    });
  }

  /** `done` are deliveries, `wrong` those that never came. The time is that of the deliveries alone. */
  async run(job: Job & { readonly kind: 'fan-out' }): Promise<Counted> {
    const { access, ahead, payloadBytes, qos, seconds, topic } = job;
    const fan = this.#subscribers.length;
    const packet = publishBytes({ topic, qos, packetId: 1, payload: Buffer.alloc(payloadBytes, 'x') });
    const idAt = packet.length - payloadBytes - 2;
    let broken: string | undefined;
    const publisher = await RawClient.open(
      access.address,
      { clientId: 'fan-publisher', clean: true, keepAliveS: KEEP_ALIVE_S, login: access.login },
      { packet: () => undefined, ended: (error) => (broken = `the publisher was disconnected: ${error?.message ?? 'closed'}`) },
    );
    this.#delivered = 0;
    let published = 0;
    let stopped = false;
    const begunMs = performance.now();
    const fill = (): void => {
      while (!stopped && published * fan - this.#delivered < ahead * fan) {
        const bytes = Buffer.from(packet);
        if (qos > 0) bytes.writeUInt16BE((published % PACKET_IDS) + 1, idAt);
        published += 1;
        publisher.send(bytes);
      }
    };
    this.#onDelivered = fill;
    fill();
    await elapsed(seconds);
    stopped = true;
    let silentMs = 0;
    for (let last = this.#delivered; this.#delivered < published * fan && silentMs < SILENT_MS_MAX;) {
      await elapsed(CHECK_MS / 1_000);
      silentMs = this.#delivered === last ? silentMs + CHECK_MS : 0;
      last = this.#delivered;
    }
    this.#onDelivered = undefined;
    await publisher.leave(GOODBYE, LEAVE_MS_MAX);
    broken ??= this.#lost === '' ? undefined : this.#lost;
    if (broken !== undefined) throw new Error(broken);
    const wrong = published * fan - this.#delivered;
    const firstWrong = wrong === 0 ? '' : `${wrong} deliveries of ${published * fan} never came`;
    return { done: this.#delivered, wrong, firstWrong, seconds: (performance.now() - begunMs - silentMs) / 1_000 };
  }

  async close(): Promise<Counted> {
    const leaving = this.#subscribers.splice(0);
    await inParallel(leaving.length, CONNECT_AT_ONCE, (n) => leaving[n]?.leave(GOODBYE, LEAVE_MS_MAX) ?? Promise.resolve());
    return { done: leaving.length, wrong: 0, firstWrong: '' };
  }
}

function elapsed(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1_000);
  });
}
