/**
 * The CAs of a tenant: those that it named, whose certificates let its devices in, and the one that signs for it here. A CA
 * that signs here lets nobody in by its signature alone: what it signed is registered with the device, so that revoking
 * that is enough. Its key is sealed before it enters the registry.
 */
import { createPrivateKey } from 'node:crypto';
import type { Clock } from '../../engine/kernel/clock.ts';
import { mintCredentialId, type RandomBytes } from './credentials.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import type { RegistryRefusal } from '../registry/deciders.ts';
import type { CaEntry, TenantEntry } from '../registry/entries.ts';
import type { SecretKey } from './secret-key.ts';
import { type CertificateFacts, readCertificates } from '../tls/certificate.ts';
import { verifyChain } from '../tls/chain.ts';
import { type CrlFault, readCrl } from '../tls/crl.ts';
import { type CsrFault, readCsr } from '../tls/csr.ts';
import { generateKeys, issueCertificate, keyPem, PURPOSE } from '../tls/issue.ts';
import { revocationsOf } from './x509-directory.ts';

/** Of a tenant; with their lists they lie in one registry entry. */
export const CAS_MAX = 16;
/** What all of a tenant's CAs and lists may have together: an entry is one message of the log. */
const CAS_BYTES_MAX = 768 * 1024;
const YEAR_MS = 365 * 86_400_000;
const SIGNING_CA_MS = 20 * YEAR_MS;
/** What a device gets where nobody says how long. */
export const DEVICE_CERTIFICATE_MS = YEAR_MS;
export const DEVICE_CERTIFICATE_MS_MAX = 10 * YEAR_MS;

export type CaFault =
  | 'malformed'
  | 'several'
  | 'not-a-ca'
  | 'expired'
  | 'weak-key'
  | 'unknown-critical-extension'
  | 'too-many'
  | 'not-found'
  | 'already-there'
  | 'unproven'
  | `proof-${'malformed' | 'wrong-name' | 'wrong-signature' | 'out-of-time' | 'unusable'}`
  | `crl-${CrlFault}`
  | 'crl-older'
  | `csr-${CsrFault}`
  | 'no-signing-ca'
  | 'sealed-elsewhere';

export type CaResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: CaFault }
  | { readonly ok: false; readonly why: RegistryRefusal };

/** What the registry keeps of the CA that signs here. */
export interface SigningCa {
  readonly id: string;
  readonly pem: string;
  readonly sealedKey: string;
  readonly notAfterMs: number;
}

export interface IssuedCertificate {
  readonly certificate: string;
  /** The CA that signed it. */
  readonly chain: string;
  readonly fingerprint: string;
  readonly notAfterMs: number;
}

export interface TenantCasParts {
  readonly registry: RegistryCache;
  readonly secretKey: SecretKey;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: RandomBytes;
}

/** What a tenant names. */
export interface CaDraft {
  readonly pem: string;
  /** A certificate that the CA signed for `proofName(tenant)`, PEM. */
  readonly proof?: string | undefined;
  /** Who runs the deployment says that it is the tenant's: it needs no proof. */
  readonly isVouchedFor?: boolean;
  /** Devices that register by certificates under it are put there. */
  readonly group?: string | undefined;
}

/** The common name of the certificate by which a tenant shows that it has a CA's key. It is good for that tenant alone. */
export function proofName(tenant: string): string {
  return `twinfold:${tenant}`;
}

export class TenantCas {
  readonly #parts: TenantCasParts;

  constructor(parts: TenantCasParts) {
    this.#parts = parts;
  }

  list(tenant: string): readonly CaEntry[] {
    return this.#parts.registry.tenant(tenant)?.cas ?? [];
  }

  find(tenant: string, id: string): CaEntry | undefined {
    return this.list(tenant).find((ca) => ca.id === id);
  }

