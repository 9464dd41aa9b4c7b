/**
 * The neutral words between protocol adapters and the rest of the edge. Adapters translate wire bytes into an
 * `EventDraft` and hand it to the intake; they get back one settlement for each, through a `Receipt`, and turn it into
 * their protocol's acknowledgement. No protocol type goes the other way.
 */
import type { ErrorCode } from '../engine/kernel/errors.ts';
import type { LimitName } from '../engine/kernel/limits.ts';

/** Who is speaking, as the credential says; never what a topic or a body claims. */
export type Principal =
  | { readonly kind: 'device'; readonly tenant: string; readonly device: string; readonly credential: string }
  | { readonly kind: 'key'; readonly tenant: string; readonly credential: string; readonly scopes: readonly string[] }
  | { readonly kind: 'admin'; readonly tenant: string | undefined; readonly credential: string };

export type AuthResult =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly why: 'unknown-credential' | 'revoked' | 'malformed' | 'registry-behind' };

/** Answers from a cache that follows the registry: never waits, never throws. */
export interface Authenticator {
  authenticate(token: string): AuthResult;
  /** Calls back when the credential is revoked, so that live sessions can be closed; returns the way to stop listening. */
  onRevoked(credential: string, callback: () => void): () => void;
}

/**
 * One event on its way into the log. The intake copies out of it before `offer` returns, so an adapter may keep a
 * single draft and reuse it.
 */
export interface EventDraft {
  partition: number;
  /** Encoded `Event` fields that don't change over a session (tenant, device, via, content type …): `encodeEventPrefix`. */
  prefix: Uint8Array;
  /** Where they are in `prefix`; absent: they are all of it. */
  prefixStart?: number;
  prefixEnd?: number;
  /** Encoded `Event` fields of this event alone, or an empty array. */
  extra: Uint8Array;
  /** The payload is `payload[start, end)`. */
  payload: Uint8Array;
  start: number;
  end: number;
  /** When it came, milliseconds since the epoch; absent: when it is offered. */
  receivedMs?: number;
  /** Anything but telemetry leaves at once, without waiting for the tick. */
  urgent: boolean;
}

/** Refusals and failures after an offer was taken. `unknown-outcome`: it may be stored, and will be if it can. */
export interface IntakeFailure {
  readonly code: Extract<ErrorCode, 'log-full' | 'log-unavailable' | 'unknown-outcome' | 'draining'>;
  readonly limit?: LimitName;
  readonly retryAfterMs: number;
}

/** Called exactly once for each offer taken, in the order of the offers of one partition. `tag` is the adapter's own. */
export interface Receipt {
  stored(tag: number, seq: number, index: number): void;
  failed(tag: number, failure: IntakeFailure): void;
}

export interface Intake {
  readonly partitions: number;
  /**
   * Takes one event, or answers false when the partition's lane is full: then the adapter stops reading, and offers the
   * same event again after `whenRoom`. Events offered in one synchronous run after `hasRoom` said yes for all of their
   * bytes land in one batch.
   */
  offer(draft: EventDraft, receipt: Receipt, tag: number): boolean;
  /** Whether `bytes` more (payloads, prefixes and 32 bytes an event) fit the partition's open batch. */
  hasRoom(partition: number, bytes: number): boolean;
  /** Calls back once, when the partition's lane takes events again. */
  whenRoom(partition: number, callback: () => void): void;
}
