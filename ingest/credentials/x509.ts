/**
 * Who a client certificate is. The handshake proved that the client holds its key; here is decided whose key that is: by
 * the device that the certificate names under its tenant's own CAs, or by a device that it is pinned to. A CA speaks for
 * the tenant that named it and for no other, and names in a subject are nobody's identity.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { isId } from '../../engine/kernel/ids.ts';
import type { CertificateFault } from './certificate-faults.ts';
import type { CertificateHint, PeerCertificate } from '../message.ts';
import type { DeviceEntry } from '../registry/entries.ts';
import { type CertificateFacts, readCertificate } from '../tls/certificate.ts';
import { type ChainVerdict, leafFault, verifyChain } from '../tls/chain.ts';
import type { KnownIntermediates } from '../tls/known-intermediates.ts';
import { type CertificateDirectory, isLive, type Pin } from './x509-directory.ts';

const URN = 'urn:twinfold:';

/** The registry, as far as it is needed here. */
export interface DeviceLookup {
  /** By its id, or by one of its external ids. */
  device(tenant: string, name: string): { readonly id: string; readonly entry: DeviceEntry } | undefined;
}

/** Who a certificate speaks for; whether that device exists, and may, is another question. */
export interface CertificateIdentity {
  readonly tenant: string;
  /** Undefined: the chain is good and names no device, so only the tenant is proven. */
  readonly device: string | undefined;
  /** A CA of the tenant signed it, or it is pinned to the device. */
  readonly by: 'ca' | 'pin';
  /** The device's credential that it is pinned by. */
  readonly pinnedBy: string | undefined;
  /** The tenant's CA that the chain leads to; undefined: the pin alone lets it in. */
  readonly ca: string | undefined;
  /** The identity is no longer good after this, whatever the registry says. */
  readonly notAfterMs: number;
  readonly leaf: CertificateFacts;
  /** The certificate says it all by itself: no hint would have changed the answer. */
  readonly isNamed: boolean;
}

export type Identified =
  | { readonly ok: true; readonly identity: CertificateIdentity }
  | { readonly ok: false; readonly fault: CertificateFault };

export interface IdentifierParts {
  readonly directory: CertificateDirectory;
  readonly registry: DeviceLookup;
  readonly clock: Pick<Clock, 'now'>;
  /** For sessions that were resumed; absent: they bring all that is needed, or are refused. */
  readonly intermediates?: KnownIntermediates;
}

/** Where a certificate leads. */
interface Chains {
  /** What the chain says, for each tenant whose CA signed; also where that CA, or its list, then refuses it. */
  readonly leading: ReadonlyMap<string, ChainVerdict>;
  /** Why it leads to no other. */
  readonly fault: CertificateFault;
}

type Named = { readonly tenant: string; readonly device: string };

export class CertificateIdentifier {
  readonly #parts: IdentifierParts;

  constructor(parts: IdentifierParts) {
    this.#parts = parts;
  }

