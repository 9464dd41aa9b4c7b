/**
 * Whether a certificate leads to one of a tenant's CAs (RFC 5280 §6, without policies and name constraints: a CA that has
 * them is not taken). Pure: facts in, verdict out. What the peer sent beside its own certificate is only a help on the way
 * to a CA that the tenant named; it is never trusted for having been sent.
 */
import type { CertificateFacts } from './certificate.ts';

/** A CA that the tenant named. */
export interface Anchor {
  readonly id: string;
  readonly facts: CertificateFacts;
  /** Serials that its revocation list names. */
  readonly revoked: ReadonlySet<string>;
}

/** Why a certificate is not good, by a closed list: each is counted, and told to whoever showed it. */
export type ChainFault =
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-usage'
  | 'is-a-ca'
  | 'weak-key'
  | 'unknown-critical-extension'
  | 'chain-incomplete'
  | 'chain-too-long'
  | 'issuer-expired'
  | 'issuer-may-not-sign'
  | 'revoked';

export type ChainVerdict =
  | { readonly ok: true; readonly anchor: Anchor; readonly notAfterMs: number; readonly path: readonly CertificateFacts[] }
  | {
      readonly ok: false;
      readonly fault: ChainFault;
      /** It does lead to a CA of the tenant, over so many certificates, its own among them. */
      readonly depth?: number;
    };

export interface ChainQuestion {
  readonly leaf: CertificateFacts;
  readonly intermediates: readonly CertificateFacts[];
  readonly anchors: readonly Anchor[];
  readonly nowMs: number;
}

/** Certificates between the device's and the tenant's CA. */
export const INTERMEDIATES_MAX = 4;
/** Signatures looked at for one handshake: many intermediates of one name must not make many paths. */
const SIGNATURES_MAX = 16;

/** What holds of the client's own certificate, whoever signed it. */
export function leafFault(leaf: CertificateFacts, nowMs: number): ChainFault | undefined {
  if (nowMs < leaf.notBeforeMs) return 'not-yet-valid';
  if (nowMs > leaf.notAfterMs) return 'expired';
  if (leaf.isCa) return 'is-a-ca';
  if (!leaf.mayBeClient) return 'wrong-usage';
  if (leaf.hasUnknownCritical) return 'unknown-critical-extension';
  return leaf.isWeak ? 'weak-key' : undefined;
}

export function verifyChain(question: ChainQuestion): ChainVerdict {
  const fault = leafFault(question.leaf, question.nowMs);
  if (fault !== undefined) return { ok: false, fault };
  if (question.intermediates.length > INTERMEDIATES_MAX) return { ok: false, fault: 'chain-too-long' };
  return new PathSearch(question).from(question.leaf, []);
}

/** Whether the one certificate was signed with the key of the other, whose name it says; whether that may sign is another question. */
function isIssuedBy(child: CertificateFacts, issuer: CertificateFacts): boolean {
  try {
    return child.x509.issuer === issuer.x509.subject && child.x509.verify(issuer.x509.publicKey);
  } catch {
    return false;
  }
}

class PathSearch {
  readonly #question: ChainQuestion;
  #signaturesLeft = SIGNATURES_MAX;

  constructor(question: ChainQuestion) {
    this.#question = question;
  }

  /** `below`: the path so far, the device's own certificate first, without `child`. */
  from(child: CertificateFacts, below: readonly CertificateFacts[]): ChainVerdict {
    const { anchors, intermediates } = this.#question;
    const issuers = anchors.filter(({ facts }) => this.#issued(facts, child));
    // Whatever other way there may be: who signed it says that it is revoked.
    if (issuers.some(({ revoked }) => revoked.has(child.serial))) return { ok: false, fault: 'revoked', depth: below.length + 1 };
    const path = [...below, child];
    let refused: Extract<ChainVerdict, { ok: false }> = { ok: false, fault: 'chain-incomplete' };
    for (const anchor of issuers) {
      const wrong = this.#issuerFault(anchor.facts, path.length - 1);
      if (wrong === undefined) return { ok: true, anchor, path, notAfterMs: soonest([...path, anchor.facts]) };
      refused = { ok: false, fault: wrong, depth: path.length };
    }
    for (const issuer of intermediates) {
      if (issuer === child || path.includes(issuer) || !this.#issued(issuer, child)) continue;
      const wrong = this.#issuerFault(issuer, path.length - 1);
      if (wrong !== undefined) {
        refused = { ...refused, fault: wrong };
        continue;
      }
      const verdict = this.from(issuer, path);
      if (verdict.ok || verdict.fault === 'revoked') return verdict;
      const { depth = refused.depth, fault } = verdict;
      refused = { ok: false, fault, ...(depth === undefined ? {} : { depth }) };
    }
    return refused;
  }

  #issued(issuer: CertificateFacts, child: CertificateFacts): boolean {
    if (this.#signaturesLeft === 0 || issuer.x509.subject !== child.x509.issuer) return false;
    this.#signaturesLeft--;
    return isIssuedBy(child, issuer);
  }

  /** `between`: CA certificates on the path between it and the device's. */
  #issuerFault(issuer: CertificateFacts, between: number): ChainFault | undefined {
    const { nowMs } = this.#question;
    if (nowMs < issuer.notBeforeMs || nowMs > issuer.notAfterMs) return 'issuer-expired';
    if (!issuer.isCa || !issuer.maySign || (issuer.pathLength ?? between) < between) return 'issuer-may-not-sign';
    if (!issuer.mayBeClient) return 'wrong-usage';
    if (issuer.hasUnknownCritical) return 'unknown-critical-extension';
    return issuer.isWeak ? 'weak-key' : undefined;
  }
}

function soonest(certificates: readonly CertificateFacts[]): number {
  return Math.min(...certificates.map(({ notAfterMs }) => notAfterMs));
}
