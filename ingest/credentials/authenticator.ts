/**
 * Who a token is, answered from the registry's cache without waiting. A token that was proven is remembered with the entry
 * that it was proven by, so that the HMAC is paid once and a revocation, which is another entry, is felt at once.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { parseToken, type Pepper, provesToken, type TokenName } from './credentials.ts';
import type { CertificateSessions } from './certificate-sessions.ts';
import type { AuthResult, Authenticator, CertificateHint, GrantsSource, PeerCertificate, Principal } from '../message.ts';
import type { BanBook } from '../limits/ban-book.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { CredentialRecord } from '../registry/records.ts';
import { type Refused, RefusedTokens } from './refused-tokens.ts';

/** Two generations of so many tokens are remembered: about 40 MB. */
const PROVEN_TOKENS_MAX = 32_768;

/** A token in use all the time is not said to be at every call. */
const USED_SAID_MS = 60_000;

const MALFORMED: Refused = { ok: false, why: 'malformed' };
const UNKNOWN: Refused = { ok: false, why: 'unknown-credential' };
const REVOKED: Refused = { ok: false, why: 'revoked' };
const EARLY: Refused = { ok: false, why: 'not-yet-valid' };
const EXPIRED: Refused = { ok: false, why: 'expired' };
const DISABLED: Refused = { ok: false, why: 'disabled' };
const DECOMMISSIONED: Refused = { ok: false, why: 'decommissioned' };
const PROVISIONING: Refused = { ok: false, why: 'provisioning-key' };
const BEHIND: Refused = { ok: false, why: 'registry-behind' };

/** Who might hold a token, as the registry says. */
interface Candidate {
  /** Sequence of the entry that says it. */
  readonly seq: number;
  readonly credential: CredentialRecord;
  readonly principal: () => Principal;
}

interface Proven {
  readonly name: TokenName;
  readonly seq: number;
  readonly credential: CredentialRecord;
  readonly result: AuthResult;
  /** When its use was said last. */
  saidMs: number;
}

/** What a provisioning key lets its holder do. */
export type ProvisioningResult =
  | { readonly ok: true; readonly tenant: string; readonly group: string; readonly key: string; readonly credential: string }
  | Refused;

/** A credential let somebody in; must be cheap. Of a token that is in use all the time it is said about once in `USED_SAID_MS`. */
export type OnUsed = (principal: Principal) => void;

export interface AuthenticatorOptions {
  readonly registry: RegistryCache;
  readonly clock: Clock;
  readonly pepper: Pepper;
  /** `hashToken` of the administrator's token. */
  readonly adminHash: string;
  readonly grants: GrantsSource;
  readonly onUsed?: OnUsed | undefined;
  /** Absent: certificates let nobody in. */
  readonly certificates?: CertificateSessions;
  /** Absent: nobody counts who fails. */
  readonly bans?: BanBook | undefined;
  /** Compares a token with a hash, at the same cost whatever they are; `provesToken` where nothing is said. */
  readonly proves?: typeof provesToken;
}

export class RegistryAuthenticator implements Authenticator {
  readonly bans: BanBook | undefined;
  readonly #registry: RegistryCache;
  readonly #clock: Clock;
  readonly #pepper: Pepper;
  readonly #proves: typeof provesToken;
  readonly #grants: GrantsSource;
  readonly #admin: Candidate;
  readonly #onUsed: OnUsed | undefined;
  readonly #certificates: CertificateSessions | undefined;
  readonly #refused: RefusedTokens;
  #young = new Map<string, Proven>();
  #old = new Map<string, Proven>();

