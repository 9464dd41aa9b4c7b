/**
 * What the registry says about certificates, indexed for handshakes: the CAs that each tenant named, and the certificates
 * and keys that are pinned to devices. Follows the registry; bound by what the registry holds of them.
 */
import { X509Certificate } from 'node:crypto';
import type { CaEntry, CredentialEntry, DeviceEntry, RegistryFact, TenantEntry } from '../registry/entries.ts';
import { readCertificates } from '../tls/certificate.ts';
import type { Anchor } from '../tls/chain.ts';
import { readCrl, type RevocationList } from '../tls/crl.ts';

/** A certificate or key that is a device's credential; also when it is no longer good, so that it can be said why. */
export interface Pin {
  readonly tenant: string;
  readonly device: string;
  readonly credential: CredentialEntry;
  /** Sequence of the registry's entry that named it first: of two tenants that pinned the same, the older is right. */
  readonly since: number;
}

export interface DirectoryListener {
  /** The tenant's CAs or their lists changed: what certificates are good, and whose they are. */
  tenantChanged(tenant: string): void;
  /** `isPinned`: certificates are, or were, pinned to it. */
  deviceChanged(tenant: string, device: string, isPinned: boolean): void;
}

interface TenantCas {
  readonly seq: number;
  readonly entries: readonly CaEntry[];
  readonly anchors: readonly Anchor[];
}

interface DevicePins {
  readonly seq: number;
  readonly pins: readonly Pin[];
}

const NONE: readonly Anchor[] = [];

export class CertificateDirectory {
  readonly #tenants = new Map<string, TenantCas>();
  /** Tenants by the subject of a CA that they named. */
  readonly #bySubject = new Map<string, Set<string>>();
  readonly #devices = new Map<string, DevicePins>();
  readonly #byPin = new Map<string, readonly Pin[]>();
  readonly #listeners: DirectoryListener[] = [];

  listen(listener: DirectoryListener): void {
    this.#listeners.push(listener);
  }

  /** The CAs of a tenant that can be used. */
  anchors(tenant: string): readonly Anchor[] {
    return this.#tenants.get(tenant)?.anchors ?? NONE;
  }

  /** Tenants that named a CA of this subject. */
  tenantsOf(subject: string): Iterable<string> {
    return this.#bySubject.get(subject) ?? [];
  }

  /** Whom a certificate is pinned to, by its fingerprint or its key. */
  pins(fingerprint: string, spki: string): readonly Pin[] {
    const byCertificate = this.#byPin.get(fingerprint);
    const byKey = this.#byPin.get(spki);
    if (byCertificate === undefined) return byKey ?? [];
    return byKey === undefined ? byCertificate : [...byCertificate, ...byKey];
  }