  /**
   * A CA whose devices are let in from now on; an intermediate will do, then its root isn't needed. A CA's certificate is
   * public: that it is the tenant's own is proven by `proof`, or vouched for by the administrator.
   */
  async add(commands: RegistryCommands, tenant: string, { group, isVouchedFor = false, pem, proof }: CaDraft): Promise<CaResult<CaEntry>> {
    const { clock, randomBytes, registry } = this.#parts;
    const facts = readCertificates(pem);
    const [ca] = facts ?? [];
    if (facts === undefined || ca === undefined) return fault('malformed');
    if (facts.length > 1) return fault('several');
    const wrong = caFault(ca, clock.now());
    if (wrong !== undefined) return fault(wrong);
    if (proof !== undefined || !isVouchedFor) {
      const unproven = proof === undefined ? 'unproven' : proofFault(proof, { ca, tenant, nowMs: clock.now() });
      if (unproven !== undefined) return fault(unproven);
    }
    if (group !== undefined && registry.group(tenant, group) === undefined) return { ok: false, why: 'unknown-group' };
    const known = this.list(tenant);
    if (known.some(({ fingerprint }) => fingerprint === ca.fingerprint)) return fault('already-there');
    const { fingerprint, notAfterMs } = ca;
    const entry: CaEntry = { id: mintCredentialId(randomBytes), pem, fingerprint, notAfterMs, ...(group === undefined ? {} : { group }) };
    if (known.length >= CAS_MAX || bytesOf([...known, entry]) > CAS_BYTES_MAX) return fault('too-many');
    const change = (tenantEntry: TenantEntry): TenantEntry => {
      const cas = tenantEntry.cas ?? [];
      return cas.length >= CAS_MAX ? tenantEntry : { ...tenantEntry, cas: [...cas, entry] };
    };
    return done(await commands.updateTenant(tenant, change, 'ca-added'), entry);
  }

  /** Its devices are let in no more, and their sessions end. */
  async remove(commands: RegistryCommands, tenant: string, id: string): Promise<CaResult<undefined>> {
    if (this.find(tenant, id) === undefined) return fault('not-found');
    const change = (entry: TenantEntry): TenantEntry => ({ ...entry, cas: (entry.cas ?? []).filter((ca) => ca.id !== id) });
    return done(await commands.updateTenant(tenant, change, 'ca-removed'), undefined);
  }

  /** The CA's revocation list; one that is older than what is known is refused. Null takes it away. */
  async setCrl(
    commands: RegistryCommands,
    tenant: string,
    of: { readonly id: string; readonly crl: string | null },
  ): Promise<CaResult<CaEntry>> {
    const known = this.find(tenant, of.id);
    const facts = known === undefined ? undefined : readCertificates(known.pem)?.[0];
    if (known === undefined || facts === undefined) return fault('not-found');
    const { crl: _before, ...bare } = known;
    const entry: CaEntry = of.crl === null ? bare : { ...bare, crl: of.crl };
    if (of.crl !== null) {
      const read = readCrl(of.crl, facts);
      if (!read.ok) return fault(`crl-${read.why}`);
      if (read.list.thisUpdateMs < (revocationsOf(known)?.thisUpdateMs ?? 0)) return fault('crl-older');
    }
    const all = this.list(tenant).map((ca) => (ca.id === of.id ? entry : ca));
    if (bytesOf(all) > CAS_BYTES_MAX) return fault('too-many');
    const change = (tenantEntry: TenantEntry): TenantEntry => ({
      ...tenantEntry,
      cas: (tenantEntry.cas ?? []).map((ca) => (ca.id === of.id ? entry : ca)),
    });
    return done(await commands.updateTenant(tenant, change, 'updated'), entry);
  }

