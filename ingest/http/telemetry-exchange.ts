/**
 * One `POST /telemetry`, from its headers to its answer. The answer leaves when the log has all of the request's events,
 * when one of them is refused, or when time is over. Bodies of known length, and compressed ones up to the body limit,
 * are read whole before anything is offered; longer and open-ended streams of lines are taken as they come.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../engine/kernel/clock.ts';
import { BODY_BYTES_MAX, EVENT_BYTES_MAX } from '../../engine/kernel/limits.ts';
import type { AskClient, EventOutcome } from '../../engine/ports/ask.ts';
import { encodeEventPrefix } from '../../schemas/envelope.ts';
import { EventList } from '../telemetry/event-list.ts';
import type { Intake } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Sender, TelemetrySplitter } from '../telemetry/split.ts';
import { TelemetryWrite } from '../telemetry/write.ts';
import { type BodySource, type ByteBudget, isShort, overloaded, readPieces, readWhole, refuseBody } from './body.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { sendProblem } from './problem.ts';
import type { RequestGate } from './request-gate.ts';
import { allFailed, failureRefusal, outcomeErrors, outcomesBody, positionHeader, positionsBody } from './telemetry-answer.ts';

/** A client that waits longer for its acknowledgement than this has no use for it. */
const ACK_MS_MAX = 10_000;
/** Longest `Prefer: wait`. */
const WAIT_MS_MAX = 60_000;
/** Whoever waits for the fold has the place and the outcome of each event held in memory, and told: some 200 bytes each. */
export const WAIT_EVENTS_MAX = 10_000;
const NEWLINE = 0x0a;
const NO_EXTRA = new Uint8Array(0);
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const PREFER_WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})/i;

export type BodyFormat = 'json' | 'lines' | 'protobuf';

export interface ExchangeDeps {
  readonly intake: Intake;
  readonly splitter: TelemetrySplitter;
  readonly ask: AskClient;
  readonly clock: Clock;
  readonly budget: ByteBudget;
  readonly metrics: HttpMetrics;
}

export interface ExchangeStreams {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ExchangeOptions {
  readonly sender: Sender;
  readonly format: BodyFormat;
  /** Undefined: nothing limits the sender. */
  readonly gate: RequestGate | undefined;
  /** Nobody waits for the log. */
  readonly isQos0: boolean;
  readonly onEnd: () => void;
}

export class TelemetryExchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #deps: ExchangeDeps;
  readonly #options: ExchangeOptions;
  readonly #startedMs: number;
  /** 0: nobody waits for the fold. Events of a stream would be remembered one by one for it, without an end, so it gets 202. */
  #waitMs: number;
  readonly #extra: Uint8Array;
  readonly #write: TelemetryWrite;
  #source: BodySource | undefined;
  #release: (() => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #refused: Refusal | undefined;
  /** Lines held until it is known whether they are few enough to be judged as a whole. */
  #held: { readonly pieces: Buffer[]; bytes: number } | undefined;
  #carry: Buffer | undefined;
  #line = 1;
  readonly #gate: RequestGate | undefined;
  /** Nothing is refused yet: credit was asked for. */
  #isWaiting = false;
  #isComplete = false;
  #isOver = false;

