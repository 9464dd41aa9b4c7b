/**
 * Pre-shared keys for DTLS: the identity that a handshake names, and the keys that may prove it. A key must be had back
 * for the handshake, so it lies sealed in the registry; it is shown to its device once, and never logged.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { isId } from '../../engine/kernel/ids.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { CredentialEntry, DeviceEntry } from '../registry/entries.ts';
import { credentialName, type RandomBytes } from './credentials.ts';
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

/** A key of the client's own choice, hex. Undefined where it is too short to be safe, or longer than handshakes take. */
export function pskFromText(hex: string): Secret | undefined {
  if (hex.length % 2 !== 0 || hex.length < 2 * PSK_BYTES_MIN || hex.length > 2 * PSK_BYTES_MAX) return undefined;
  return /^[0-9A-Fa-f]+$/.test(hex) ? new Secret(Buffer.from(hex, 'hex')) : undefined;
}

/** What the registry keeps of it: `sealed` of a credential entry. */
export function sealPsk(psk: Secret, owner: PskOwner, key: SecretKey): string {
  return key.seal(psk.bytes(), contextOf(owner));
}

export interface FoundPsk {
  readonly credential: CredentialEntry;
  /** The credential's name, as sessions and the audit trail have it. */
  readonly name: string;
  readonly psk: Secret;
}

/** Why a key proves nobody. `another-key`, `damaged`: this process can't unseal it. */
export type PskFault = 'revoked' | 'not-yet-valid' | 'expired' | 'another-key' | 'damaged';

export type PskLookup =
  /** One key at least, newest first: an old one stays good while a rotation lasts. */
  | { readonly ok: true; readonly tenant: string; readonly device: string; readonly keys: readonly FoundPsk[] }
  | {
      readonly ok: false;
      readonly why: PskFault | 'malformed' | 'unknown-credential' | 'disabled' | 'decommissioned' | 'registry-behind';
    };

export interface PsksOptions {
  readonly registry: Pick<RegistryCache, 'device' | 'isBehind'>;
  readonly secretKey: SecretKey;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: RandomBytes;
}

/** Makes keys, and has them back for handshakes. */
export class Psks {
  readonly #options: PsksOptions;

  constructor(options: PsksOptions) {
    this.#options = options;
  }

  /** A new key, or the client's own, sealed for its owner. `key` is hex, to be shown this once. */
  make(owner: PskOwner, own?: Secret): { readonly sealed: string; readonly key: string } {
    const { randomBytes, secretKey } = this.#options;
    const psk = own ?? mintPsk(randomBytes);
    return { sealed: sealPsk(psk, owner, secretKey), key: Buffer.from(psk.bytes()).toString('hex') };
  }

  /** The keys that prove the identity now, or why there are none. Never waits, never throws. */
  lookUp(identity: string): PskLookup {
    const { clock, registry, secretKey } = this.#options;
    if (registry.isBehind()) return { ok: false, why: 'registry-behind' };
    const named = parsePskIdentity(identity);
    if (named === undefined) return { ok: false, why: 'malformed' };
    const entry = registry.device(named.tenant, named.device)?.entry;
    // By the id alone: an external id that looks like one names nobody here.
    if (entry?.id !== named.device) return { ok: false, why: 'unknown-credential' };
    if (entry.state === 'disabled' || entry.state === 'decommissioned') return { ok: false, why: entry.state };
    const judged = judgedPsks(entry, secretKey, clock.now());
    const keys = judged.filter((one) => typeof one !== 'string');
    if (keys.length > 0) return { ok: true, ...named, keys };
    const [why] = judged.filter((one) => typeof one === 'string');
    return { ok: false, why: why ?? 'unknown-credential' };
  }
}

/** The device's keys that are good now, newest first. */
export function validPsks(entry: DeviceEntry, key: SecretKey, clock: Pick<Clock, 'now'>): readonly FoundPsk[] {
  if (entry.deletedMs !== undefined || entry.state === 'disabled' || entry.state === 'decommissioned') return [];
  return judgedPsks(entry, key, clock.now()).filter((one) => typeof one !== 'string');
}

/** Each of the device's keys, newest first: had back, or what is wrong with it. */
function judgedPsks({ credentials, id: device, tenant }: DeviceEntry, key: SecretKey, nowMs: number): readonly (FoundPsk | PskFault)[] {
  return credentials
    .toReversed()
    .filter(({ type }) => type === 'psk')
    .map((credential) => {
      const { id, notAfterMs, notBeforeMs, revokedMs, sealed } = credential;
      if (revokedMs !== undefined) return 'revoked';
      if (nowMs < (notBeforeMs ?? 0)) return 'not-yet-valid';
      if (nowMs >= (notAfterMs ?? Number.POSITIVE_INFINITY)) return 'expired';
      const opened = key.open(sealed ?? '', contextOf({ tenant, device, credential: id }));
      if (!opened.ok) return opened.why;
      return { credential, name: credentialName({ kind: 'device', tenant, device, id }), psk: opened.secret };
    });
}

function contextOf({ tenant, device, credential }: PskOwner): string {
  return `psk/${tenant}/${device}/${credential}`;
}
