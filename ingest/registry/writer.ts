/**
 * Makes decisions true: one append each, fenced by the last entry of its subject, so that of two edges that decide at once
 * one is refused, looks again and decides again. A decision is done when this process has read it back from the log.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { hasCode } from '../../engine/kernel/errors.ts';
import { quoted } from '../../engine/kernel/quoted.ts';
import type { RegistryLog } from '../../engine/ports/registry.ts';
import { hashToken, mintCredentialId, mintToken, type Pepper, type RandomBytes, type TokenName } from '../credentials/credentials.ts';
import type { RegistryCache } from './cache.ts';
import { decodeEntry, encodeEntry } from './codec.ts';
import type { RegistryRefusal, Stamp, Verdict } from './deciders.ts';
import {
  certificateClaim,
  type CredentialEntry,
  type CredentialType,
  type DeviceEntry,
  externalSubject,
  type RegistryFact,
} from './entries.ts';

/** Somebody who decides at the same time as so many others isn't deciding. */
const ATTEMPTS_MAX = 4;
/** An entry that was stored comes back in milliseconds, unless the feed is lost. */
const READ_BACK_MS_MAX = 5_000;
/** Who claims a name registers its device by then, or never. */
const CLAIM_MS_MAX = 15_000;

export type Decided<T> = { readonly ok: true; readonly value: T } | Refused;

export interface Refused {
  readonly ok: false;
  readonly why: RegistryRefusal;
  /** Of this one, where it says more than its kind does. */
  readonly about?: RefusedPlace;
}

export interface RefusedPlace {
  readonly detail: string;
  /** Where in what was wanted, as a JSON pointer. */
  readonly pointer?: string;
}

export function refused(why: RegistryRefusal, about?: RefusedPlace): Refused {
  return about === undefined ? { ok: false, why } : { ok: false, why, about };
}

/** An id that is an external id of somebody else. */
export const NAMED_OTHERWISE: RefusedPlace = { detail: 'the id is an external id of another device of the tenant', pointer: '/id' };

export function takenName(name: string, place: number): RefusedPlace {
  return { detail: `the external id ${quoted(name, 128)} belongs to another device of the tenant`, pointer: `/externalIds/${place}` };
}

export interface CredentialDraft {
  /** Where its secret was sealed for it; absent: made here. */
  readonly id?: string;
  /** Absent: a token, which is made here. */
  readonly type?: CredentialType;
  readonly fingerprint?: string;
  readonly spki?: string;
  readonly sealed?: string;
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
}

export interface RegistryWriterOptions {
  readonly log: RegistryLog;
  readonly cache: RegistryCache;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly pepper: Pepper;
}

/** What is known of the subject of a decision. */
interface Known<E> {
  readonly seq: number;
  readonly entry: E | undefined;
}

export class RegistryWriter {
  readonly log: RegistryLog;
  readonly cache: RegistryCache;
  readonly clock: Clock;
  readonly #randomBytes: RandomBytes;
  readonly #pepper: Pepper;

  constructor(options: RegistryWriterOptions) {
    this.log = options.log;
    this.cache = options.cache;
    this.clock = options.clock;
    this.#randomBytes = options.randomBytes;
    this.#pepper = options.pepper;
  }

  stamp(actor: string): Stamp {
    return { at: this.clock.now(), actor };
  }

