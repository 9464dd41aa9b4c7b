/**
 * One HTTP client with one request in flight: a device that posts its events one by one under its own token, or a gateway
 * that posts those of many devices together under an API key. The same request is sent until its fate is known.
 */
import type { Agent } from 'node:http';

import { Backoff, noCounts, RECONNECT_FIRST_MS, RECONNECT_LAST_MS } from './device.ts';
import type { DeviceCounts, Ledger, Measure, SimulatedDevice } from './device.ts';
import { NO_POSITION } from './history.ts';
import type { AckedAt } from './history.ts';
import { exchange, keptAlive, retryAfterMs } from './http-exchange.ts';
import type { Exchange } from './http-exchange.ts';
import { Outbox } from './outbox.ts';
import type { OutboxLimits } from './outbox.ts';
import { envelopeOf } from './payload.ts';
import { positionOf } from './position.ts';
import { encodeBatch, encodeSample } from './telemetry-proto.ts';

export type HttpFormat = 'single' | 'ndjson' | 'protobuf';

export interface HttpMember {
  readonly index: number;
  readonly name: string;
  readonly first?: number;
}

export interface HttpSenderOptions {
  readonly url: () => string;
  readonly token: string;
  readonly format: HttpFormat;
  /** The devices spoken for; `single` means exactly one. */
  readonly members: readonly HttpMember[];
  readonly measure: Measure;
  readonly ledger: Ledger;
  readonly limits: OutboxLimits;
}

/** The product answers within 10 s, if only that it doesn't know. */
const ANSWER_MS = 15_000;
/** Events of one device in one request; the rest waits for the next. */
const TOGETHER_MAX = 8;
const REFUSED_WAIT_MS_MAX = 2_000;

interface Pending {
  readonly member: HttpMember;
  readonly outbox: Outbox;
  readonly n: number;
}

interface Request {
  readonly body: Buffer;
  readonly contentType: string;
  readonly pending: readonly Pending[];
}

export class HttpSender implements SimulatedDevice {
  readonly counts: DeviceCounts = noCounts();
  readonly #options: HttpSenderOptions;
  readonly #outboxes: readonly Outbox[];
  readonly #agent: Agent = keptAlive(1);
  readonly #backoff = new Backoff(RECONNECT_FIRST_MS, RECONNECT_LAST_MS);
  #turn = 0;
  #busy = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HttpSenderOptions) {
    this.#options = options;
    this.#outboxes = options.members.map((member) => new Outbox(options.limits, member.first ?? 1));
  }

  start(): void {
    this.#sendSoon();
  }

  /** The next member measures. */
  produce(): void {
    this.#turn = (this.#turn + 1) % this.#outboxes.length;
    if (this.#outboxes[this.#turn]?.produce() === true) this.#sendSoon();
  }

  waiting(): number {
    return this.#outboxes.reduce((sum, outbox) => sum + outbox.waiting, 0);
  }

  /** Everything of the first member before this n is acknowledged. */
  ackedBefore(): number {
    return this.#outboxes[0]?.low ?? 1;
  }

  skipped(): number {
    return this.#outboxes.reduce((sum, outbox) => sum + outbox.skipped, 0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#agent.destroy();
  }

  /** A gateway gathers for a moment, so that a request holds events of many devices. */
  #sendSoon(): void {
    if (this.#busy || this.#stopped) return;
    this.#busy = true;
    this.#timer = setTimeout(() => void this.#sendAll(), this.#options.format === 'single' ? 0 : 20);
  }

  async #sendAll(): Promise<void> {
    for (let request = this.#gather(); request !== undefined && !this.#stopped; request = this.#gather()) {
      await this.#untilSettled(request);
    }
    this.#busy = false;
  }

  #gather(): Request | undefined {
    const { format, ledger, measure } = this.#options;
    const pending: Pending[] = [];
    for (const [place, member] of this.#options.members.entries()) {
      const outbox = this.#outboxes[place];
      if (outbox === undefined) continue;
      for (let k = 0; k < (format === 'single' ? 1 : TOGETHER_MAX); k++) {
        const next = outbox.take();
        if (next === undefined) break;
        if (!next.again) ledger.invoke(member.index, next.n);
        pending.push({ member, outbox, n: next.n });
      }
    }
    if (pending.length === 0) return undefined;
    const events = pending.map(({ member, n }) => ({ name: member.name, event: measure(member.index, n) }));
    if (format === 'protobuf') {
      return {
        pending,
        contentType: 'application/x-protobuf',
        body: encodeBatch(events.map(({ event, name }) => encodeSample(event, name))),
      };
    }
    if (format === 'ndjson') {
      const lines = events.map(({ event, name }) => envelopeOf(event, name)).join('\n');
      return { pending, contentType: 'application/x-ndjson', body: Buffer.from(lines, 'utf8') };
    }
    return { pending, contentType: 'application/json', body: Buffer.from(events.map(({ event }) => envelopeOf(event)).join(''), 'utf8') };
  }

  async #untilSettled(request: Request): Promise<void> {
    while (!this.#stopped) {
      const answer = await this.#attempt(request);
      if (answer !== undefined && answer.status === 202) {
        this.#backoff.succeeded();
        this.#settle(request, answer);
        return;
      }
      // 429 and 503 name a time; without one, and without any answer, the wait doubles.
      const asked = answer === undefined ? undefined : retryAfterMs(answer);
      await this.#pause(Math.min(asked ?? this.#backoff.nextMs(), REFUSED_WAIT_MS_MAX));
    }
  }

  async #attempt(request: Request): Promise<Exchange | undefined> {
    const { ledger, token, url } = this.#options;
    const headers = { authorization: `Bearer ${token}`, 'content-type': request.contentType };
    try {
      const answer = await exchange(`${url()}/telemetry`, {
        method: 'POST',
        headers,
        body: request.body,
        agent: this.#agent,
        limitMs: ANSWER_MS,
      });
      if (answer.status === 202) return answer;
      const unknown = answer.status >= 500 && !answer.body.includes('"log-full"');
      for (const { member, n } of request.pending) {
        if (unknown) ledger.info(member.index, n);
        else ledger.fail(member.index, n);
      }
      if (unknown) this.counts.unknowns += 1;
      else this.counts.refusals += 1;
      return answer;
    } catch {
      if (this.#stopped) return undefined;
      this.counts.disconnects += 1;
      this.counts.unknowns += 1;
      for (const { member, n } of request.pending) ledger.info(member.index, n);
      return undefined;
    }
  }

  #settle(request: Request, answer: Exchange): void {
    let at = NO_POSITION;
    // A lone event's answer names its position; those of several partitions come as ranges, which name no single event.
    if (request.pending.length === 1) at = positionIn(answer) ?? NO_POSITION;
    for (const { member, n, outbox } of request.pending) {
      if (outbox.acked(n)) this.#options.ledger.ok(member.index, n, at);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, ms);
    });
  }
}

function positionIn(answer: Exchange): AckedAt | undefined {
  const header = answer.headers['twinfold-position'];
  return typeof header === 'string' ? positionOf(header) : undefined;
}