  /** Whether a live credential of another device, of whatever tenant, pins the same. It may come true a moment after it was asked. */
  isPinnedElsewhere(
    { device, tenant }: Pick<Pin, 'tenant' | 'device'>,
    { fingerprint, spki }: Pick<CredentialEntry, 'fingerprint' | 'spki'>,
    nowMs: number,
  ): boolean {
    const pins = [fingerprint, spki].flatMap((name) => (name === undefined ? [] : (this.#byPin.get(name) ?? [])));
    return pins.some((pin) => (pin.tenant !== tenant || pin.device !== device) && isLive(pin, nowMs));
  }

  /** Takes a fact of the registry in, in any order: an older one than is known changes nothing. */
  apply(fact: RegistryFact, seq: number): void {
    if (fact.kind === 'tenant') this.#applyTenant(fact, seq);
    else if (fact.kind === 'device') this.#applyDevice(fact, seq);
  }

  #applyTenant(fact: TenantEntry, seq: number): void {
    const known = this.#tenants.get(fact.tenant);
    const entries = fact.cas ?? [];
    if ((known?.seq ?? 0) >= seq || (known === undefined && entries.length === 0)) return;
    const anchors = entries.flatMap((entry) => anchorOf(entry, known) ?? []);
    this.#tenants.set(fact.tenant, { seq, entries, anchors });
    // Policies and limits of a tenant say nothing about certificates.
    if (anchors.length === known?.anchors.length && anchors.every((anchor) => known.anchors.includes(anchor))) return;
    for (const { facts } of known?.anchors ?? []) this.#bySubject.get(facts.x509.subject)?.delete(fact.tenant);
    for (const { facts } of anchors) {
      const { subject } = facts.x509;
      this.#bySubject.set(subject, (this.#bySubject.get(subject) ?? new Set()).add(fact.tenant));
    }
    for (const listener of this.#listeners) listener.tenantChanged(fact.tenant);
  }

  #applyDevice(fact: DeviceEntry, seq: number): void {
    const key = `${fact.tenant}/${fact.id}`;
    const known = this.#devices.get(key);
    if ((known?.seq ?? 0) >= seq) return;
    const pins = pinsOf(fact, { seq, known: known?.pins ?? [] });
    for (const pin of known?.pins ?? []) this.#unpin(pin);
    for (const pin of pins) this.#byPin.set(nameOf(pin), [...(this.#byPin.get(nameOf(pin)) ?? []), pin]);
    const isPinned = pins.length > 0 || known !== undefined;
    // Most devices have none: they cost nothing here.
    if (pins.length > 0) this.#devices.set(key, { seq, pins });
    else this.#devices.delete(key);
    for (const listener of this.#listeners) listener.deviceChanged(fact.tenant, fact.id, isPinned);
  }

  #unpin(pin: Pin): void {
    const rest = (this.#byPin.get(nameOf(pin)) ?? []).filter((one) => one !== pin);
    if (rest.length === 0) this.#byPin.delete(nameOf(pin));
    else this.#byPin.set(nameOf(pin), rest);
  }
}

/** Whether it is good now, or will be. */
export function isLive({ credential }: Pin, nowMs: number): boolean {
  return credential.revokedMs === undefined && nowMs < (credential.notAfterMs ?? Number.POSITIVE_INFINITY);
}

function pinsOf(fact: DeviceEntry, before: { readonly seq: number; readonly known: readonly Pin[] }): readonly Pin[] {
  if (fact.deletedMs !== undefined) return [];
  const pinned = fact.credentials.filter(({ type, fingerprint, spki }) => type === 'x509' && (fingerprint ?? spki) !== undefined);
  return pinned.map((credential) => ({
    tenant: fact.tenant,
    device: fact.id,
    credential,
    since: before.known.find((pin) => pin.credential.id === credential.id)?.since ?? before.seq,
  }));
}

function nameOf({ credential }: Pin): string {
  return credential.fingerprint ?? credential.spki ?? '';
}

/** What did not change is not read again: a list may have thousands of entries. */
function anchorOf(entry: CaEntry, known: TenantCas | undefined): Anchor | undefined {
  const before = known?.entries.find(({ id, pem, crl }) => id === entry.id && pem === entry.pem && crl === entry.crl);
  const kept = before === undefined ? undefined : known?.anchors.find(({ id }) => id === entry.id);
  if (kept !== undefined) return kept;
  const facts = readCertificates(entry.pem)?.[0];
  if (facts === undefined) return undefined;
  return { id: entry.id, facts, revoked: revocationsOf(entry)?.revoked ?? new Set() };
}

/** The list that was registered with a CA; it was checked when it was taken in, and is checked again. */
export function revocationsOf(entry: CaEntry): RevocationList | undefined {
  const facts = entry.crl === undefined ? undefined : readCertificates(entry.pem)?.[0];
  if (entry.crl === undefined || facts === undefined) return undefined;
  const read = readCrl(entry.crl, facts);
  return read.ok ? read.list : undefined;
}

/** The subject of a CA as people read it. */
export function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject.replaceAll('\n', ', ');
}
