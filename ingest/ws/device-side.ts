/**
 * Telemetry of one WebSocket: frame after frame in the order they came, each acknowledged when the log has all of it. A frame
 * that has no room yet holds those behind it back, and the socket with them; what is in flight is bounded.
 */
import { CLIENT_INFLIGHT_MAX } from '../../engine/kernel/limits.ts';
import type { Sender as GateSender } from '../limits/gate.ts';
import { failureRefusal, positionsBody } from '../http/telemetry-answer.ts';
import { RequestGate } from '../http/request-gate.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { EventList } from '../telemetry/event-list.ts';
import type { Sender } from '../telemetry/split.ts';
import { TelemetryWrite } from '../telemetry/write.ts';
import type { Fields, Payload } from './codec.ts';
import type { WsContext } from './context.ts';

/** A client that waits longer for its acknowledgement than this has no use for it. */
const ACK_MS_MAX = 10_000;
const NO_EXTRA = new Uint8Array(0);

interface Waiting {
  readonly id: unknown;
  readonly payload: Payload;
}

interface InFlight {
  readonly id: unknown;
  readonly write: TelemetryWrite;
  readonly sinceMs: number;
  isOver: boolean;
}

export interface DeviceSideParts {
  readonly context: WsContext;
  readonly sender: Sender;
  /** Whom limits see. */
  readonly limited: GateSender;
  readonly answer: (fields: Fields) => void;
  readonly nack: (id: unknown, refused: Refusal) => void;
  /** True: nothing more can be taken now; false: it can again. */
  readonly hold: (isHeld: boolean) => void;
}

export class DeviceSide {
  readonly #parts: DeviceSideParts;
  /** Frames behind one that has no room: no more than may be in flight. */
  readonly #waiting: Waiting[] = [];
  readonly #inFlight = new Set<InFlight>();
  /** What has no room yet, so that nothing behind it is begun. */
  #blockedBy: InFlight | 'credit' | undefined;
  #isClosed = false;

  constructor(parts: DeviceSideParts) {
    this.#parts = parts;
  }

  get inFlight(): number {
    return this.#inFlight.size + this.#waiting.length;
  }

  take(id: unknown, payload: Payload): void {
    const { context, nack } = this.#parts;
    if (this.inFlight >= CLIENT_INFLIGHT_MAX) {
      context.refused('in-flight');
      nack(
        id,
        refusal('rate-limited', `${CLIENT_INFLIGHT_MAX} frames are not acknowledged yet; wait for some`, {
          limit: 'in-flight',
          retryAfterMs: 100,
        }),
      );
      return;
    }
    this.#waiting.push({ id, payload });
    this.#goOn();
  }

  /** Gives up on what is late; to be called about once a second. */
  sweep(nowMs: number): void {
    for (const each of this.#inFlight) {
      if (nowMs - each.sinceMs < ACK_MS_MAX) continue;
      const { write } = each;
      write.abandon();
      const failure = write.isBegun
        ? failureRefusal({ code: 'unknown-outcome', retryAfterMs: 1_000 })
        : refusal('log-unavailable', `the log took nothing for ${ACK_MS_MAX / 1_000} s`, { retryAfterMs: 1_000 });
      this.#end(each, () => this.#parts.nack(each.id, failure));
    }
  }

  /** Nobody is answered any more; what was offered is stored all the same. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const { write } of this.#inFlight) write.abandon();
    this.#inFlight.clear();
  }

  #goOn(): void {
    while (this.#blockedBy === undefined && !this.#isClosed) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#begin(next);
    }
    if (!this.#isClosed) this.#parts.hold(this.#waiting.length > 0);
  }

  #begin({ id, payload }: Waiting): void {
    const { context, sender } = this.#parts;
    const list = new EventList(payload.format, NO_EXTRA);
    const refused = context.splitter[payload.format](payload.bytes, sender, list);
    if (refused !== undefined) {
      this.#refuse(id, refused);
      return;
    }
    list.receivedMs = context.clock.now();
    const { admission } = context;
    const gate =
      admission === undefined || admission.isFree(this.#parts.limited.tenant) ? undefined : new RequestGate(admission, this.#parts.limited);
    this.#admit(id, list, gate);
  }

  #admit(id: unknown, list: EventList, gate: RequestGate | undefined): void {
    const over = gate?.over(list);
    if (over === 'waiting') {
      this.#blockedBy = 'credit';
      gate?.whenCredit(() => {
        if (this.#isClosed) return;
        this.#blockedBy = undefined;
        this.#admit(id, list, gate);
        this.#goOn();
      });
      return;
    }
    if (over !== undefined) {
      this.#refuse(id, over);
      return;
    }
    if (gate !== undefined) list.extra = gate.withLease(NO_EXTRA);
    const { clock, intake } = this.#parts.context;
    const { principal } = this.#parts.sender;
    let each: InFlight | undefined;
    const write = new TelemetryWrite(intake, {
      keepPositions: false,
      isStream: false,
      tenant: principal.tenant,
      onChange: () => {
        if (each !== undefined) this.#changed(each);
      },
    });
    const refused = write.add(list);
    if (refused !== undefined) {
      this.#refuse(id, refused);
      return;
    }
    gate?.took();
    each = { id, write, sinceMs: clock.monotonic(), isOver: false };
    this.#inFlight.add(each);
    if (!write.isOffered) this.#blockedBy = each;
    // Where the intake takes nothing any more, it has said so already.
    if (write.isSettled) this.#changed(each);
  }

  #changed(each: InFlight): void {
    const { write } = each;
    if (this.#isClosed || each.isOver) return;
    if (write.isSettled) this.#settled(each);
    else if (write.isOffered) this.#unblock(each);
  }

  #unblock(each: InFlight): void {
    if (this.#blockedBy !== each) return;
    this.#blockedBy = undefined;
    this.#goOn();
  }

  #settled(each: InFlight): void {
    const { id, sinceMs, write } = each;
    const { answer, context, nack } = this.#parts;
    const { failure } = write;
    this.#end(each, () => {
      if (failure === undefined) {
        context.stored(write.storedCount, context.clock.monotonic() - sinceMs);
        answer({ op: 'ack', id, ...positionsBody(write) });
      } else {
        const refused = failureRefusal(failure);
        context.refused(refused.limit ?? refused.code);
        nack(id, refused);
      }
    });
  }

  #end(each: InFlight, answer: () => void): void {
    each.isOver = true;
    this.#inFlight.delete(each);
    answer();
    this.#unblock(each);
  }

  #refuse(id: unknown, refused: Refusal): void {
    this.#parts.context.refused(refused.limit ?? refused.code);
    this.#parts.nack(id, refused);
  }
}
