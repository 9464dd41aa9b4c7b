/**
 * The limits of one MQTT session, in MQTT's words: who may connect, and what becomes of a message that is over a limit.
 * Never a disconnect for rate alone: MQTT 5 is told in its PUBACK, a 3.1.1 message is held back and its socket not read until
 * there is room, a QoS 0 message is dropped, and all of it is counted.
 */
import { assert } from '../../engine/kernel/assert.ts';
import type { Admission } from '../admit.ts';
import { Gate, type Sender } from '../limits/gate.ts';
import type { LimitHit, RateLimitName } from '../limits/limit-hit.ts';
import { countPoints } from '../limits/data-points.ts';
import type { EventDraft } from '../message.ts';
import { UNACKNOWLEDGED } from './acknowledgements.ts';
import type { Client, Refused } from './admission.ts';
import { REASON } from './packets.ts';
import type { Refusal } from './refusals.ts';
import { keyOf } from './session-limits.ts';

/** Where a client knocks. */
interface Door {
  readonly admission: Admission | undefined;
  readonly listener: string;
}

/** Before anything is known but the address: answers a refused CONNECT, or undefined. */
export function refuseKnock({ admission, listener }: Door, address: string | undefined): Refused | undefined {
  const hit = admission?.knock(listener, address);
  return hit === undefined ? undefined : refusedConnect(hit);
}

/** Lets the client in, or answers why not; undefined where nothing is limited. */
export function enterGate({ admission, listener }: Door, client: Client, address: string | undefined): SessionGate | Refused | undefined {
  if (admission === undefined) return undefined;
  const { tenant, device, credential } = client;
  const sender: Sender = { tenant, device, key: keyOf(device, credential), listener, address };
  const { hit, leave } = admission.enter(sender);
  if (hit === undefined) return new SessionGate(admission, sender, leave);
  admission.refused(sender, hit);
  return refusedConnect(hit);
}

/** 3.1.1 has one code for both: the server is unavailable. */
function refusedConnect(hit: LimitHit): Refused {
  const isRate = hit.limit.endsWith('connect-rate');
  const after = `try again in ${Math.ceil(hit.retryAfterMs / 1_000)} s`;
  return isRate
    ? { ok: false, reason: REASON.CONNECTION_RATE_EXCEEDED, why: hit.limit, text: `limit ${hit.limit}: ${hit.window}; ${after}` }
    : { ok: false, reason: REASON.QUOTA_EXCEEDED, why: hit.limit, text: `limit ${hit.limit}: ${hit.allowed} are open; ${after}` };
}

export const NOTHING_BESIDE: readonly Gate[] = [];

export class SessionGate {
  readonly #admission: Admission;
  readonly #gate: Gate;
  readonly #leave: () => void;
  /** What else has to have room for the message at hand: the limits of a device that the client speaks for. */
  beside: readonly Gate[] = NOTHING_BESIDE;
  /** Of `beside`, by their place there. */
  #pointsBeside: readonly number[] = [];
  /** Who `hit` is about. */
  #hitOf: Sender;
  #messages = 0;
  #bytes = 0;
  #points = 0;
  #hit: LimitHit | undefined;
  #isCounted = false;
  #cancel: (() => void) | undefined;

  constructor(admission: Admission, sender: Sender, leave: () => void) {
    this.#admission = admission;
    this.#gate = new Gate(sender);
    this.#hitOf = sender;
    this.#leave = leave;
  }

  /** Of a device that the client speaks for: its own limits, and its groups'. */
  gatesOf(device: string): readonly Gate[] {
    const sender = { ...this.#gate.sender, device, key: undefined };
    return [new Gate(sender, 'device'), new Gate(sender, 'group')];
  }

  /** What has no room for the message; undefined: nothing, and `took` has to be called when it was offered. */
  over(messages: number, draft: EventDraft, isTelemetry: boolean): LimitHit | undefined {
    this.#messages = messages;
    this.#bytes = draft.end - draft.start;
    this.#points = isTelemetry && this.#admission.countsPoints(this.#gate) ? countPoints(draft.payload, draft.start, draft.end) : 0;
    this.#hitOf = this.#gate.sender;
    this.#hit = this.#admission.room(this.#gate, messages, this.#bytes, this.#points);
    if (this.#hit === undefined && this.beside !== NOTHING_BESIDE) this.#overBeside(draft);
    if (this.#hit === undefined && isTelemetry) {
      const lease = this.#admission.leaseField(this.#gate);
      draft.extra = draft.extra.length === 0 ? lease : Buffer.concat([draft.extra, lease]);
    }
    return this.#hit;
  }

  took(): void {
    this.#admission.charge(this.#gate, this.#messages, this.#bytes, this.#points);
    if (this.beside !== NOTHING_BESIDE) this.#tookBeside();
    this.#isCounted = false;
  }

  #tookBeside(): void {
    for (const [i, gate] of this.beside.entries()) this.#admission.charge(gate, this.#messages, this.#bytes, this.#pointsBeside[i] ?? 0);
  }

  #overBeside(draft: EventDraft): void {
    const admission = this.#admission;
    this.#pointsBeside = this.beside.map((gate) => (admission.countsPoints(gate) ? countPoints(draft.payload, draft.start, draft.end) : 0));
    for (const [i, gate] of this.beside.entries()) {
      this.#hit = admission.room(gate, this.#messages, this.#bytes, this.#pointsBeside[i] ?? 0);
      if (this.#hit === undefined) continue;
      this.#hitOf = gate.sender;
      return;
    }
  }

  /**
   * Holds the message back until it is worth trying again. Undefined: it is not to be held. `waiting`: nothing is refused,
   * credit is on its way. Else the limit that holds it, the first time that it does.
   */
  hold(level: number, tag: number, again: () => void): 'waiting' | RateLimitName | undefined {
    const hit = this.#hit;
    if (hit === undefined) return undefined;
    const isWaiting = hit.account !== undefined;
    if (!isWaiting && (level !== 4 || tag === UNACKNOWLEDGED || !Number.isFinite(hit.retryAfterMs))) return undefined;
    this.#cancel?.();
    this.#cancel = this.#admission.whenCredit(hit, again);
    if (isWaiting || this.#isCounted) return 'waiting';
    this.#isCounted = true;
    this.#admission.refused(this.#hitOf, hit);
    return hit.limit;
  }

  /** Of the message that `over` found no room for. */
  refusal(): Refusal {
    const hit = this.#hit;
    assert(hit !== undefined, 'only what found no room is refused');
    this.#admission.refused(this.#hitOf, hit);
    const { limit, window, retryAfterMs } = hit;
    const retry = Number.isFinite(retryAfterMs) ? { retryAfterMs } : { text: 'more than the burst that is ever allowed at once' };
    return { reason: REASON.QUOTA_EXCEEDED, why: limit, limit, window, ...retry };
  }

  leave(): void {
    this.#cancel?.();
    this.#leave();
  }
}
