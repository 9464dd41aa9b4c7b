/**
 * Who a token is, answered from the registry's cache without waiting. A token that was proven is remembered with the
 * record of its credential, so that the HMAC is paid once and a revocation, which changes the record, is felt at once.
 */
import type { Clock } from '../engine/kernel/clock.ts';
import { parseToken, type Pepper, provesToken, type TokenName } from './credentials.ts';
import type { AuthResult, Authenticator } from './message.ts';
import type { CredentialRecord, RegistryCache } from './registry-cache.ts';

/** Two generations of so many tokens are remembered: about 20 MB. */
const PROVEN_TOKENS_MAX = 32_768;

const MALFORMED: AuthResult = { ok: false, why: 'malformed' };
const UNKNOWN: AuthResult = { ok: false, why: 'unknown-credential' };
const REVOKED: AuthResult = { ok: false, why: 'revoked' };
const BEHIND: AuthResult = { ok: false, why: 'registry-behind' };

interface Proven {
  readonly credential: CredentialRecord;
  readonly result: AuthResult;
}

export interface AuthenticatorOptions {
  readonly registry: RegistryCache;
  readonly clock: Clock;
  readonly pepper: Pepper;
  /** `hashToken` of the administrator's token. */
  readonly adminHash: string;
}

export class RegistryAuthenticator implements Authenticator {
  readonly #registry: RegistryCache;
  readonly #clock: Clock;
  readonly #pepper: Pepper;
  readonly #admin: CredentialRecord;
  #young = new Map<string, Proven>();
  #old = new Map<string, Proven>();

  constructor(options: AuthenticatorOptions) {
    this.#registry = options.registry;
    this.#clock = options.clock;
    this.#pepper = options.pepper;
    this.#admin = adminCredential(options.adminHash);
  }

  authenticate(token: string): AuthResult {
    if (this.#registry.isBehind()) return BEHIND;
    const proven = this.#young.get(token) ?? this.#remembered(token);
    if (proven !== undefined && !proven.credential.revoked) return this.#isInTime(proven.credential) ? proven.result : REVOKED;
    return this.#prove(token);
  }

  onRevoked(credential: string, callback: () => void): () => void {
    return this.#registry.onRevoked(credential, callback);
  }

  #prove(token: string): AuthResult {
    const name = parseToken(token);
    if (name === undefined) return MALFORMED;
    const credential = this.#credential(name);
    if (!provesToken(token, credential?.hash, this.#pepper) || credential === undefined) return UNKNOWN;
    if (credential.revoked || !this.#isInTime(credential)) return REVOKED;
    const result: AuthResult = { ok: true, principal: credential.principal };
    this.#remember(token, { credential, result });
    return result;
  }

  #credential(name: TokenName): CredentialRecord | undefined {
    switch (name.kind) {
      case 'admin':
        return this.#admin;
      case 'key':
        return this.#registry.key(name.tenant, name.id)?.credential;
      case 'device': {
        // By the id alone: a token never names a device by an external id.
        const device = this.#registry.device(name.tenant, name.device);
        return device?.id === name.device ? device.credentials.find(({ id }) => id === name.id) : undefined;
      }
    }
  }

  #isInTime(credential: CredentialRecord): boolean {
    if (credential.notBeforeMs === 0 && credential.notAfterMs === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock.now();
    return now >= credential.notBeforeMs && now < credential.notAfterMs;
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

function adminCredential(hash: string): CredentialRecord {
  return {
    id: 'admin',
    name: 'tfa',
    hash,
    createdMs: 0,
    notBeforeMs: 0,
    notAfterMs: Number.POSITIVE_INFINITY,
    revoked: false,
    principal: { kind: 'admin', tenant: undefined, credential: 'tfa' },
  };
}
