/** What is known of a secure connection beside its bytes: the client's certificate, and whether the listener insists on one. */
import { hash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificates } from '../../engine/config/process-config.ts';
import type { PeerCertificate } from '../message.ts';

export interface SecureFacts {
  readonly mode: ClientCertificates;
  readonly peer: PeerCertificate | undefined;
}

/** More than a path may have: the rest would not be looked at. */
const SENT_MAX = 8;

const facts = new WeakMap<object, SecureFacts>();

/** Undefined: the connection isn't secure. */
export function secureFactsOf(socket: object): SecureFacts | undefined {
  return facts.get(socket);
}

/** What runs over the connection is as secure as the connection is. */
export function shareSecure(connection: object, over: object): void {
  const known = facts.get(connection);
  if (known !== undefined) facts.set(over, known);
}

/** Told once the handshake is done. */
export function noteSecure(socket: TLSSocket, mode: ClientCertificates): SecureFacts {
  const noted = { mode, peer: mode === 'off' ? undefined : peerOf(socket) };
  facts.set(socket, noted);
  return noted;
}

function peerOf(socket: TLSSocket): PeerCertificate | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) return undefined;
  const intermediates: Uint8Array[] = [];
  let issuer: X509Certificate | undefined = leaf.issuerCertificate;
  for (; issuer !== undefined && intermediates.length < SENT_MAX; issuer = issuer.issuerCertificate) intermediates.push(issuer.raw);
  return { fingerprint: hash('sha256', leaf.raw, 'hex'), leaf: leaf.raw, x509: leaf, intermediates };
}
