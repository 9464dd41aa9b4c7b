/**
 * The neutral words between protocol adapters and the rest of the edge. Adapters translate wire bytes into an
 * `EventDraft` and hand it to the intake; they get back one settlement for each, through a `Receipt`, and turn it into
 * their protocol's acknowledgement. No protocol type goes the other way.
 */
import type { CompiledPolicy } from '../engine/domain/policy.ts';
import type { X509Certificate } from 'node:crypto';
import type { ErrorCode } from '../engine/kernel/errors.ts';
import type { LimitName } from '../engine/kernel/limits.ts';
import type { CertificateFault } from './credentials/certificate-faults.ts';
import type { Ban, BanBook } from './limits/ban-book.ts';

/**
 * What a policy lets its holder do, as it is now: the same object answers differently once a device, its group, tenant or
 * key has changed. Nothing is allowed that isn't granted, and a denial wins.
 */
export type Grants = CompiledPolicy;

/** Where a principal's grants come from. What it answers stays good: it follows the registry. */
export interface GrantsSource {
  device(tenant: string, device: string): Grants;
  key(tenant: string, key: string): Grants;
}

/**
 * Who is speaking, as the credential says; never what a topic or a body claims. A provisioning key is no principal: it
 * does one thing, `POST /register`.
 */
export type Principal =
  | {
      readonly kind: 'device';
      readonly tenant: string;
      readonly device: string;
      readonly credential: string;
      /** Under which name the device lists the credential, where that is another: the session of a certificate has one of its own. */
      readonly listedAs?: string;
      readonly group: string | undefined;
      readonly grants: Grants;
    }
  | {
      readonly kind: 'key';
      readonly tenant: string;
      readonly credential: string;
      readonly scopes: readonly string[];
      readonly group: string | undefined;
      readonly grants: Grants;
    }
  | { readonly kind: 'admin'; readonly tenant: string | undefined; readonly credential: string };

/** Why a credential lets nobody in; the closed list. */
export type AuthRefusal =
  | 'unknown-credential'
  | 'revoked'
  | 'malformed'
  | 'not-yet-valid'
  | 'expired'
  | 'disabled'
  | 'decommissioned'
  /** It registers devices, and does nothing else. */
  | 'provisioning-key'
  | 'bad-certificate'
  | 'registry-behind';

/** `fault` says what is wrong with a certificate, where it is `bad-certificate`; `ban`, that there were too many such failures. */
export type AuthResult =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly why: AuthRefusal; readonly fault?: CertificateFault; readonly ban?: Ban };

/** What a client showed in a TLS handshake; that it holds the key, the handshake proved. */
export interface PeerCertificate {
  /** SHA-256 of `leaf`, lower-case hex. */
  readonly fingerprint: string;
  /** DER. */
  readonly leaf: Uint8Array;
  /** The same, where it was read already. */
  readonly x509?: X509Certificate;
  /** DER; nothing of it is proven. */
  readonly intermediates: readonly Uint8Array[];
}

/** Whom the client says it is, beside its certificate; decides only between devices that the certificate fits equally. */
export interface CertificateHint {
  readonly tenant?: string;
  readonly device?: string;
}

/** Answers from a cache that follows the registry: never waits, never throws. */
export interface Authenticator {
  /** Absent: nobody counts who fails. */
  readonly bans?: Pick<BanBook, 'failed'> | undefined;
  authenticate(token: string): AuthResult;
  authenticateCertificate(peer: PeerCertificate, hint?: CertificateHint): AuthResult;
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

/**
 * Called exactly once for each offer taken, in the order of the offers of one partition. `tag` is the adapter's own.
 * `mayBeTwice`: an answer was missing before, so the event may stand at a lower place, too, which then is the one that counts.
 */
export interface Receipt {
  stored(tag: number, seq: number, index: number, mayBeTwice?: boolean): void;
  failed(tag: number, failure: IntakeFailure): void;
}

export interface Intake {
  readonly partitions: number;
  /**
   * Takes one event, or answers false when the partition's lane is full: then the adapter stops reading, and offers the
   * same event again after `whenRoom`; while others wait, nobody overtakes them. Events offered in one synchronous run
   * after `hasRoom` said yes for all of their bytes land in one batch.
   */
  offer(draft: EventDraft, receipt: Receipt, tag: number): boolean;
  /** Whether `bytes` more (payloads, prefixes and 32 bytes an event) fit the partition's open batch. */
  hasRoom(partition: number, bytes: number): boolean;
  /** Calls back once, when the partition's lane takes events again and it is the tenant's turn: turns are fair in bytes. */
  whenRoom(partition: number, callback: () => void, tenant?: string): void;
}
