/**
 * Certificates at the door: answers who they are from what was found out before, as long as nothing about it has changed,
 * and ends the sessions of those that are no longer good: revoked, out of time, their CA removed, their device disabled.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { CertificateFault } from './certificate-faults.ts';
import { credentialName } from './credentials.ts';
import type { AuthResult, CertificateHint, GrantsSource, PeerCertificate, Principal } from '../message.ts';
import type { KnownIntermediates } from '../tls/known-intermediates.ts';
import type { CertificateDirectory } from './x509-directory.ts';
import { CertificateIdentifier, type DeviceLookup, type Identified } from './x509.ts';

/** Certificates whose owner is remembered, some 2 KB each. */
const PROVEN_MAX = 16_384;
const REFUSED_MAX = 4_096;
/** A refusal is remembered so long: a client that tries again and again costs no signatures. */
const REFUSED_MS_MAX = 30_000;
/** How often sessions are looked through for certificates that went out of time. */
export const EXPIRY_LOOK_MS = 2_000;
/** Live certificates that are looked at in one turn of the event loop: some 100 µs each. */
const RECHECK_CHUNK = 20;
const NAME = 'x509_';

type Refused = Extract<AuthResult, { ok: false }>;

interface Proven {
  readonly peer: PeerCertificate;
  /** Undefined: any will do. */
  readonly hint: CertificateHint | undefined;
  readonly tenant: string;
  readonly device: string;
  readonly name: string;
  readonly notAfterMs: number;
  readonly result: AuthResult;
  readonly isNamed: boolean;
  /** False once something about its tenant or device has changed. */
  isFresh: boolean;
}

interface Live {
  readonly proven: Proven;
  readonly callbacks: Set<() => void>;
}

export interface CertificateSessionsParts {
  readonly directory: CertificateDirectory;
  readonly registry: DeviceLookup & { isBehind(): boolean };
  readonly grants: GrantsSource;
  readonly clock: Clock;
  readonly intermediates?: KnownIntermediates;
}

