/** Decisions about devices and their credentials, beside those about tenants, keys and groups. */
import { DEVICES_MAX } from './cache.ts';
import { RegistryAdministration } from './administration.ts';
import {
  decideActivate,
  decideCredential,
  decideDecommission,
  decideDelete,
  decideDisable,
  decideEnable,
  decidePatch,
  decideRegister,
  decideRevocation,
  decideRotation,
  type DeviceDraft,
  type DevicePatch,
  type Expected,
  type Verdict,
  versionRefusal,
} from './deciders.ts';
import { certificateClaim, type CredentialEntry, type DeviceEntry, deviceSubject, type RegistryAction } from './entries.ts';
import type { CertificateDirectory } from '../credentials/x509-directory.ts';
import type { DeviceRecord } from './records.ts';
import {
  type CredentialDraft,
  type Decided,
  NAMED_OTHERWISE,
  type Refused,
  refused,
  RegistryWriter,
  type RegistryWriterOptions,
  takenName,
} from './writer.ts';

export interface MintedCredential {
  readonly device: DeviceRecord;
  readonly credential: CredentialEntry;
  /** Empty where the credential is no token. */
  readonly token: string;
}

export interface RegistryCommandsOptions extends RegistryWriterOptions {
  /** How many devices the deployment may have; `DEVICES_MAX` where nothing is said. */
  readonly devicesMax?: number;
  /** What certificates are pinned; absent: none lets anybody in. */
  readonly pins?: Pick<CertificateDirectory, 'isPinnedElsewhere'>;
  /** Who decides; `as` answers the same commands of somebody else. */
  readonly actor?: string;
}

export interface RegisterOptions {
  /** Whether an id that was decommissioned may be used again. */
  readonly reuse?: boolean;
  readonly did?: RegistryAction;
  /** The first credential; absent: a token. */
  readonly credential?: CredentialDraft;
  /** More that prove the device, beside the first. */
  readonly pinned?: readonly CredentialDraft[];
  /** Under the tenant's own CA, and shown: it becomes this device's, and of all that it registers at once one gets it. */
  readonly shown?: CredentialDraft | undefined;
}

export interface RotationOptions {
  readonly draft?: CredentialDraft;
  readonly overlapMs: number;
  /** The credential that stays good for the overlap; absent: the newest. */
  readonly keep?: string;
  readonly did?: RegistryAction;
}

export class RegistryCommands extends RegistryAdministration {
  readonly #options: RegistryCommandsOptions;

  constructor(options: RegistryCommandsOptions, writer = new RegistryWriter(options)) {
    super(writer, options.actor ?? 'system:edge');
    this.#options = options;
  }

  /** The same commands, decided by somebody else: a credential's name, `tfa`, or `system:<what>`. */
  as(actor: string): RegistryCommands {
    return new RegistryCommands({ ...this.#options, actor }, this.writer);
  }

  async registerDevice(tenant: string, draft: DeviceDraft, options: RegisterOptions = {}): Promise<Decided<MintedCredential>> {
    const { writer } = this;
    const { cache } = writer;
    if (!cache.hasTenant(tenant)) return refused('unknown-tenant');
    if (cache.devices >= this.devicesMax()) return refused('too-many-devices');
    const known = cache.device(tenant, draft.id);
    if (known !== undefined && known.id !== draft.id) return refused('external-id-taken', NAMED_OTHERWISE);
    const stamp = { ...writer.stamp(this.actor), did: options.did ?? 'created', reuse: options.reuse === true };
    const refusedBefore = decideRegister(known?.entry, { ...draft, tenant, credentials: [] }, stamp);
    if (!refusedBefore.ok) return refusedBefore;
    const { pinned = [], shown } = options;
    if (pinned.some((one) => this.#isTaken(tenant, draft.id, one))) return refused('certificate-taken');
    if (shown?.fingerprint !== undefined) {
      const claimed = await writer.claim(tenant, certificateClaim(shown.fingerprint), draft.id);
      if (!claimed.ok) return claimed.why === 'external-id-taken' ? refused('certificate-taken') : claimed;
    }
    if (draft.group !== undefined && cache.group(tenant, draft.group) === undefined) return refused('unknown-group');
    const unclaimed = await this.#claimAll(tenant, draft.externalIds, draft.id);
    if (unclaimed !== undefined) return unclaimed;
    const { entry: credential, token } = this.#mint(tenant, draft.id, options.credential ?? {});
    const more = [...(shown === undefined ? [] : [shown]), ...pinned].map((one) => this.#mint(tenant, draft.id, one).entry);
    const entryDraft = { ...draft, tenant, credentials: [credential, ...more] };
    const done = await this.#decideDevice(tenant, draft.id, (entry) => decideRegister(entry, entryDraft, stamp));
    return done.ok ? this.#minted(tenant, draft.id, { credential, token }) : done;
  }

  async updateDevice(
    tenant: string,
    name: string,
    { expected = {}, patch }: { readonly patch: DevicePatch; readonly expected?: Expected },
  ): Promise<Decided<DeviceRecord>> {
    const { cache } = this.writer;
    const device = cache.device(tenant, name);
    if (device === undefined) return refused('not-found');
    const { group } = patch;
    if (group !== undefined && group !== null && cache.group(tenant, group) === undefined) return refused('unknown-group');
    const unclaimed = await this.#claimAll(tenant, patch.externalIds ?? [], device.id);
    if (unclaimed !== undefined) return unclaimed;
    return this.#change(tenant, device.id, (known) => {
      const why = versionRefusal(expected, cache.deviceSeq(tenant, device.id));
      return why === undefined ? decidePatch(known, patch, this.writer.stamp(this.actor)) : refused(why);
    });
  }

  async disableDevice(tenant: string, name: string): Promise<Decided<DeviceRecord>> {
    return this.#change(tenant, name, (known) => decideDisable(known, this.writer.stamp(this.actor)));
  }

  async enableDevice(tenant: string, name: string): Promise<Decided<DeviceRecord>> {
    return this.#change(tenant, name, (known) => decideEnable(known, this.writer.stamp(this.actor)));
  }

  async activateDevice(tenant: string, name: string): Promise<Decided<DeviceRecord>> {
    return this.#change(tenant, name, (known) => decideActivate(known, this.writer.stamp(this.actor)));
  }

  /** For good; `reuse` frees its names. */
  async decommissionDevice(tenant: string, name: string, reuse = false): Promise<Decided<DeviceRecord>> {
    return this.#change(tenant, name, (known) => decideDecommission(known, { ...this.writer.stamp(this.actor), reuse }));
  }

  async deleteDevice(tenant: string, name: string): Promise<Decided<undefined>> {
    const id = this.writer.cache.deviceId(tenant, name);
    if (id === undefined) return refused('not-found');
    const done = await this.#decideDevice(tenant, id, (known) =>
      known === undefined ? { ok: false, why: 'not-found' } : decideDelete(known, this.writer.stamp(this.actor)),
    );
    return done.ok ? { ok: true, value: undefined } : done;
  }

  async addCredential(tenant: string, name: string, draft: CredentialDraft): Promise<Decided<MintedCredential>> {
    return this.#newCredential({ tenant, name, draft }, (known, credential) =>
      decideCredential(known, credential, this.writer.stamp(this.actor)),
    );
  }

  /** A new credential in the place of those of its type, of which one is good for the overlap. */
  async rotateCredential(tenant: string, name: string, options: RotationOptions): Promise<Decided<MintedCredential>> {
    const { draft = {}, ...how } = options;
    return this.#newCredential({ tenant, name, draft }, (known, credential) =>
      decideRotation(known, credential, { ...this.writer.stamp(this.actor), ...how }),
    );
  }

