/**
 * Decisions about who exists: one append each, fenced by the last entry of its subject, so that of two edges that decide
 * at once one is refused. What was appended is taken into the cache at once: this process reads its own writes.
 */
import type { Clock } from '../engine/kernel/clock.ts';
import { hasCode } from '../engine/kernel/errors.ts';
import type { RegistryLog } from '../engine/ports/registry.ts';
import { hashToken, mintCredentialId, mintToken, type Pepper, type RandomBytes, type TokenName } from './credentials.ts';
import { DEVICES_MAX, type DeviceRecord, type RegistryCache } from './registry-cache.ts';
import {
  type CredentialEntry,
  type DeviceEntry,
  deviceSubject,
  encodeEntry,
  externalSubject,
  keySubject,
  type RegistryFact,
  tenantSubject,
} from './registry-entries.ts';

/** Two may be valid at once, so that a device can change its token without a gap. */
export const CREDENTIALS_MAX = 2;
/** Revoked credentials that a device's entry still names, newest last. */
const REVOKED_KEPT_MAX = 4;

export type RegistryRefusal =
  | 'already-registered'
  | 'external-id-taken'
  | 'not-found'
  | 'unknown-tenant'
  | 'too-many-credentials'
  | 'too-many-devices'
  /** Somebody else decided about the same thing at the same time. */
  | 'conflict'
  /** The registry's log doesn't answer. The decision may have been stored. */
  | 'unavailable';

export type Decided<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: RegistryRefusal };

export interface DeviceDraft {
  readonly id: string;
  readonly externalIds: readonly string[];
  readonly group?: string;
  readonly tags?: Readonly<Record<string, unknown>>;
}

export interface CredentialDraft {
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
}

export interface MintedCredential {
  readonly device: DeviceRecord;
  readonly credential: CredentialEntry;
  readonly token: string;
}

export interface RegistryCommandsOptions {
  readonly log: RegistryLog;
  readonly cache: RegistryCache;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly pepper: Pepper;
  /** How many devices the deployment may have; `DEVICES_MAX` where nothing is said. */
  readonly devicesMax?: number;
}

export class RegistryCommands {
  readonly #log: RegistryLog;
  readonly #cache: RegistryCache;
  readonly #clock: Clock;
  readonly #randomBytes: RandomBytes;
  readonly #pepper: Pepper;
  readonly #devicesMax: number;

  constructor(options: RegistryCommandsOptions) {
    this.#log = options.log;
    this.#cache = options.cache;
    this.#clock = options.clock;
    this.#randomBytes = options.randomBytes;
    this.#pepper = options.pepper;
    this.#devicesMax = options.devicesMax ?? DEVICES_MAX;
  }