export class CertificateSessions {
  readonly #parts: CertificateSessionsParts;
  readonly #identifier: CertificateIdentifier;
  /** By fingerprint, oldest first. */
  readonly #proven = new Map<string, Proven>();
  readonly #refused = new Map<string, { readonly result: Refused; readonly untilMs: number }>();
  /** By the credential's name. */
  readonly #live = new Map<string, Live>();
  /** Of both, by tenant and device; tenants have no slash in them. */
  readonly #byDevice = new Map<string, Set<Proven>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: CertificateSessionsParts) {
    this.#parts = parts;
    this.#identifier = new CertificateIdentifier(parts);
    parts.directory.listen({
      tenantChanged: (tenant) => this.#onTenant(tenant),
      deviceChanged: (tenant, device, isPinned) => this.#onDevice(keyOf(tenant, device), isPinned),
    });
  }

  /** Looks for certificates that go out of time, until `stop`. */
  start(): void {
    this.#timer ??= setInterval(() => this.endExpired(), EXPIRY_LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Names of certificates that have live sessions. */
  get live(): number {
    return this.#live.size;
  }

  /** Never waits, never throws. */
  authenticate(peer: PeerCertificate, hint: CertificateHint = {}): AuthResult {
    return this.#parts.registry.isBehind() ? { ok: false, why: 'registry-behind' } : this.#answer(peer, hint);
  }

  #answer(peer: PeerCertificate, hint: CertificateHint): AuthResult {
    const now = this.#parts.clock.now();
    const proven = this.#proven.get(peer.fingerprint);
    if (proven?.isFresh === true && now < proven.notAfterMs && fits(hint, proven.hint)) return proven.result;
    const key = `${peer.fingerprint}/${hint.tenant ?? ''}/${hint.device ?? ''}`;
    const refused = this.#refused.get(key);
    if (refused !== undefined && now < refused.untilMs) return refused.result;
    const result = this.#prove(peer, hint);
    if (!result.ok && result.fault !== undefined && isLasting(result.fault))
      this.#rememberRefusal(key, { result, untilMs: now + REFUSED_MS_MAX });
    return result;
  }

  /** Who a certificate speaks for, whether or not there is such a device: for whoever registers devices. */
  identify(peer: PeerCertificate, hint?: CertificateHint): Identified {
    return this.#identifier.identify(peer, hint);
  }

  /** Whether `onRevoked` of this credential is ours. */
  isName(credential: string): boolean {
    return credential.startsWith(NAME);
  }

  /** Calls back once, when the certificate is no longer good. */
  onRevoked(credential: string, callback: () => void): () => void {
    const fingerprint = credential.slice(credential.lastIndexOf('.') + 1);
    const proven = this.#live.get(credential)?.proven ?? this.#proven.get(fingerprint);
    if (proven === undefined || proven.name !== credential) {
      queueMicrotask(callback);
      return () => undefined;
    }
    const live = this.#live.get(credential) ?? { proven, callbacks: new Set() };
    this.#live.set(credential, live);
    live.callbacks.add(callback);
    return () => {
      live.callbacks.delete(callback);
      if (live.callbacks.size === 0) this.#forgetLive(live);
    };
  }

  endExpired(): void {
    const now = this.#parts.clock.now();
    for (const live of this.#live.values()) if (now >= live.proven.notAfterMs) this.#end(live);
  }

  #prove(peer: PeerCertificate, hint: CertificateHint): AuthResult {
    const identified = this.#identifier.identify(peer, hint);
    if (!identified.ok) return bad(identified.fault);
    const { tenant, device: named, isNamed, notAfterMs, pinnedBy } = identified.identity;
    if (named === undefined) return bad('no-identity');
    const device = this.#parts.registry.device(tenant, named);
    if (device === undefined || device.id !== named || device.entry.deletedMs !== undefined) return bad('unknown-device');
    const { group, state } = device.entry;
    if (state === 'disabled' || state === 'decommissioned') return { ok: false, why: state };
    const name = `${NAME}${tenant}.${named}.${peer.fingerprint}`;
    const grants = this.#parts.grants.device(tenant, named);
    const listed = pinnedBy === undefined ? {} : { listedAs: credentialName({ kind: 'device', tenant, device: named, id: pinnedBy }) };
    const principal: Principal = { kind: 'device', tenant, device: named, credential: name, ...listed, group, grants };
    const result: AuthResult = { ok: true, principal };
    this.#remember({ peer, isNamed, hint: isNamed ? undefined : hint, tenant, device: named, name, notAfterMs, result, isFresh: true });
    return result;
  }

  #remember(proven: Proven): void {
    const { fingerprint } = proven.peer;
    this.#forget(this.#proven.get(fingerprint));
    this.#proven.set(fingerprint, proven);
    const key = keyOf(proven.tenant, proven.device);
    this.#byDevice.set(key, (this.#byDevice.get(key) ?? new Set()).add(proven));
    const [oldest] = this.#proven.size > PROVEN_MAX ? this.#proven.values() : [];
    this.#forget(oldest);
  }

  #forget(proven: Proven | undefined): void {
    if (proven === undefined) return;
    if (this.#proven.get(proven.peer.fingerprint) === proven) this.#proven.delete(proven.peer.fingerprint);
    if (this.#live.get(proven.name)?.proven !== proven) this.#unindex(proven);
  }

  #forgetLive(live: Live): void {
    const { proven } = live;
    if (this.#live.get(proven.name) === live) this.#live.delete(proven.name);
    if (this.#proven.get(proven.peer.fingerprint) !== proven) this.#unindex(proven);
  }

  #unindex(proven: Proven): void {
    const key = keyOf(proven.tenant, proven.device);
    const all = this.#byDevice.get(key);
    all?.delete(proven);
    if (all?.size === 0) this.#byDevice.delete(key);
  }

  #rememberRefusal(key: string, refused: { readonly result: Refused; readonly untilMs: number }): void {
    this.#refused.delete(key);
    this.#refused.set(key, refused);
    const [oldest] = this.#refused.size > REFUSED_MAX ? this.#refused.keys() : [];
    if (oldest !== undefined) this.#refused.delete(oldest);
  }

  #onTenant(tenant: string): void {
    this.#refused.clear();
    const all = [...this.#byDevice.values()].flatMap((some) => [...some]);
    // A certificate that another tenant pinned may be under a CA of this one now, and then is this one's; or no longer.
    this.#ask(all.filter((proven) => proven.tenant === tenant || !proven.isNamed));
  }

  #onDevice(key: string, isPinned: boolean): void {
    if (isPinned) this.#refused.clear();
    const concerned = this.#byDevice.get(key);
    if (concerned !== undefined) this.#ask([...concerned]);
  }

  /** What was found out is asked again when it is wanted; sessions that are open are asked about now. */
  #ask(concerned: readonly Proven[]): void {
    for (const proven of concerned) proven.isFresh = false;
    const open = concerned.flatMap(({ name }) => this.#live.get(name) ?? []);
    if (open.length > 0) setImmediate(() => this.#recheck(open, 0));
  }

  #recheck(open: readonly Live[], from: number): void {
    const to = Math.min(open.length, from + RECHECK_CHUNK);
    for (const live of open.slice(from, to)) {
      const { peer, hint = {}, name } = live.proven;
      const now = this.#answer(peer, hint);
      if (!now.ok || now.principal.credential !== name) this.#end(live);
    }
    if (to < open.length) setImmediate(() => this.#recheck(open, to));
  }

  #end(live: Live): void {
    live.proven.isFresh = false;
    this.#forgetLive(live);
    const callbacks = [...live.callbacks];
    live.callbacks.clear();
    for (const callback of callbacks) callback();
  }
}

function bad(fault: CertificateFault): Refused {
  return { ok: false, why: 'bad-certificate', fault };
}

function fits(hint: CertificateHint, asked: CertificateHint | undefined): boolean {
  return asked === undefined || (hint.tenant === asked.tenant && hint.device === asked.device);
}

function keyOf(tenant: string, device: string): string {
  return `${tenant}/${device}`;
}

/** What only a CA, a pin or time can change; the registration of a device changes the others. */
function isLasting(fault: CertificateFault): boolean {
  return fault !== 'unknown-device' && fault !== 'no-identity' && fault !== 'ambiguous-identity' && fault !== 'not-yet-valid';
}