  /** Never throws. Costs a signature or two: whoever asks often keeps the answer. */
  identify(peer: PeerCertificate, hint: CertificateHint = {}): Identified {
    const leaf = readCertificate(peer.leaf, peer.x509 === undefined ? undefined : { x509: peer.x509, fingerprint: peer.fingerprint });
    if (leaf === undefined) return no('malformed');
    const fault = leafFault(leaf, this.#parts.clock.now());
    if (fault !== undefined) return no(fault);
    const named = namedBy(leaf);
    if (named === 'bad') return no('bad-identity');
    if (named === 'several') return no('ambiguous-identity');
    return named === undefined ? this.#byPinOrChain(leaf, peer, hint) : this.#byName(leaf, peer, named);
  }

  #byName(leaf: CertificateFacts, peer: PeerCertificate, named: Named): Identified {
    const { tenant, device } = named;
    // What another tenant pinned says nothing about this one's devices.
    const pins = this.#parts.directory.pins(leaf.fingerprint, leaf.spki).filter((pin) => pin.tenant === tenant);
    const own = pins.filter((pin) => pin.device === device);
    const verdict = this.#chain(leaf, peer, tenant);
    if (own.length > 0) return this.#pinned(leaf, own, { isNamed: true, verdict });
    if (pins.some((pin) => this.#isGood(pin))) return no('other-device');
    if (verdict.ok) {
      const { anchor, notAfterMs } = verdict;
      return yes({ tenant, device, by: 'ca', pinnedBy: undefined, ca: anchor.id, notAfterMs, leaf, isNamed: true });
    }
    const isAnothers =
      verdict.fault === 'chain-incomplete' && this.#tenantsAbove(leaf, peer).some((other) => this.#chain(leaf, peer, other).ok);
    return no(isAnothers ? 'other-tenant' : verdict.fault);
  }

  #byPinOrChain(leaf: CertificateFacts, peer: PeerCertificate, hint: CertificateHint): Identified {
    const fits = ({ tenant, device }: Named): boolean =>
      (hint.tenant === undefined || hint.tenant === tenant) && (hint.device === undefined || hint.device === device);
    const chains = this.#chainsOf(leaf, peer);
    const all = this.#rightful(leaf, chains.leading);
    const pins = isSeveral(all) ? all.filter(fits) : all;
    if (isSeveral(pins)) return no('ambiguous-identity');
    const [pin] = pins;
    if (pin !== undefined) return this.#pinned(leaf, pins, { isNamed: false, verdict: chains.leading.get(pin.tenant) });
    if (all.length > 0) return no('ambiguous-identity');
    return this.#byChain(leaf, chains, hint);
  }

  /**
   * The pins that count. What a tenant's CA signed is that tenant's, whoever else says so. Of tenants that pinned the same,
   * one counts: whose pin is the oldest of those that live, in the order of the registry, which is the same at every edge.
   */
  #rightful(leaf: CertificateFacts, chains: ReadonlyMap<string, ChainVerdict>): readonly Pin[] {
    const pins = this.#parts.directory.pins(leaf.fingerprint, leaf.spki).filter(({ tenant }) => chains.size === 0 || chains.has(tenant));
    const now = this.#parts.clock.now();
    const living = pins.filter((pin) => isLive(pin, now));
    const [first] = (living.length > 0 ? living : pins).toSorted((a, b) => a.since - b.since);
    return pins.filter(({ tenant }) => tenant === first?.tenant);
  }