  async createTenant(tenant: string): Promise<Decided<undefined>> {
    if (this.#cache.hasTenant(tenant)) return refused('already-registered');
    const done = await this.#append(tenantSubject(tenant), { kind: 'tenant', tenant, createdMs: this.#clock.now() }, 0);
    if (!done.ok) return refused(done.why === 'conflict' ? 'already-registered' : done.why);
    return { ok: true, value: undefined };
  }

  /** The key's token is in the answer and nowhere else. */
  async createKey(tenant: string, scopes: readonly string[]): Promise<Decided<{ readonly id: string; readonly token: string }>> {
    if (!this.#cache.hasTenant(tenant)) return refused('unknown-tenant');
    const id = mintCredentialId(this.#randomBytes);
    const { entry, token } = this.#mint({ kind: 'key', tenant, id }, {});
    const done = await this.#append(keySubject(tenant, id), { kind: 'key', tenant, id, scopes, credential: entry }, 0);
    return done.ok ? { ok: true, value: { id, token } } : refused(done.why);
  }

  async revokeKey(tenant: string, id: string): Promise<Decided<undefined>> {
    const key = this.#cache.key(tenant, id);
    if (key === undefined || key.credential.revoked) return refused('not-found');
    const credential = { ...key.entry.credential, revokedMs: this.#clock.now() };
    const done = await this.#append(keySubject(tenant, id), { ...key.entry, credential }, key.seq);
    return done.ok ? { ok: true, value: undefined } : refused(done.why);
  }

  async registerDevice(tenant: string, draft: DeviceDraft): Promise<Decided<MintedCredential>> {
    if (!this.#cache.hasTenant(tenant)) return refused('unknown-tenant');
    if (this.#cache.devices >= this.#devicesMax) return refused('too-many-devices');
    if (this.#cache.device(tenant, draft.id) !== undefined) return refused('already-registered');
    const claimed = await this.#claimExternalIds(tenant, draft);
    if (!claimed.ok) return claimed;
    const { entry: credential, token } = this.#mint(
      { kind: 'device', tenant, device: draft.id, id: mintCredentialId(this.#randomBytes) },
      {},
    );
    const entry: DeviceEntry = { kind: 'device', tenant, ...draft, createdMs: this.#clock.now(), credentials: [credential] };
    const done = await this.#append(deviceSubject(tenant, draft.id), entry, this.#cache.deviceSeq(tenant, draft.id));
    if (!done.ok) return refused(done.why === 'conflict' ? 'already-registered' : done.why);
    return this.#minted(tenant, draft.id, { credential, token });
  }

  async deleteDevice(tenant: string, name: string): Promise<Decided<undefined>> {
    const device = this.#cache.device(tenant, name);
    if (device === undefined) return refused('not-found');
    const entry: DeviceEntry = {
      kind: 'device',
      tenant,
      id: device.id,
      externalIds: [],
      createdMs: device.entry.createdMs,
      deletedMs: this.#clock.now(),
      credentials: [],
    };
    const done = await this.#append(deviceSubject(tenant, device.id), entry, device.seq);
    return done.ok ? { ok: true, value: undefined } : refused(done.why);
  }

  async addCredential(tenant: string, name: string, draft: CredentialDraft): Promise<Decided<MintedCredential>> {
    const device = this.#cache.device(tenant, name);
    if (device === undefined) return refused('not-found');
    const now = this.#clock.now();
    const valid = device.entry.credentials.filter(
      (one) => one.revokedMs === undefined && (one.notAfterMs ?? Number.POSITIVE_INFINITY) > now,
    );
    if (valid.length >= CREDENTIALS_MAX) return refused('too-many-credentials');
    const minted = this.#mint({ kind: 'device', tenant, device: device.id, id: mintCredentialId(this.#randomBytes) }, draft);
    const gone = device.entry.credentials.filter((one) => !valid.includes(one)).slice(-REVOKED_KEPT_MAX);
    const done = await this.#append(
      deviceSubject(tenant, device.id),
      { ...device.entry, credentials: [...gone, ...valid, minted.entry] },
      device.seq,
    );
    if (!done.ok) return refused(done.why);
    return this.#minted(tenant, device.id, { credential: minted.entry, token: minted.token });
  }

  async revokeCredential(tenant: string, name: string, id: string): Promise<Decided<undefined>> {
    const device = this.#cache.device(tenant, name);
    if (device?.entry.credentials.some((one) => one.id === id && one.revokedMs === undefined) !== true) return refused('not-found');
    const revokedMs = this.#clock.now();
    const credentials = device.entry.credentials.map((one) => (one.id === id ? { ...one, revokedMs } : one));
    const done = await this.#append(deviceSubject(tenant, device.id), { ...device.entry, credentials }, device.seq);
    return done.ok ? { ok: true, value: undefined } : refused(done.why);
  }

  /** Names are claimed one by one before the device's entry; a claim that its device doesn't list is nobody's. */
  async #claimExternalIds(tenant: string, draft: DeviceDraft): Promise<Decided<undefined>> {
    for (const name of draft.externalIds) {
      const holder = this.#cache.device(tenant, name);
      if (holder !== undefined && holder.id !== draft.id) return refused('external-id-taken');
      const done = await this.#append(
        externalSubject(tenant, name),
        { kind: 'external', tenant, name, device: draft.id },
        this.#cache.externalSeq(tenant, name),
      );
      if (!done.ok) return refused(done.why === 'conflict' ? 'external-id-taken' : done.why);
    }
    return { ok: true, value: undefined };
  }

  #mint(name: TokenName, draft: CredentialDraft): { readonly entry: CredentialEntry; readonly token: string } {
    const token = mintToken(name, this.#randomBytes);
    const id = name.kind === 'admin' ? 'admin' : name.id;
    return { entry: { id, hash: hashToken(token, this.#pepper), createdMs: this.#clock.now(), ...draft }, token };
  }

  #minted(tenant: string, id: string, made: { readonly credential: CredentialEntry; readonly token: string }): Decided<MintedCredential> {
    const device = this.#cache.device(tenant, id);
    // Deleted again in the meantime by somebody else.
    if (device === undefined) return refused('conflict');
    return { ok: true, value: { device, ...made } };
  }

  async #append(
    subject: string,
    fact: RegistryFact,
    expectedLastSeq: number,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: 'conflict' | 'unavailable' }> {
    const data = encodeEntry(fact);
    try {
      const seq = await this.#log.append(subject, data, expectedLastSeq);
      this.#cache.apply({ seq, subject, data });
      return { ok: true };
    } catch (cause) {
      return { ok: false, why: hasCode(cause, 'conflict') ? 'conflict' : 'unavailable' };
    }
  }
}

function refused(why: RegistryRefusal): { readonly ok: false; readonly why: RegistryRefusal } {
  return { ok: false, why };
}