  signingCa(tenant: string): SigningCa | undefined {
    return signingCaOf(this.#parts.registry.tenant(tenant));
  }

  /** A CA of the tenant's own that signs here; one that is there stays. */
  async makeSigningCa(commands: RegistryCommands, tenant: string): Promise<CaResult<SigningCa>> {
    const { clock, randomBytes, secretKey } = this.#parts;
    if (this.signingCa(tenant) !== undefined) return fault('already-there');
    const { privateKey, publicKey } = generateKeys();
    const nowMs = clock.now();
    const draft = { commonName: `Twinfold CA of ${tenant}`, publicKey, nowMs, validMs: SIGNING_CA_MS, ca: { pathLength: 0 } };
    const pem = issueCertificate(draft, privateKey, randomBytes);
    const id = mintCredentialId(randomBytes);
    const sealedKey = secretKey.seal(Buffer.from(keyPem(privateKey)), contextOf(tenant, id));
    const made: SigningCa = { id, pem, sealedKey, notAfterMs: nowMs + SIGNING_CA_MS };
    const change = (entry: TenantEntry): TenantEntry => (signingCaOf(entry) === undefined ? { ...entry, signingCa: { ...made } } : entry);
    const decided = await commands.updateTenant(tenant, change, 'signing-ca-made');
    if (decided.ok && signingCaOf(decided.value)?.id !== id) return fault('already-there');
    return done(decided, made);
  }

  /** It signs no more; what it signed stays good until it is revoked or goes out of time. */
  async removeSigningCa(commands: RegistryCommands, tenant: string): Promise<CaResult<undefined>> {
    if (this.signingCa(tenant) === undefined) return fault('not-found');
    const change = ({ signingCa: _gone, ...entry }: TenantEntry): TenantEntry => entry;
    return done(await commands.updateTenant(tenant, change, 'ca-removed'), undefined);
  }

  /**
   * A certificate for the key of the request, naming the device. It lets the device in once its fingerprint is registered
   * with the device, which is for the caller to do.
   */
  sign(of: {
    readonly tenant: string;
    readonly device: string;
    readonly csr: string;
    readonly validMs?: number;
  }): CaResult<IssuedCertificate> {
    const { clock, randomBytes, secretKey } = this.#parts;
    const request = readCsr(of.csr);
    if (!request.ok) return fault(`csr-${request.why}`);
    const ca = this.signingCa(of.tenant);
    if (ca === undefined) return fault('no-signing-ca');
    const opened = secretKey.open(ca.sealedKey, contextOf(of.tenant, ca.id));
    if (!opened.ok) return fault('sealed-elsewhere');
    const nowMs = clock.now();
    const validMs = Math.min(of.validMs ?? DEVICE_CERTIFICATE_MS, DEVICE_CERTIFICATE_MS_MAX, ca.notAfterMs - nowMs);
    const certificate = issueCertificate(
      {
        commonName: of.device,
        publicKey: request.publicKey,
        nowMs,
        validMs,
        purposes: [PURPOSE.client],
        uris: [`urn:twinfold:${of.tenant}:${of.device}`],
      },
      { certificatePem: ca.pem, key: createPrivateKey(Buffer.from(opened.secret.bytes())) },
      randomBytes,
    );
    const facts = readCertificates(certificate)?.[0];
    if (facts === undefined) return fault('csr-malformed');
    return { ok: true, value: { certificate, chain: ca.pem, fingerprint: facts.fingerprint, notAfterMs: facts.notAfterMs } };
  }
}

export function signingCaOf(tenant: TenantEntry | undefined): SigningCa | undefined {
  const { id, notAfterMs, pem, sealedKey } = tenant?.signingCa ?? {};
  if (typeof id !== 'string' || typeof pem !== 'string' || typeof sealedKey !== 'string' || typeof notAfterMs !== 'number')
    return undefined;
  return { id, pem, sealedKey, notAfterMs };
}

function caFault(ca: CertificateFacts, nowMs: number): CaFault | undefined {
  if (!ca.isCa || !ca.maySign) return 'not-a-ca';
  if (nowMs > ca.notAfterMs) return 'expired';
  if (ca.hasUnknownCritical) return 'unknown-critical-extension';
  return ca.isWeak ? 'weak-key' : undefined;
}

function proofFault(
  pem: string,
  { ca, nowMs, tenant }: { readonly ca: CertificateFacts; readonly tenant: string; readonly nowMs: number },
): CaFault | undefined {
  const [proof, another] = readCertificates(pem) ?? [];
  if (proof === undefined || another !== undefined) return 'proof-malformed';
  // Each part of the name is a line; what is not one part of its own is none.
  const names = proof.x509.subject.split('\n').filter((line) => line.startsWith('CN='));
  if (names.join('\n') !== `CN=${proofName(tenant)}`) return 'proof-wrong-name';
  const verdict = verifyChain({ leaf: proof, intermediates: [], anchors: [{ id: '', facts: ca, revoked: new Set() }], nowMs });
  if (verdict.ok) return undefined;
  switch (verdict.fault) {
    case 'chain-incomplete':
      return 'proof-wrong-signature';
    case 'expired':
    case 'not-yet-valid':
    case 'issuer-expired':
      return 'proof-out-of-time';
    default:
      return 'proof-unusable';
  }
}

function bytesOf(cas: readonly CaEntry[]): number {
  return cas.reduce((sum, { crl = '', pem }) => sum + pem.length + crl.length, 0);
}

function contextOf(tenant: string, id: string): string {
  return `signing-ca/${tenant}/${id}`;
}

function fault(what: CaFault): { readonly ok: false; readonly fault: CaFault } {
  return { ok: false, fault: what };
}

function done<T>(decided: { readonly ok: true } | { readonly ok: false; readonly why: RegistryRefusal }, value: T): CaResult<T> {
  return decided.ok ? { ok: true, value } : decided;
}
