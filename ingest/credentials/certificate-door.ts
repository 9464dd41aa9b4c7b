/**
 * One rule for every protocol: a token says who speaks, and where there is none, the client's certificate. A listener that
 * requires certificates takes both as true only together: a token of one device over the certificate of another is nobody.
 * Who is not let in is counted here, by address and by the credential that was named.
 */
import type { Authenticator, AuthResult, CertificateHint } from '../message.ts';
import type { SecureFacts } from '../tls/peer.ts';
import { credentialName, parseToken } from './credentials.ts';

type Refused = Extract<AuthResult, { ok: false }>;

/** What a client showed of itself. */
export interface Shown {
  readonly token: string | undefined;
  readonly secure: SecureFacts | undefined;
  /** Its connection; asked for its address when it isn't let in. */
  readonly from?: { readonly remoteAddress?: string | undefined } | undefined;
}

/** Undefined: the client showed neither. */
export function authenticateEither(authenticator: Authenticator, shown: Shown, hint?: CertificateHint): AuthResult | undefined {
  const result = whoIsIt(authenticator, shown, hint);
  return result === undefined || result.ok ? result : refusedOnce(authenticator, shown, result);
}

/** Counts an attempt that let nobody in, once, and answers the same refusal, with the ban that it falls under. */
export function refusedOnce(authenticator: Authenticator, { from, secure, token }: Shown, result: Refused): Refused {
  // The first is a fault of ours, and the second a good credential.
  if (authenticator.bans === undefined || result.why === 'registry-behind' || result.why === 'provisioning-key') return result;
  const ban = authenticator.bans.failed(from?.remoteAddress, nameOf(token, secure));
  return ban === undefined ? result : { ...result, ban };
}

function nameOf(token: string | undefined, secure: SecureFacts | undefined): string | undefined {
  if (token === undefined) return secure?.peer === undefined ? undefined : `x509_${secure.peer.fingerprint}`;
  const name = parseToken(token);
  return name === undefined ? undefined : credentialName(name);
}

function whoIsIt(authenticator: Authenticator, { secure, token }: Shown, hint?: CertificateHint): AuthResult | undefined {
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
