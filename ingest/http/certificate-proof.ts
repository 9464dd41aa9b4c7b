/** What `POST /register` takes from TLS: whom the client's certificate speaks for, and certificates for signing requests. */
import type { IncomingMessage } from 'node:http';
import { CERTIFICATE_FAULTS } from '../credentials/certificate-faults.ts';
import type { CertificateSessions } from '../credentials/certificate-sessions.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { TenantCas } from '../credentials/tenant-cas.ts';
import { secureFactsOf } from '../tls/peer.ts';
import { caProblem } from './ca-routes.ts';
import type { CertificateProof, RegistrationOptions } from './register-route.ts';

export function certificateRegistration(
  certificates: CertificateSessions,
  cas: TenantCas,
): Required<Pick<RegistrationOptions, 'certificateProof' | 'signCsr'>> {
  return {
    certificateProof: (request) => proofOf(request, certificates, cas),
    signCsr: (tenant, device, csr) => {
      const signed = cas.sign({ tenant, device, csr });
      return Promise.resolve(signed.ok ? signed.value : caProblem(signed));
    },
  };
}

function proofOf(request: IncomingMessage, certificates: CertificateSessions, cas: TenantCas): CertificateProof | Refusal | undefined {
  const { mode, peer } = secureFactsOf(request.socket) ?? {};
  if (peer === undefined) return undefined;
  const identified = certificates.identify(peer);
  if (identified.ok) {
    const { ca, device, leaf, tenant } = identified.identity;
    const group = ca === undefined ? undefined : cas.find(tenant, ca)?.group;
    return { tenant, device, certificate: { fingerprint: leaf.fingerprint, notAfterMs: leaf.notAfterMs, group } };
  }
  // A device that brings its own certificate is let in by a key, until that certificate is registered.
  if (request.headers.authorization !== undefined && mode !== 'required') return undefined;
  const { fault } = identified;
  return refusal('bad-certificate', CERTIFICATE_FAULTS[fault], { limit: `certificate-${fault}` });
}
