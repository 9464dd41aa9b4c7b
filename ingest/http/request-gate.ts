/**
 * The limits of one request: all of its events pass, or none does. Under an API key a request speaks for many devices, and
 * then each of them, their groups, the key and the tenant have to have room for their share before anybody is charged.
 */
import type { IncomingMessage } from 'node:http';
import type { Admission } from '../admit.ts';
import { Gate, type Sender } from '../limits/gate.ts';
import type { LimitHit } from '../limits/limit-hit.ts';
import { countPoints } from '../limits/data-points.ts';
import { idIn } from '../registry/device-entries.ts';
import type { EventList } from '../telemetry/event-list.ts';
import type { Principal } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Accounts may be asked so often before a request is told to come again: a lease may be spent by others before it is its turn. */
const ATTEMPTS_MAX = 4;

interface Share {
  readonly gate: Gate;
  messages: number;
  bytes: number;
  points: number;
}

export class RequestGate {
  readonly #admission: Admission;
  readonly #sender: Sender;
  readonly #gate: Gate;
  #shares: readonly Share[] = [];
  #attempts = 0;
  #hit: LimitHit | undefined;

  constructor(admission: Admission, sender: Sender) {
    this.#admission = admission;
    this.#sender = sender;
    this.#gate = new Gate(sender, sender.device === undefined ? 'rest' : 'all');
  }

  /** Undefined: there is room, and `took` has to be called once it is taken. `waiting`: ask again after `whenCredit`. */
  over(list: EventList): Refusal | 'waiting' | undefined {
    this.#shares = this.#sharesOf(list);
    for (const { gate, messages, bytes, points } of this.#shares) {
      const hit = this.#admission.room(gate, messages, bytes, points);
      if (hit === undefined) continue;
      this.#hit = hit;
      if (hit.account !== undefined && this.#attempts++ < ATTEMPTS_MAX) return 'waiting';
      this.#admission.refused(gate.sender, hit, list.count);
      return overLimit(hit);
    }
    return undefined;
  }

  /** The fields, and the one that names the lease. */
  withLease(extra: Uint8Array): Uint8Array {
    const field = this.#admission.leaseField(this.#gate);
    return field.length === 0 ? extra : Buffer.concat([extra, field]);
  }

  took(): void {
    for (const { gate, messages, bytes, points } of this.#shares) this.#admission.charge(gate, messages, bytes, points);
    this.#attempts = 0;
  }

  whenCredit(callback: () => void): void {
    if (this.#hit !== undefined) this.#admission.whenCredit(this.#hit, callback);
  }

  #sharesOf(list: EventList): readonly Share[] {
    const { tenant, device } = this.#sender;
    const { book } = this.#admission;
    const counts = this.#admission.countsPoints(this.#gate);
    const whole: Share = { gate: this.#gate, messages: 0, bytes: 0, points: 0 };
    const shares = [whole];
    const byEntry = device === undefined && book.hasDevices(tenant) ? new Map<number, readonly Share[]>() : undefined;
    const byGroup = new Map<string, Share>();
    for (let i = 0; i < list.count; i++) {
      add(whole, list, i, counts);
      if (byEntry === undefined) continue;
      const entry = list.devices[i] ?? 0;
      let own = byEntry.get(entry);
      if (own === undefined) {
        own = this.#deviceShares(idIn(list.entries, entry), byGroup);
        byEntry.set(entry, own);
        for (const share of own) if (share.messages === 0) shares.push(share);
      }
      for (const share of own) add(share, list, i, this.#admission.countsPoints(share.gate));
    }
    return shares;
  }

  #deviceShares(device: string, byGroup: Map<string, Share>): readonly Share[] {
    const { book } = this.#admission;
    const sender = { ...this.#sender, device, key: undefined };
    const own: Share = { gate: new Gate(sender, 'device'), messages: 0, bytes: 0, points: 0 };
    const ofGroups = book.groupsOf(sender.tenant, device).map((group): Share => {
      const known = byGroup.get(group) ?? { gate: new Gate(sender, 'group', group), messages: 0, bytes: 0, points: 0 };
      byGroup.set(group, known);
      return known;
    });
    return [own, ...ofGroups];
  }
}

/** Undefined where nothing limits the sender. */
export function requestGate(admission: Admission | undefined, principal: Principal, request: IncomingMessage): RequestGate | undefined {
  if (admission === undefined || principal.tenant === undefined || principal.kind === 'admin') return undefined;
  const { tenant } = principal;
  if (admission.isFree(tenant)) return undefined;
  const device = principal.kind === 'device' ? principal.device : undefined;
  const key = principal.kind === 'key' ? principal.credential.split('.')[1] : undefined;
  const isSecure = 'encrypted' in request.socket;
  return new RequestGate(admission, { tenant, device, key, listener: isSecure ? 'https' : 'http', address: request.socket.remoteAddress });
}

/** 429, or 413 where waiting would not help. */
export function overLimit(hit: LimitHit): Refusal {
  const { limit, window, used, allowed, quota, perMs, retryAfterMs } = hit;
  if (!Number.isFinite(retryAfterMs)) {
    return refusal('too-large', `one request may not have more than the burst of ${limit}: ${window}; send less at once`, { limit });
  }
  if (hit.isUnanswered)
    return refusal('quota-unavailable', `the account behind ${limit} does not answer; nothing was stored`, { limit, retryAfterMs });
  if (limit.endsWith('-connections'))
    return refusal('too-many-connections', `limit ${limit}: ${allowed} are open; close some, or try again later`, {
      limit,
      retryAfterMs,
      rate: { window, used, allowed, quota, perMs },
    });
  const bounds = window === '' ? `${allowed}` : window === 'day' || window === 'month' ? `${allowed} a ${window}` : window;
  const detail = `limit ${limit} of ${bounds} is used up; try again in ${seconds(retryAfterMs)}, or have the limit raised`;
  return refusal('rate-limited', detail, { limit, retryAfterMs, rate: { window, used, allowed, quota, perMs } });
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.max(1, Math.ceil(ms))} ms` : `${Math.ceil(ms / 1_000)} s`;
}

// oxlint-disable-next-line max-params
function add(share: Share, list: EventList, i: number, counts: boolean): void {
  const start = list.starts[i] ?? 0;
  const end = list.ends[i] ?? 0;
  const payload = list.payloads[i];
  share.messages++;
  share.bytes += end - start;
  if (counts && payload !== undefined) share.points += countPoints(payload, start, end);
}
