/** `POST /register`: a device registers itself, by a provisioning key, its own token, or a client certificate. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { registerSchema, registrationSchema } from '../../schemas/http/registry.ts';
import type { RegistryAuthenticator } from '../credentials/authenticator.ts';
import { refusedOnce } from '../credentials/certificate-door.ts';
import type { Authenticator } from '../message.ts';
import type {
  Proof,
  Provisioning,
  ProvisioningParts,
  Registration,
  RegistrationRequest,
  ShownCertificate,
} from '../registry/provisioning.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { readCertificates } from '../tls/certificate.ts';
import { callerOf, refusedByBan } from './access.ts';
import { timeText } from './registry-bodies.ts';
import { refuse } from './reply.ts';

/** A client certificate whose chain is good; `device` where it names, or is pinned to, one. */
export interface CertificateProof {
  readonly tenant: string;
  readonly device: string | undefined;
  readonly certificate: ShownCertificate;
}

export interface SignedCertificate {
  readonly certificate: string;
  readonly fingerprint: string;
  readonly notAfterMs: number;
}

/** What registration needs beside the registry. */
export interface RegistrationOptions {
  readonly keys: Pick<RegistryAuthenticator, 'authenticateProvisioning'>;
  readonly webhook?: ProvisioningParts['webhook'];
  /** Undefined: the client showed no certificate. */
  readonly certificateProof?: (request: IncomingMessage) => CertificateProof | Refusal | undefined;
  readonly signCsr?: (tenant: string, device: string, csr: string) => Promise<SignedCertificate | Refusal>;
  /** Where devices connect, by scheme; `host` is how the caller named this edge. */
  readonly endpoints: (host: string) => Readonly<Record<string, string>>;
}

export interface RegisterRouteDeps extends RegistrationOptions {
  readonly authenticator: Authenticator;
  readonly provisioning: Provisioning;
}

/** Relative to the device itself: what it publishes to, and what it subscribes to. */
const TOPICS = {
  telemetry: 'v1/telemetry',
  twin: 'v1/twin/desired',
  commands: 'v1/commands/+/request',
  firmware: 'v1/firmware/offer',
  errors: 'v1/errors',
} as const;

interface RegisterBody {
  readonly id: string;
  readonly cert?: string;
  readonly csr?: string;
  readonly model?: string;
}

export function registerRoute(app: FastifyInstance, deps: RegisterRouteDeps): void {
  app.post<{ Body: RegisterBody }>(
    '/register',
    { schema: { body: registerSchema, response: { 200: registrationSchema, 201: registrationSchema } } },
    async (request, reply) => {
      const proof = proofOf(request.raw, deps);
      if ('code' in proof) return refuse(reply, proof);
      const { cert, csr, id, model } = request.body;
      if (cert !== undefined && csr !== undefined)
        return refuse(reply, refusal('malformed', 'send cert, or csr, but not both', { pointer: '/csr' }));
      const certificate = cert === undefined ? undefined : pinnedOf(cert, `urn:twinfold:${proof.tenant}:${id}`);
      if (certificate !== undefined && 'code' in certificate) return refuse(reply, certificate);
      if (csr !== undefined && deps.signCsr === undefined) return refuse(reply, NO_SIGNER);
      const signed = csr === undefined ? undefined : await deps.signCsr?.(proof.tenant, id, csr);
      if (signed !== undefined && 'code' in signed) return refuse(reply, signed);
      // What is signed here lets nobody in by its signature: it is pinned as well.
      const pinned = certificate ?? signed;
      const asked: RegistrationRequest = {
        id,
        ...(model === undefined ? {} : { model }),
        ...(pinned === undefined ? {} : { certificate: { fingerprint: pinned.fingerprint, notAfterMs: pinned.notAfterMs } }),
      };
      // The certificate is given away only once the device is registered.
      const registered = await deps.provisioning.register(asked, proof);
      if ('code' in registered) return refuse(reply, registered);
      const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
      return reply.code(registered.isNew ? 201 : 200).send({
        ...bodyOf(registered),
        ...(signed === undefined ? {} : { cert: signed.certificate }),
        endpoints: deps.endpoints(host),
      });
    },
  );
}

const NO_SIGNER = refusal('malformed', 'this deployment signs no certificates; send cert, or none', { pointer: '/csr' });

/** Who registers a device, and by what. */
export function proofOf(
  request: IncomingMessage,
  deps: Pick<RegisterRouteDeps, 'authenticator' | 'certificateProof' | 'keys'>,
): Proof | Refusal {
  const shown = deps.certificateProof?.(request);
  if (shown !== undefined && 'code' in shown) return shown;
  const token = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token?.startsWith('tfp_') === true) {
    const result = deps.keys.authenticateProvisioning(token);
    if (result.ok && shown !== undefined && shown.tenant !== result.tenant)
      return refusal('forbidden', 'the certificate and the provisioning key are of different tenants');
    if (result.ok) return { tenant: result.tenant, group: result.group, device: shown?.device, actor: result.credential };
    if (result.why === 'registry-behind')
      return refusal('registry-behind', 'this process lost touch with the registry', { retryAfterMs: 2_000 });
    const detail = result.why === 'unknown-credential' ? 'the provisioning key is not known' : `the provisioning key is ${result.why}`;
    const { ban } = refusedOnce(deps.authenticator, { token, secure: undefined, from: request.socket }, result);
    return ban === undefined ? refusal('unauthorized', detail) : refusedByBan(detail, ban);
  }
  if (request.headers.authorization === undefined && shown !== undefined) {
    const { certificate, device, tenant } = shown;
    return { tenant, group: undefined, device, certificate, actor: `certificate:${tenant}${device === undefined ? '' : `.${device}`}` };
  }
  const caller = callerOf(request, deps.authenticator);
  if ('code' in caller) return caller;
  const { principal } = caller;
  if (principal.kind !== 'device')
    return refusal(
      'forbidden',
      'devices register with a provisioning key, their own token or a client certificate; applications use POST /v1/devices',
    );
  const credentialId = principal.credential.slice(principal.credential.lastIndexOf('.') + 1);
  return { tenant: principal.tenant, group: undefined, device: principal.device, credentialId, actor: principal.credential };
}

/** A certificate of one's own: another device's would be shut out by being pinned here. */
function pinnedOf(pem: string, urn: string): { readonly fingerprint: string; readonly notAfterMs: number } | Refusal {
  const facts = readCertificates(pem)?.[0];
  if (facts === undefined) return refusal('malformed', 'cert is no X.509 certificate in PEM', { pointer: '/cert' });
  if (facts.uris.some((uri) => uri.toLowerCase().startsWith('urn:twinfold:') && uri !== urn))
    return refusal('forbidden', `cert names another device than ${urn}`, { pointer: '/cert' });
  if (facts.notAfterMs <= Date.now()) return refusal('malformed', 'cert is past its notAfter', { pointer: '/cert' });
  return { fingerprint: facts.fingerprint, notAfterMs: facts.notAfterMs };
}

function bodyOf({ minted }: Registration): Readonly<Record<string, unknown>> {
  const { credential, device, token } = minted;
  return {
    id: device.id,
    tenant: device.tenant,
    token,
    topics: TOPICS,
    ...(credential.notAfterMs === undefined ? {} : { notAfter: timeText(credential.notAfterMs) }),
  };
}
