/**
 * Pre-shared keys for DTLS: the identity that a handshake names, and the keys that may prove it. A key must be had back
 * for the handshake, so it lies sealed in the registry; it is shown to its device once, and never logged.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { isId } from '../../engine/kernel/ids.ts';
import type { RandomBytes } from './credentials.ts';
import type { CredentialEntry, DeviceEntry } from '../registry/entries.ts';
import { Secret, type SecretKey } from './secret-key.ts';

/** RFC 4279 §5.3 asks for 64 at least to be taken; ours have 32. */
const PSK_BYTES = 32;
export const PSK_BYTES_MIN = 16;
export const PSK_BYTES_MAX = 64;

/** Who a credential belongs to: part of its seal. */
export interface PskOwner {
  readonly tenant: string;
  readonly device: string;
  readonly credential: string;
}

export interface PskIdentity {
  readonly tenant: string;
  readonly device: string;
}

/** What a handshake names: `<tenant>/<device>`. */
export function parsePskIdentity(text: string): PskIdentity | undefined {
  const [tenant = '', device = '', ...rest] = text.split('/');
  return rest.length === 0 && isId(tenant) && isId(device) ? { tenant, device } : undefined;
}

export function pskIdentity({ tenant, device }: PskIdentity): string {
  return `${tenant}/${device}`;
}

export function mintPsk(randomBytes: RandomBytes): Secret {
  return new Secret(randomBytes(PSK_BYTES));
}

/** Undefined where a key of the client's own choice is too short to be safe, or longer than handshakes take. */
export function pskFromText(base64: string): Secret | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length >= PSK_BYTES_MIN && bytes.length <= PSK_BYTES_MAX ? new Secret(bytes) : undefined;
}

/** What the registry keeps of it: `sealed` of a credential entry. */
export function sealPsk(psk: Secret, owner: PskOwner, key: SecretKey): string {
  return key.seal(psk.bytes(), contextOf(owner));
}

export interface FoundPsk {
  readonly credential: CredentialEntry;
  readonly psk: Secret;
}

/** The device's keys that are good now, newest first: an old one stays good while a rotation lasts. */
export function validPsks(entry: DeviceEntry, key: SecretKey, clock: Pick<Clock, 'now'>): readonly FoundPsk[] {
  if (entry.deletedMs !== undefined || entry.state === 'disabled' || entry.state === 'decommissioned') return [];
  const now = clock.now();
  return entry.credentials.toReversed().flatMap((credential) => {
    if (credential.type !== 'psk' || credential.sealed === undefined || credential.revokedMs !== undefined) return [];
    if (now < (credential.notBeforeMs ?? 0) || now >= (credential.notAfterMs ?? Number.POSITIVE_INFINITY)) return [];
    const owner = { tenant: entry.tenant, device: entry.id, credential: credential.id };
    const opened = key.open(credential.sealed, contextOf(owner));
    return opened.ok ? [{ credential, psk: opened.secret }] : [];
  });
}

function contextOf({ tenant, device, credential }: PskOwner): string {
  return `psk/${tenant}/${device}/${credential}`;
}
