/**
 * Registration by devices themselves: who may register what, asked of the group's hook where it has one, and what a repeat
 * gets. A provisioning key makes devices of its group; a device that is there proves itself by its own credential.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../engine/kernel/clock.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from './cache.ts';
import type { MintedCredential, RegistryCommands } from './commands.ts';
import { mergeTags } from './deciders.ts';
import type { GroupEntry, Tags } from './entries.ts';
import type { DeviceRecord } from './records.ts';
import { type CredentialDraft, type Decided, NAMED_OTHERWISE } from './writer.ts';
import { WHY } from '../http/registry-bodies.ts';
import { callWebhook, type WebhookOptions } from './webhook.ts';

/** So long the old token is good beside the one that a repeat got: the answer may have been lost. */
export const REPEAT_OVERLAP_MS = 600_000;
const DAY_MS = 86_400_000;
/** Calls of hooks that are open at once; each holds a request. */
const HOOK_CALLS_MAX = 256;

/** A certificate under the tenant's CA, proven by the handshake. */
export interface ShownCertificate {
  readonly fingerprint: string;
  readonly notAfterMs: number;
  /** Of the CA: where its devices are put. It reclaims none, as a provisioning key may. */
  readonly group: string | undefined;
}

/** What the caller showed. */
export interface Proof {
  readonly tenant: string;
  /** Of a provisioning key. */
  readonly group: string | undefined;
  /** The client's certificate, where nothing else was shown: it speaks for one device, which is the first that it registers. */
  readonly certificate?: ShownCertificate;
  /** The device that the caller is, by its own token or certificate. */
  readonly device: string | undefined;
  /** Its token's id. */
  readonly credentialId?: string;
  /** Named in the audit trail. */
  readonly actor: string;
}

export interface RegistrationRequest {
  readonly id: string;
  readonly model?: string;
  /** Of the certificate in the body: it is pinned, and proves nothing until it was used. */
  readonly certificate?: { readonly fingerprint: string; readonly notAfterMs: number };
}

export interface Registration {
  readonly minted: MintedCredential;
  readonly isNew: boolean;
}

export interface ProvisioningParts {
  readonly registry: RegistryCache;
  readonly commands: RegistryCommands;
  readonly clock: Clock;
  readonly webhook?: Pick<WebhookOptions, 'allowLoopback' | 'ca'>;
}

export class Provisioning {
  readonly #parts: ProvisioningParts;
  #hookCalls = 0;

  constructor(parts: ProvisioningParts) {
    this.#parts = parts;
  }

  async register(request: RegistrationRequest, proof: Proof): Promise<Registration | Refusal> {
    if (proof.device !== undefined && proof.device !== request.id)
      return refusal('forbidden', `the credential is that of device ${proof.device}; it registers no other`, { pointer: '/id' });
    const known = this.#parts.registry.device(proof.tenant, request.id);
    if (known !== undefined && known.id !== request.id) return { ...WHY['external-id-taken'], ...NAMED_OTHERWISE };
    return known === undefined || known.entry.state === 'decommissioned'
      ? this.#create(request, proof)
      : this.#repeat(request, proof, known);
  }