  constructor(options: AuthenticatorOptions) {
    this.#registry = options.registry;
    this.#clock = options.clock;
    this.#pepper = options.pepper;
    this.#proves = options.proves ?? provesToken;
    this.#grants = options.grants;
    this.#admin = adminCandidate(options.adminHash);
    this.#onUsed = options.onUsed;
    this.#certificates = options.certificates;
    this.bans = options.bans;
    this.#refused = new RefusedTokens(
      (name) => this.#seqOf(name),
      () => this.#clock.monotonic(),
    );
  }

  authenticate(token: string): AuthResult {
    if (this.#registry.isBehind()) return BEHIND;
    const proven = this.#young.get(token) ?? this.#remembered(token);
    if (proven !== undefined && proven.seq === this.#seqOf(proven.name)) {
      const result = this.#inTime(proven.credential) ?? proven.result;
      if (result.ok && this.#onUsed !== undefined) this.#sayUsed(proven, result.principal);
      return result;
    }
    return this.#refused.find(token) ?? this.#prove(token);
  }

  /** Only for `POST /register`: with any other call a provisioning key is refused. */
  authenticateProvisioning(token: string): ProvisioningResult {
    if (this.#registry.isBehind()) return BEHIND;
    const refusedBefore = this.#refused.find(token);
    if (refusedBefore !== undefined) return refusedBefore;
    const name = parseToken(token);
    if (name?.kind !== 'provisioning') return name === undefined ? MALFORMED : UNKNOWN;
    const keys = this.#registry.keys(name.tenant).filter(({ entry }) => entry.type === 'provisioning' && entry.group === name.group);
    let found: { readonly id: string; readonly credential: CredentialRecord } | undefined;
    // Without any key the work is done all the same.
    if (keys.length === 0) this.#proves(token, undefined, this.#pepper);
    for (const { credentials, entry } of keys)
      for (const credential of credentials)
        if (this.#proves(token, credential.entry.hash, this.#pepper)) found = { id: entry.id, credential };
    if (found === undefined) return this.#refused.note(token, name, UNKNOWN);
    const { credential, id } = found;
    const refused = credential.isRevoked ? REVOKED : this.#inTime(credential);
    if (refused !== undefined) return this.#refused.note(token, name, refused);
    return { ok: true, tenant: name.tenant, group: name.group, key: id, credential: `${credential.name}.${id}` };
  }

  authenticateCertificate(peer: PeerCertificate, hint?: CertificateHint): AuthResult {
    const result = this.#certificates?.authenticate(peer, hint) ?? UNKNOWN;
    if (result.ok) this.#onUsed?.(result.principal);
    return result;
  }

  onRevoked(credential: string, callback: () => void): () => void {
    if (this.#certificates?.isName(credential) === true) return this.#certificates.onRevoked(credential, callback);
    return this.#registry.onRevoked(credential, callback);
  }

  #sayUsed(proven: Proven, principal: Principal): void {
    const now = this.#clock.monotonic();
    if (now - proven.saidMs < USED_SAID_MS) return;
    proven.saidMs = now;
    this.#onUsed?.(principal);
  }

  #prove(token: string): AuthResult {
    const name = parseToken(token);
    if (name === undefined) return MALFORMED;
    if (name.kind === 'provisioning') return this.authenticateProvisioning(token).ok ? PROVISIONING : UNKNOWN;
    const candidates = this.#candidates(name);
    let proven: Candidate | undefined;
    if (candidates.length === 0) this.#proves(token, undefined, this.#pepper);
    for (const candidate of candidates) if (this.#proves(token, candidate.credential.entry.hash, this.#pepper)) proven = candidate;
    if (proven === undefined) return this.#refused.note(token, name, UNKNOWN);
    const { credential, seq } = proven;
    const refused = refusedBy(credential) ?? this.#inTime(credential);
    if (refused !== undefined) return this.#refused.note(token, name, refused);
    const principal = proven.principal();
    const result: AuthResult = { ok: true, principal };
    this.#remember(token, { name, seq, credential, result, saidMs: this.#clock.monotonic() });
    this.#onUsed?.(principal);
    return result;
  }

  #candidates(name: Exclude<TokenName, { kind: 'provisioning' }>): readonly Candidate[] {
    switch (name.kind) {
      case 'admin':
        return [this.#admin];
      case 'key': {
        const key = this.#registry.key(name.tenant, name.id);
        if (key === undefined || key.entry.type === 'provisioning') return [];
        const { entry, seq } = key;
        return key.credentials.map((credential) => ({ seq, credential, principal: () => this.#keyPrincipal(entry.tenant, name.id) }));
      }
      case 'device': {
        // By the id alone: a token never names a device by an external id.
        const device = this.#registry.device(name.tenant, name.device);
        if (device?.id !== name.device) return [];
        return device.credentials
          .filter(({ entry }) => entry.id === name.id && (entry.type ?? 'token') === 'token')
          .map((credential) => ({
            seq: device.seq,
            credential,
            principal: () => ({
              kind: 'device',
              tenant: name.tenant,
              device: name.device,
              credential: credential.name,
              group: device.entry.group,
              grants: this.#grants.device(name.tenant, name.device),
            }),
          }));
      }
    }
  }

  #keyPrincipal(tenant: string, id: string): Principal {
    const entry = this.#registry.key(tenant, id)?.entry;
    return {
      kind: 'key',
      tenant,
      credential: `tfk_${tenant}.${id}`,
      scopes: entry?.scopes ?? [],
      group: entry?.group,
      grants: this.#grants.key(tenant, id),
    };
  }

  /** Sequence of the entry that now says who holds such a token. */
  #seqOf(name: TokenName): number {
    switch (name.kind) {
      case 'device':
        return this.#registry.deviceSeq(name.tenant, name.device);
      case 'key':
        return this.#registry.key(name.tenant, name.id)?.seq ?? -1;
      case 'admin':
        return 0;
      case 'provisioning':
        // The keys of a group are many entries: any change at all is taken for one of them.
        return this.#registry.seq;
    }
  }

  #inTime(credential: CredentialRecord): Refused | undefined {
    if (credential.notBeforeMs === 0 && credential.notAfterMs === Number.POSITIVE_INFINITY) return undefined;
    const now = this.#clock.now();
    if (now < credential.notBeforeMs) return EARLY;
    return now < credential.notAfterMs ? undefined : EXPIRED;
  }

  #remembered(token: string): Proven | undefined {
    const proven = this.#old.get(token);
    if (proven !== undefined) this.#remember(token, proven);
    return proven;
  }

  #remember(token: string, proven: Proven): void {
    if (this.#young.size >= PROVEN_TOKENS_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(token, proven);
  }
}

function refusedBy(credential: CredentialRecord): Refused | undefined {
  if (credential.barred === 'disabled') return DISABLED;
  if (credential.barred === 'decommissioned') return DECOMMISSIONED;
  return credential.isRevoked ? REVOKED : undefined;
}

function adminCandidate(hash: string): Candidate {
  return {
    seq: 0,
    credential: {
      entry: { id: 'admin', hash, createdMs: 0 },
      name: 'tfa',
      notBeforeMs: 0,
      notAfterMs: Number.POSITIVE_INFINITY,
      isRevoked: false,
      barred: undefined,
    },
    principal: () => ({ kind: 'admin', tenant: undefined, credential: 'tfa' }),
  };
}