  async revokeCredential(tenant: string, name: string, id: string): Promise<Decided<DeviceRecord>> {
    return this.#change(tenant, name, (known) => decideRevocation(known, id, this.writer.stamp(this.actor)));
  }

  devicesMax(): number {
    return this.#options.devicesMax ?? DEVICES_MAX;
  }

  /** Claims the names in their order, up to one that is another's. */
  async #claimAll(tenant: string, names: readonly string[], device: string): Promise<Refused | undefined> {
    for (const [i, name] of names.entries()) {
      const claimed = await this.writer.claim(tenant, name, device);
      if (claimed.ok) continue;
      return claimed.why === 'external-id-taken' ? refused(claimed.why, takenName(name, i)) : claimed;
    }
    return undefined;
  }

  async #newCredential(
    { draft, name, tenant }: { readonly tenant: string; readonly name: string; readonly draft: CredentialDraft },
    decide: (known: DeviceEntry, credential: CredentialEntry) => Verdict<DeviceEntry>,
  ): Promise<Decided<MintedCredential>> {
    const id = this.writer.cache.deviceId(tenant, name);
    if (id === undefined) return refused('not-found');
    if (this.#isTaken(tenant, id, draft)) return refused('certificate-taken');
    const { entry: credential, token } = this.#mint(tenant, id, draft);
    const done = await this.#change(tenant, id, (known) => decide(known, credential));
    return done.ok ? { ok: true, value: { device: done.value, credential, token } } : done;
  }

  async #change(tenant: string, name: string, decide: (known: DeviceEntry) => Verdict<DeviceEntry>): Promise<Decided<DeviceRecord>> {
    const { cache } = this.writer;
    const id = cache.deviceId(tenant, name);
    if (id === undefined) return refused('not-found');
    const done = await this.#decideDevice(tenant, id, (known) => (known === undefined ? { ok: false, why: 'not-found' } : decide(known)));
    if (!done.ok) return done;
    const device = cache.device(tenant, id);
    return device === undefined ? refused('conflict') : { ok: true, value: device };
  }

  async #decideDevice(
    tenant: string,
    id: string,
    decide: (known: DeviceEntry | undefined) => Verdict<DeviceEntry>,
  ): Promise<Decided<DeviceEntry>> {
    const { cache } = this.writer;
    return this.writer.decide<DeviceEntry>(
      deviceSubject(tenant, id),
      () => {
        const known = cache.device(tenant, id);
        return { seq: cache.deviceSeq(tenant, id), entry: known?.id === id ? known.entry : undefined };
      },
      decide,
    );
  }

  #isTaken(tenant: string, device: string, draft: CredentialDraft): boolean {
    return this.#options.pins?.isPinnedElsewhere({ tenant, device }, draft, this.writer.clock.now()) === true;
  }

  #mint(tenant: string, device: string, draft: CredentialDraft): { readonly entry: CredentialEntry; readonly token: string } {
    const id = draft.id ?? this.writer.mintId();
    return this.writer.mint({ kind: 'device', tenant, device, id }, id, draft);
  }

  #minted(tenant: string, id: string, made: { readonly credential: CredentialEntry; readonly token: string }): Decided<MintedCredential> {
    const device = this.writer.cache.device(tenant, id);
    // Deleted again in the meantime by somebody else.
    if (device === undefined) return refused('conflict');
    return { ok: true, value: { device, ...made } };
  }
}