  async #create(request: RegistrationRequest, proof: Proof): Promise<Registration | Refusal> {
    const { commands, registry } = this.#parts;
    const { certificate: shown, group: named = shown?.group } = proof;
    const group = named === undefined ? undefined : registry.group(proof.tenant, named);
    if (named !== undefined && group === undefined)
      return refusal(
        'unknown-group',
        `the group ${named} of the ${shown === undefined ? 'key' : "certificate's CA"} is gone; POST /v1/groups creates it`,
      );
    const asked = await this.#askHook(group, request, proof);
    if ('code' in asked) return asked;
    const draft = {
      id: request.id,
      externalIds: [],
      ...(group === undefined ? {} : { group: group.id }),
      ...(request.model === undefined ? {} : { model: request.model }),
      ...(asked.tags === undefined ? {} : { tags: asked.tags }),
    };
    // A certificate that names its device, or is pinned to it, needs no pin.
    const own = proof.device === undefined ? shown : undefined;
    const done = await commands.as(proof.actor).registerDevice(proof.tenant, draft, {
      did: 'registered',
      credential: this.#tokenDraft(group),
      pinned: pinsOf(request.certificate).filter(({ fingerprint }) => fingerprint !== own?.fingerprint),
      shown: pinsOf(own)[0],
    });
    return settled(done, true);
  }

  async #repeat(request: RegistrationRequest, proof: Proof, known: DeviceRecord): Promise<Registration | Refusal> {
    const { commands, registry } = this.#parts;
    if (known.entry.state === 'disabled') return refusal('forbidden', 'the device is disabled');
    const group = known.entry.group === undefined ? undefined : registry.group(proof.tenant, known.entry.group);
    const isProven = proof.device === known.id;
    const mayReclaim = proof.group !== undefined && proof.group === group?.id && group.provisioning?.reclaim === true;
    if (!isProven && !mayReclaim)
      return refusal(
        'already-registered',
        'a repeat must prove the device by its current token or certificate; its group does not let a provisioning key reclaim it',
        { pointer: '/id' },
      );
    const by = commands.as(proof.actor);
    const certificateRefusal = await this.#pin(by, request, known);
    if (certificateRefusal !== undefined) return certificateRefusal;
    const done = await by.rotateCredential(proof.tenant, known.id, {
      draft: this.#tokenDraft(group),
      // Who reclaims a device has lost its token, or never got it.
      overlapMs: isProven ? REPEAT_OVERLAP_MS : 0,
      ...(proof.credentialId === undefined ? {} : { keep: proof.credentialId }),
    });
    return settled(done, false);
  }

  async #pin(commands: RegistryCommands, request: RegistrationRequest, known: DeviceRecord): Promise<Refusal | undefined> {
    const [pin] = pinsOf(request.certificate);
    const isPinned = known.entry.credentials.some((one) => one.fingerprint === pin?.fingerprint && one.revokedMs === undefined);
    if (pin === undefined || isPinned) return undefined;
    const done = await commands.addCredential(known.tenant, known.id, pin);
    return done.ok ? undefined : WHY[done.why];
  }

  #tokenDraft(group: GroupEntry | undefined): CredentialDraft {
    const days = group?.provisioning?.tokenDays;
    return days === undefined ? {} : { notAfterMs: this.#parts.clock.now() + days * DAY_MS };
  }

  /** A hook that says nothing usable lets nobody in. */
  async #askHook(
    group: GroupEntry | undefined,
    request: RegistrationRequest,
    proof: Proof,
  ): Promise<{ readonly tags: Tags | undefined } | Refusal> {
    const hook = group?.provisioning?.hook;
    if (hook === undefined || group === undefined) return { tags: undefined };
    if (this.#hookCalls >= HOOK_CALLS_MAX)
      return refusal('overloaded', 'too many registrations wait for hooks', { limit: 'hook-calls', retryAfterMs: 1_000 });
    const { clock, webhook } = this.#parts;
    const certificate = request.certificate ?? proof.certificate;
    const body = JSON.stringify({
      type: 'device.register',
      tenant: proof.tenant,
      group: group.id,
      id: request.id,
      ...(request.model === undefined ? {} : { model: request.model }),
      ...(certificate === undefined ? {} : { fingerprint: certificate.fingerprint }),
    });
    this.#hookCalls++;
    try {
      // Each registration is a question of its own, and is asked once.
      const idempotencyKey = `register-${randomUUID()}`;
      const answer = await callWebhook({ ...hook, body, idempotencyKey }, { clock, ...webhook });
      if (!answer.ok) return refusal('hook-unavailable', `the hook of group ${group.id}: ${answer.detail}`, { retryAfterMs: 5_000 });
      return verdictOf(answer.status, answer.body, group.id);
    } finally {
      this.#hookCalls--;
    }
  }
}

function pinsOf(certificate: { readonly fingerprint: string; readonly notAfterMs: number } | undefined): readonly CredentialDraft[] {
  return certificate === undefined ? [] : [{ type: 'x509', fingerprint: certificate.fingerprint, notAfterMs: certificate.notAfterMs }];
}

function settled(done: Decided<MintedCredential>, isNew: boolean): Registration | Refusal {
  return done.ok ? { minted: done.value, isNew } : { ...WHY[done.why], ...done.about };
}

/** `{"allow": true, "tags": {…}}`, or `{"allow": false, "reason": "…"}`. */
function verdictOf(status: number, body: Buffer, group: string): { readonly tags: Tags | undefined } | Refusal {
  const value = status === 200 ? jsonOf(body) : undefined;
  if (typeof value !== 'object' || value === null || !('allow' in value) || typeof value.allow !== 'boolean')
    return refusal('hook-unavailable', `the hook of group ${group} answered ${status} without {"allow": true or false}`, {
      retryAfterMs: 5_000,
    });
  if (!value.allow) {
    const reason = 'reason' in value && typeof value.reason === 'string' ? value.reason.slice(0, 256) : 'no reason given';
    return refusal('refused-by-hook', `the hook of group ${group} refused: ${reason}`);
  }
  const tags =
    'tags' in value && typeof value.tags === 'object' && value.tags !== null && !Array.isArray(value.tags) ? value.tags : undefined;
  return { tags: tags === undefined ? undefined : mergeTags(undefined, tags as Tags) };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