  constructor({ request, response }: ExchangeStreams, deps: ExchangeDeps, options: ExchangeOptions) {
    this.#request = request;
    this.#response = response;
    this.#deps = deps;
    this.#options = options;
    this.#startedMs = deps.clock.monotonic();
    this.#waitMs = isOpenEnded(request, options.format) ? 0 : waitMsOf(request.headers['prefer']);
    this.#gate = options.gate;
    const { traceparent } = request.headers;
    this.#extra = typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? encodeEventPrefix({ traceparent }) : NO_EXTRA;
    this.#write = new TelemetryWrite(deps.intake, {
      keepPositions: this.#waitMs > 0,
      isStream: options.format === 'lines',
      tenant: options.sender.principal.tenant,
      onChange: () => this.#progress(),
    });
  }

  start(): void {
    const { format } = this.#options;
    const refused = refuseBody(this.#request, format === 'lines');
    if (refused !== undefined) {
      this.#refuse(refused);
      return;
    }
    if (format === 'lines') {
      if (!isOpenEnded(this.#request, format)) this.#held = { pieces: [], bytes: 0 };
      this.#source = readPieces(this.#request, {
        piece: (bytes) => this.#piece(bytes),
        end: () => this.#lastPiece(),
        fail: (why) => this.#broken(why),
      });
      return;
    }
    readWhole(this.#request, this.#deps.budget, (body, release) => {
      this.#release = release;
      if (body === undefined || 'code' in body) this.#broken(body);
      else this.#whole(body, format);
    });
  }

  #whole(body: Buffer, format: 'json' | 'protobuf'): void {
    const list = new EventList(format, this.#extra);
    const { splitter } = this.#deps;
    const refused = splitter[format](body, this.#options.sender, list);
    this.#isComplete = true;
    if (refused === undefined) this.#take(list);
    else this.#refuse(refused);
  }

  #piece(bytes: Buffer): boolean {
    const held = this.#held;
    if (held === undefined) return this.#lines(bytes, false);
    if (!this.#deps.budget.take(bytes.length)) {
      this.#refuse(overloaded(this.#deps.budget));
      return true;
    }
    held.pieces.push(bytes);
    held.bytes += bytes.length;
    if (held.bytes <= BODY_BYTES_MAX) return true;
    this.#waitMs = 0;
    this.#write.forgetPositions();
    return this.#lines(this.#letGo(held), false);
  }

  #lastPiece(): void {
    const held = this.#held;
    const rest = held === undefined ? Buffer.alloc(0) : this.#letGo(held);
    this.#isComplete = true;
    this.#lines(rest, true);
  }

  /** The held lines as one buffer; from here on they count as pieces. */
  #letGo(held: { readonly pieces: Buffer[]; readonly bytes: number }): Buffer {
    this.#held = undefined;
    this.#release = () => this.#deps.budget.give(held.bytes);
    return held.pieces.length === 1 && held.pieces[0] !== undefined ? held.pieces[0] : Buffer.concat(held.pieces);
  }

  /** Takes the whole lines of what has come; the rest waits for its end. */
  #lines(bytes: Buffer, isLast: boolean): boolean {
    if (this.#isOver || this.#refused !== undefined) return true;
    const all = this.#carry === undefined ? bytes : Buffer.concat([this.#carry, bytes]);
    const end = isLast ? all.length : all.lastIndexOf(NEWLINE) + 1;
    // A copy: the rest is short, and what it was cut from is long.
    this.#carry = end < all.length ? Buffer.from(all.subarray(end)) : undefined;
    if ((this.#carry?.length ?? 0) > 2 * EVENT_BYTES_MAX) {
      this.#refuse(refusal('too-large', `line ${this.#line}: an event has at most ${EVENT_BYTES_MAX} bytes`, { limit: 'event-bytes' }));
      return true;
    }
    const list = new EventList('json', this.#extra);
    const { refused, line } = this.#deps.splitter.lines(all, { start: 0, end }, { sender: this.#options.sender, list, line: this.#line });
    this.#line = line;
    if (refused !== undefined) this.#refuse(refused);
    else if (list.count > 0) this.#take(list);
    else if (isLast) this.#progress();
    return this.#write.isOffered && !this.#isWaiting;
  }

  #take(list: EventList): void {
    list.receivedMs = this.#deps.clock.now();
    if (this.#waitMs > 0 && list.count > WAIT_EVENTS_MAX) {
      this.#refuse(tooManyToWaitFor(list.count));
      return;
    }
    if (this.#options.isQos0 && !this.#write.fits(list)) {
      this.#refuse(
        refusal('log-unavailable', 'the log has no room for it now, and without waiting for it nothing is held back', {
          retryAfterMs: 1_000,
        }),
      );
      return;
    }
    const over = this.#gate?.over(list);
    if (over === 'waiting') {
      this.#wait(list);
      return;
    }
    if (this.#gate !== undefined) list.extra = this.#gate.withLease(this.#extra);
    const refused = over ?? this.#write.add(list);
    if (refused !== undefined) {
      this.#refuse(refused);
      return;
    }
    this.#gate?.took();
    if (this.#deadline === undefined) this.#deadline = setTimeout(() => this.#late(), ACK_MS_MAX);
    else this.#deadline.refresh();
    this.#progress();
  }

  #wait(list: EventList): void {
    this.#isWaiting = true;
    this.#gate?.whenCredit(() => {
      this.#isWaiting = false;
      if (!this.#isOver && this.#refused === undefined) this.#take(list);
    });
  }

  #progress(): void {
    const write = this.#write;
    if (this.#isOver || this.#isWaiting) return;
    if (write.isOffered) {
      this.#release?.();
      this.#release = undefined;
    }
    if (write.failure !== undefined && this.#refused === undefined) this.#refuse(failureRefusal(write.failure));
    else if (this.#refused !== undefined) this.#refuseWhenSettled(this.#refused);
    else if (!this.#isComplete) this.#resume();
    else if (write.isOffered && !write.isBegun) this.#refuse(refusal('malformed', 'the body holds no event'));
    else if (this.#options.isQos0 && write.isOffered) this.#answer(202, { count: write.offeredCount });
    else if (write.isSettled) this.#stored();
  }

  #resume(): void {
    if (this.#write.isOffered && !this.#isWaiting) this.#source?.resume();
  }

  #stored(): void {
    const write = this.#write;
    this.#deps.metrics.stored(write.storedCount, this.#deps.clock.monotonic() - this.#startedMs);
    if (this.#waitMs > 0 && write.positions !== undefined) {
      clearTimeout(this.#deadline);
      void this.#answerWithOutcomes(write.positions);
      return;
    }
    this.#answer(202, positionsBody(write));
  }

  /** Asks the owners until the client's patience ends; who doesn't answer in time leaves the answer at "stored". */
  async #answerWithOutcomes(
    positions: readonly { readonly partition: number; readonly seq: number; readonly index: number }[],
  ): Promise<void> {
    const shares = new Map<number, { readonly ordinals: number[]; readonly events: { seq: number; index: number }[] }>();
    for (const [i, { partition, seq, index }] of positions.entries()) {
      const share = shares.get(partition) ?? { ordinals: [], events: [] };
      shares.set(partition, share);
      share.ordinals.push(i);
      share.events.push({ seq, index });
    }
    const outcomes = new Map<number, EventOutcome>();
    const asked = Array.from(shares, async ([partition, { ordinals, events }]) => {
      const minSeq = events.reduce((highest, { seq }) => Math.max(highest, seq), 0);
      const answer = await this.#deps.ask.outcomes(partition, events, { minSeq, timeoutMs: this.#waitMs });
      if (answer.ok) for (const [i, outcome] of answer.value.entries()) outcomes.set(ordinals[i] ?? -1, outcome);
    });
    await Promise.allSettled(asked);
    const write = this.#write;
    if (positions.some((_, i) => !outcomes.has(i))) {
      this.#answer(202, positionsBody(write));
      return;
    }
    const told = { ...positionsBody(write), outcomes: outcomesBody(write, outcomes) };
    const isAnyTaken = Array.from(outcomes.values()).some(({ outcome }) => outcome === 'accepted' || outcome === 'duplicate');
    if (isAnyTaken) {
      this.#answer(200, told);
      return;
    }
    const errors = outcomeErrors(write, outcomes, this.#options.format === 'protobuf' ? '/samples' : '');
    this.#end(() => sendProblem(this.#response, allFailed(positions.length, errors), { ...told, errors }));
  }

  #answer(status: number, body: Readonly<Record<string, unknown>>): void {
    this.#end(() => {
      const response = this.#response;
      if (response.destroyed) return;
      const text = JSON.stringify(body);
      const headers: Record<string, string | number> = {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      };
      if (this.#write.ranges.length > 0 && !this.#options.isQos0) headers['twinfold-position'] = positionHeader(this.#write);
      if (typeof body['position'] === 'string') headers['location'] = `/v1/events/${body['position']}`;
      if (status === 200) headers['preference-applied'] = `wait=${this.#waitMs / 1_000}`;
      response.writeHead(status, headers);
      response.end(text);
    });
  }

  #late(): void {
    const write = this.#write;
    // A stream whose client thinks: nothing is outstanding.
    if (write.isSettled && (this.#isWaiting || !this.#isComplete)) return;
    write.abandon();
    const failure = write.isBegun
      ? failureRefusal({ code: 'unknown-outcome', retryAfterMs: 1_000 })
      : refusal('log-unavailable', `the log took nothing for ${ACK_MS_MAX / 1_000} s`, { retryAfterMs: 1_000 });
    this.#end(() => this.#problem(failure));
  }

  #broken(why: Refusal | undefined): void {
    if (why !== undefined) {
      this.#refuse(why);
      return;
    }
    // The client is gone; what was offered is settled without it.
    this.#end(() => undefined);
  }

  /** Refuses, once it is known what was stored before. */
  #refuse(refused: Refusal): void {
    if (this.#isOver || this.#refused !== undefined) return;
    this.#refused = refused;
    this.#source?.stop();
    this.#write.abandon();
    this.#refuseWhenSettled(refused);
  }

  #refuseWhenSettled(refused: Refusal): void {
    if (this.#write.isSettled) this.#end(() => this.#problem(refused));
  }

  #problem(refused: Refusal): void {
    this.#deps.metrics.refused(refused.limit ?? refused.code);
    letRestGo(this.#request, this.#response);
    sendProblem(this.#response, refused, this.#write.storedCount > 0 ? positionsBody(this.#write) : {});
  }

  #end(answer: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#source?.stop();
    if (this.#held !== undefined) this.#deps.budget.give(this.#held.bytes);
    this.#held = undefined;
    this.#release?.();
    this.#release = undefined;
    answer();
    this.#options.onEnd();
  }
}

/** What is still to come of a refused body is skipped where that is short, else the connection ends with the answer. */
export function letRestGo(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  if (isShort(request)) request.resume();
  else if (!response.headersSent) response.setHeader('connection', 'close');
}

function tooManyToWaitFor(count: number): Refusal {
  return refusal(
    'too-large',
    `with Prefer: wait a request has at most ${WAIT_EVENTS_MAX} events, this one has ${count}: send fewer at once, or leave Prefer out and take 202`,
    { limit: 'wait-events' },
  );
}

/** Lines of which nobody knows how many they will be, or that are known to be too many to be held. Compressed ones show it later. */
function isOpenEnded(request: IncomingMessage, format: BodyFormat): boolean {
  return format === 'lines' && !isShort(request) && request.headers['content-encoding'] === undefined;
}

function waitMsOf(prefer: string | readonly string[] | undefined): number {
  if (prefer === undefined) return 0;
  const match = PREFER_WAIT.exec(typeof prefer === 'string' ? prefer : prefer.join(','));
  return match === null ? 0 : Math.min(WAIT_MS_MAX, Number(match[1]) * 1_000);
}