  mintId(): string {
    return mintCredentialId(this.#randomBytes);
  }

  /** A token's secret is in the answer and nowhere else; other credentials have none of ours. */
  mint(
    name: Exclude<TokenName, { kind: 'admin' }>,
    id: string,
    draft: CredentialDraft,
  ): { readonly entry: CredentialEntry; readonly token: string } {
    const createdMs = this.clock.now();
    if (draft.type !== undefined && draft.type !== 'token') return { entry: { id, createdMs, ...draft }, token: '' };
    const token = mintToken(name, this.#randomBytes);
    return { entry: { id, hash: hashToken(token, this.#pepper), createdMs, ...draft }, token };
  }

  /** Decides by what is known, and again when somebody else was quicker. */
  async decide<E extends RegistryFact>(
    subject: string,
    known: () => Known<E>,
    decide: (entry: E | undefined) => Verdict<E>,
  ): Promise<Decided<E>> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const { entry, seq } = known();
      const verdict = decide(entry);
      if (!verdict.ok) return verdict;
      if (!verdict.isChange) return { ok: true, value: verdict.entry };
      const done = await this.append(subject, verdict.entry, seq);
      if (done.ok) return { ok: true, value: verdict.entry };
      if (done.why !== 'conflict' || !(await this.#catchUp(subject))) return done;
    }
    return refused('conflict');
  }

  async append(subject: string, fact: RegistryFact, expectedLastSeq: number): Promise<Decided<number>> {
    try {
      const seq = await this.log.append(subject, encodeEntry(fact), expectedLastSeq);
      return (await this.readBack(seq)) ? { ok: true, value: seq } : refused('unavailable');
    } catch (cause) {
      return refused(hasCode(cause, 'conflict') ? 'conflict' : 'unavailable');
    }
  }

  /** Whether this process has read so far in time. */
  async readBack(seq: number): Promise<boolean> {
    if (this.cache.seq >= seq) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), READ_BACK_MS_MAX);
    });
    const isThere = await Promise.race([this.cache.reached(seq).then(() => true), late]);
    clearTimeout(timer);
    return isThere;
  }

  /**
   * A name, or a certificate, is claimed before the device's entry lists it; a claim that its device doesn't list is nobody's, unless it is so
   * fresh that the entry may still come.
   */
  async claim(tenant: string, name: string, device: string): Promise<Decided<undefined>> {
    const holder = this.cache.deviceByExternalId(tenant, name);
    if (holder !== undefined) return holder.id === device ? { ok: true, value: undefined } : refused('external-id-taken');
    const subject = externalSubject(tenant, name);
    const claim = { kind: 'external', tenant, name, device, at: this.clock.now(), did: 'claimed' } as const;
    const first = await this.append(subject, claim, 0);
    if (first.ok || first.why !== 'conflict') return first.ok ? { ok: true, value: undefined } : first;
    const lastSeq = await this.#freeClaim(subject, name, device);
    if (lastSeq === undefined) return refused('external-id-taken');
    const second = await this.append(subject, claim, lastSeq);
    if (second.ok) return { ok: true, value: undefined };
    return refused(second.why === 'conflict' ? 'external-id-taken' : second.why);
  }

  /** Sequence of the last claim of a name when nobody else holds it by it. */
  async #freeClaim(subject: string, name: string, device: string): Promise<number | undefined> {
    const last = await this.log.last(subject).catch(() => undefined);
    const claim = last === undefined ? undefined : decodeEntry(last.data);
    if (last === undefined || claim?.kind !== 'external' || !(await this.readBack(last.seq))) return undefined;
    if (claim.device === device) return last.seq;
    const holder = this.cache.device(claim.tenant, claim.device);
    if (holder !== undefined && lists(holder.entry, name)) return undefined;
    const mayStillCome = this.cache.deviceSeq(claim.tenant, claim.device) < last.seq && this.clock.now() - (claim.at ?? 0) < CLAIM_MS_MAX;
    return mayStillCome ? undefined : last.seq;
  }

  /** Whether all that is known to the log about the subject is now known here. */
  async #catchUp(subject: string): Promise<boolean> {
    const last = await this.log.last(subject).catch(() => undefined);
    return last !== undefined && (await this.readBack(last.seq));
  }
}

/** Whether the device holds what was claimed; a certificate also when it was revoked. */
function lists({ credentials, externalIds }: DeviceEntry, name: string): boolean {
  return (
    externalIds.includes(name) || credentials.some(({ fingerprint }) => fingerprint !== undefined && certificateClaim(fingerprint) === name)
  );
}