  /** The certificate names no device of ours: a name of it may be the external id of one, in the tenant of its CA. */
  #byChain(leaf: CertificateFacts, chains: Chains, hint: CertificateHint): Identified {
    let { fault } = chains;
    const found: CertificateIdentity[] = [];
    for (const [tenant, verdict] of chains.leading) {
      if (hint.tenant !== undefined && hint.tenant !== tenant) continue;
      if (!verdict.ok) {
        fault = verdict.fault;
        continue;
      }
      const devices = new Set([...leaf.uris, ...leaf.dnsNames].flatMap((name) => this.#parts.registry.device(tenant, name)?.id ?? []));
      if (devices.size > 1) return no('ambiguous-identity');
      const [device] = devices;
      const { anchor, notAfterMs } = verdict;
      found.push({ tenant, device, by: 'ca', pinnedBy: undefined, ca: anchor.id, notAfterMs, leaf, isNamed: false });
    }
    const withDevice = found.filter(({ device }) => device !== undefined);
    const [identity, other] = withDevice.length > 0 ? withDevice : found;
    if (identity === undefined) return no(fault);
    return other === undefined ? yes(identity) : no('ambiguous-identity');
  }

  /** Good where one of the pins is, unless the tenant's own CA took the certificate back; all are of one device. */
  #pinned(
    leaf: CertificateFacts,
    pins: readonly Pin[],
    { isNamed, verdict }: { readonly isNamed: boolean; readonly verdict: ChainVerdict | undefined },
  ): Identified {
    if (verdict?.ok === false && verdict.fault === 'revoked') return no('revoked');
    const good = pins.find((pin) => this.#isGood(pin));
    const first = pins[0];
    if (good !== undefined) {
      const notAfterMs = Math.min(leaf.notAfterMs, good.credential.notAfterMs ?? Number.POSITIVE_INFINITY);
      const { credential, device, tenant } = good;
      const ca = verdict?.ok === true ? verdict.anchor.id : undefined;
      return yes({ tenant, device, by: 'pin', pinnedBy: credential.id, ca, notAfterMs, leaf, isNamed });
    }
    if (first?.credential.revokedMs !== undefined) return no('revoked');
    return no((first?.credential.notBeforeMs ?? 0) > this.#parts.clock.now() ? 'not-yet-valid' : 'expired');
  }

  #isGood({ credential }: Pin): boolean {
    const now = this.#parts.clock.now();
    if (credential.revokedMs !== undefined || now < (credential.notBeforeMs ?? 0)) return false;
    return now < (credential.notAfterMs ?? Number.POSITIVE_INFINITY);
  }

  /** Of several tenants those count whose CA is nearest: a CA may cross-sign one that isn't its own, but can't stand below it. */
  #chainsOf(leaf: CertificateFacts, peer: PeerCertificate): Chains {
    let fault: CertificateFault = 'chain-incomplete';
    let nearest = Number.POSITIVE_INFINITY;
    const leading = new Map<string, ChainVerdict>();
    for (const tenant of this.#tenantsAbove(leaf, peer)) {
      const verdict = this.#chain(leaf, peer, tenant);
      const depth = verdict.ok ? verdict.path.length : verdict.depth;
      if (depth === undefined && !verdict.ok) fault = verdict.fault;
      if (depth === undefined || depth > nearest) continue;
      if (depth < nearest) leading.clear();
      nearest = depth;
      leading.set(tenant, verdict);
    }
    return { leading, fault };
  }

  #chain(leaf: CertificateFacts, peer: PeerCertificate, tenant: string): ChainVerdict {
    const { clock, directory } = this.#parts;
    const anchors = directory.anchors(tenant);
    const verdict = verifyChain({ leaf, intermediates: this.#sentWith(leaf, peer), anchors, nowMs: clock.now() });
    if (verdict.ok && verdict.path.length > 1) this.#parts.intermediates?.learn(verdict.path);
    return verdict;
  }

  #sentWith(leaf: CertificateFacts, peer: PeerCertificate): readonly CertificateFacts[] {
    if (peer.intermediates.length === 0) return this.#parts.intermediates?.above(leaf) ?? [];
    return peer.intermediates.flatMap((der) => readCertificate(der) ?? []);
  }

  /** Tenants that named a CA that the chain says to lead to. */
  #tenantsAbove(leaf: CertificateFacts, peer: PeerCertificate): readonly string[] {
    const issuers = [leaf, ...this.#sentWith(leaf, peer)].map(({ x509 }) => x509.issuer);
    return [...new Set(issuers.flatMap((issuer) => [...this.#parts.directory.tenantsOf(issuer)]))];
  }
}

/** The device in the names that are ours. */
function namedBy(leaf: CertificateFacts): Named | 'bad' | 'several' | undefined {
  const [urn, another] = leaf.uris.filter((uri) => uri.toLowerCase().startsWith(URN));
  if (urn === undefined) return undefined;
  if (another !== undefined && another !== urn) return 'several';
  const [tenant = '', device = '', ...rest] = urn.slice(URN.length).split(':');
  return rest.length === 0 && isId(tenant) && isId(device) ? { tenant, device } : 'bad';
}

function isSeveral(pins: readonly Pin[]): boolean {
  return pins.some(({ tenant, device }) => tenant !== pins[0]?.tenant || device !== pins[0].device);
}

function yes(identity: CertificateIdentity): Identified {
  return { ok: true, identity };
}

function no(fault: CertificateFault): Identified {
  return { ok: false, fault };
}
