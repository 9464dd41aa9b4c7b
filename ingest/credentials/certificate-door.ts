/**
 * One rule for every protocol: a token says who speaks, and where there is none, the client's certificate. A listener that
 * requires certificates takes both as true only together: a token of one device over the certificate of another is nobody.
 */
import type { Authenticator, AuthResult, CertificateHint } from '../message.ts';
import type { SecureFacts } from '../tls/peer.ts';

/** Undefined: the client showed neither. */
export function authenticateEither(
  authenticator: Authenticator,
  shown: { readonly token: string | undefined; readonly secure: SecureFacts | undefined },
  hint?: CertificateHint,
): AuthResult | undefined {
  const { secure, token } = shown;
  const peer = secure?.peer;
  if (token === undefined) return peer === undefined ? undefined : authenticator.authenticateCertificate(peer, hint);
  const byToken = authenticator.authenticate(token);
  if (!byToken.ok || secure?.mode !== 'required') return byToken;
  const byCertificate: AuthResult =
    peer === undefined ? { ok: false, why: 'bad-certificate', fault: 'missing' } : authenticator.authenticateCertificate(peer, hint);
  if (!byCertificate.ok) return byCertificate;
  const [speaker, holder] = [byToken.principal, byCertificate.principal];
  if (speaker.kind === 'admin' || holder.kind !== 'device') return byToken;
  if (speaker.tenant !== holder.tenant) return { ok: false, why: 'bad-certificate', fault: 'other-tenant' };
  const isAnother = speaker.kind === 'device' && speaker.device !== holder.device;
  return isAnother ? { ok: false, why: 'bad-certificate', fault: 'other-device' } : byToken;
}
