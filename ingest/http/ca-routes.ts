/** The API's part about certificates: the CAs that a tenant named, the one that signs for it, and what that signs. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  caPatchSchema,
  caSchema,
  casSchema,
  certificateSchema,
  newCaSchema,
  newCertificateSchema,
  signingCaSchema,
} from '../../schemas/http/cas.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import type { CaEntry } from '../registry/entries.ts';
import type { CaFault, CaResult, SigningCa, TenantCas } from '../credentials/tenant-cas.ts';
import { revocationsOf, subjectOf } from '../credentials/x509-directory.ts';
import { callerOf, tenantCaller } from './access.ts';
import { WHY } from './registry-bodies.ts';
import { refuse } from './reply.ts';

export interface CaRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: Pick<RegistryCache, 'deviceId'>;
  readonly commands: RegistryCommands;
  readonly cas: TenantCas;
}

/** A revocation list is larger than what the API takes otherwise. */
const CRL_BODY_BYTES_MAX = 320 * 1024;
const DAY_MS = 86_400_000;

interface TenantParams {
  readonly id: string;
}

interface NewCa {
  readonly pem: string;
  readonly proof?: string;
  readonly group?: string;
}

interface CaParams extends TenantParams {
  readonly ca: string;
}

const PROOF = { pointer: '/proof' } as const;
const PROOF_REMEDY =
  'a certificate with the common name twinfold:<tenant>, signed by this CA itself and in its time; docs/operations.md has the openssl line ("Devices with certificates"), and the administrator may name a CA without';

export const CA_PROBLEMS: Readonly<Record<CaFault, Refusal>> = {
  malformed: refusal('malformed', 'pem is no X.509 certificate in PEM', { pointer: '/pem' }),
  several: refusal('malformed', 'pem holds several certificates: register each CA by itself', { pointer: '/pem' }),
  'not-a-ca': refusal('malformed', 'the certificate is no CA: basicConstraints must say so, and key usage allow keyCertSign', {
    pointer: '/pem',
  }),
  expired: refusal('malformed', 'the CA certificate is past its notAfter', { pointer: '/pem' }),
  'weak-key': refusal('malformed', 'the CA has a key below RSA 2048, or a signature with SHA-1 or MD5', { pointer: '/pem' }),
  'unknown-critical-extension': refusal(
    'malformed',
    'the CA has a critical extension that is not evaluated here, such as name constraints',
    {
      pointer: '/pem',
    },
  ),
  'too-many': refusal('too-many-cas', 'a tenant has at most 16 CAs, with their lists at most 768 KB; remove one', { limit: 'cas' }),
  'not-found': refusal('not-found', 'the tenant has no such CA'),
  'already-there': refusal('already-registered', 'the tenant has this CA already'),
  unproven: refusal('malformed', `a CA that a tenant names by its own key needs a proof that it has the CA's key: ${PROOF_REMEDY}`, PROOF),
  'proof-malformed': refusal('malformed', `proof is not one X.509 certificate in PEM: it must be ${PROOF_REMEDY}`, PROOF),
  'proof-wrong-name': refusal('malformed', `the common name of the proof is not twinfold:<tenant>: it must be ${PROOF_REMEDY}`, PROOF),
  'proof-wrong-signature': refusal('malformed', `this CA did not sign the proof: it must be ${PROOF_REMEDY}`, PROOF),
  'proof-out-of-time': refusal('malformed', `the proof, or the CA, is out of its time: it must be ${PROOF_REMEDY}`, PROOF),
  'proof-unusable': refusal(
    'malformed',
    `no device could use the proof: it, or the CA, is weak, not for TLS clients, or has a critical extension that is not evaluated; it must be ${PROOF_REMEDY}`,
    PROOF,
  ),
  'crl-malformed': refusal('malformed', 'crl is no X.509 revocation list in PEM', { pointer: '/crl' }),
  'crl-another-issuer': refusal('malformed', 'the list is of another CA, or this CA may not sign lists (key usage cRLSign)', {
    pointer: '/crl',
  }),
  'crl-wrong-signature': refusal('malformed', 'the list is not signed by this CA', { pointer: '/crl' }),
  'crl-unsupported': refusal('malformed', 'the list must be whole, without critical extensions, and not signed with SHA-1', {
    pointer: '/crl',
  }),
  'crl-too-large': refusal('too-large', 'a list has at most 256 KB; let certificates live shorter', { pointer: '/crl', limit: 'crl' }),
  'crl-older': refusal('conflict', 'a newer list of this CA is known: its thisUpdate is later', { pointer: '/crl' }),
  'csr-malformed': refusal('malformed', 'csr is no PKCS #10 signing request in PEM', { pointer: '/csr' }),
  'csr-unsupported-signature': refusal('malformed', 'the request must be signed with ECDSA, RSA (PKCS #1) or Ed25519, and SHA-2', {
    pointer: '/csr',
  }),
  'csr-weak-key': refusal('malformed', 'the key must be P-256, P-384, P-521, Ed25519, or RSA of 2,048 bits or more', { pointer: '/csr' }),
  'csr-wrong-signature': refusal('malformed', 'the request is not signed by its own key', { pointer: '/csr' }),
  'no-signing-ca': refusal('no-signing-ca', 'the tenant has no CA that signs here; POST /v1/tenants/{id}/signing-ca makes one'),
  'sealed-elsewhere': refusal(
    'no-signing-ca',
    'the key of the CA was sealed under another secret key: start every edge with the same --secret-key-file',
  ),
};

export function caProblem(failed: Extract<CaResult<unknown>, { ok: false }>): Refusal {
  return 'fault' in failed ? CA_PROBLEMS[failed.fault] : WHY[failed.why];
}

export function caRoutes(app: FastifyInstance, deps: CaRoutesDeps): void {
  namedCaRoutes(app, deps);
  signingCaRoutes(app, deps);
  certificateRoutes(app, deps);
}

function namedCaRoutes(app: FastifyInstance, { authenticator, cas, commands }: CaRoutesDeps): void {
  app.get<{ Params: TenantParams }>('/v1/tenants/:id/cas', { schema: { response: { 200: casSchema } } }, (request, reply) =>
    reply.send({ items: cas.list(request.params.id).map(caBody) }),
  );

  app.post<{ Params: TenantParams; Body: NewCa }>(
    '/v1/tenants/:id/cas',
    { schema: { body: newCaSchema, response: { 201: caSchema } } },
    async (request, reply) => {
      const caller = callerOf(request.raw, authenticator);
      if ('code' in caller) return refuse(reply, caller);
      const { id } = request.params;
      const { group, pem, proof } = request.body;
      const isVouchedFor = caller.principal.kind === 'admin';
      const added = await cas.add(commands.as(caller.principal.credential), id, { pem, proof, group, isVouchedFor });
      if (!added.ok) return refuse(reply, caProblem(added));
      return reply.code(201).header('location', `/v1/tenants/${id}/cas/${added.value.id}`).send(caBody(added.value));
    },
  );

  app.get<{ Params: CaParams }>('/v1/tenants/:id/cas/:ca', { schema: { response: { 200: caSchema } } }, (request, reply) => {
    const found = cas.find(request.params.id, request.params.ca);
    return found === undefined ? refuse(reply, CA_PROBLEMS['not-found']) : reply.send(caBody(found));
  });

  app.patch<{ Params: CaParams; Body: { readonly crl: string | null } }>(
    '/v1/tenants/:id/cas/:ca',
    { bodyLimit: CRL_BODY_BYTES_MAX, schema: { body: caPatchSchema, response: { 200: caSchema } } },
    async (request, reply) => {
      const caller = callerOf(request.raw, authenticator);
      if ('code' in caller) return refuse(reply, caller);
      const { ca, id } = request.params;
      const set = await cas.setCrl(commands.as(caller.principal.credential), id, { id: ca, crl: request.body.crl });
      return set.ok ? reply.send(caBody(set.value)) : refuse(reply, caProblem(set));
    },
  );

  app.delete<{ Params: CaParams }>('/v1/tenants/:id/cas/:ca', async (request, reply) => {
    const caller = callerOf(request.raw, authenticator);
    if ('code' in caller) return refuse(reply, caller);
    const { ca, id } = request.params;
    return answerGone(reply, await cas.remove(commands.as(caller.principal.credential), id, ca));
  });
}

function signingCaRoutes(app: FastifyInstance, { authenticator, cas, commands }: CaRoutesDeps): void {
  app.get<{ Params: TenantParams }>('/v1/tenants/:id/signing-ca', { schema: { response: { 200: signingCaSchema } } }, (request, reply) => {
    const found = cas.signingCa(request.params.id);
    return found === undefined ? refuse(reply, CA_PROBLEMS['not-found']) : reply.send(signingCaBody(found));
  });

  app.post<{ Params: TenantParams }>(
    '/v1/tenants/:id/signing-ca',
    { schema: { response: { 201: signingCaSchema } } },
    async (request, reply) => {
      const caller = callerOf(request.raw, authenticator);
      if ('code' in caller) return refuse(reply, caller);
      const made = await cas.makeSigningCa(commands.as(caller.principal.credential), request.params.id);
      return made.ok ? reply.code(201).send(signingCaBody(made.value)) : refuse(reply, caProblem(made));
    },
  );

  app.delete<{ Params: TenantParams }>('/v1/tenants/:id/signing-ca', async (request, reply) => {
    const caller = callerOf(request.raw, authenticator);
    if ('code' in caller) return refuse(reply, caller);
    return answerGone(reply, await cas.removeSigningCa(commands.as(caller.principal.credential), request.params.id));
  });
}

function certificateRoutes(app: FastifyInstance, { authenticator, cas, commands, registry }: CaRoutesDeps): void {
  app.post<{ Params: TenantParams; Body: { readonly csr: string; readonly days?: number } }>(
    '/v1/devices/:id/certificates',
    { schema: { body: newCertificateSchema, response: { 201: certificateSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      const { csr, days } = request.body;
      const { tenant } = caller;
      const device = registry.deviceId(tenant, request.params.id);
      if (device === undefined) return refuse(reply, WHY['not-found']);
      const signed = cas.sign({ tenant, device, csr, ...(days === undefined ? {} : { validMs: days * DAY_MS }) });
      if (!signed.ok) return refuse(reply, caProblem(signed));
      const { certificate, chain, fingerprint, notAfterMs } = signed.value;
      const added = await commands.as(caller.principal.credential).addCredential(tenant, device, { type: 'x509', fingerprint, notAfterMs });
      if (!added.ok) return refuse(reply, WHY[added.why]);
      return reply
        .code(201)
        .send({ id: added.value.credential.id, device, certificate, chain, fingerprint, notAfter: timeText(notAfterMs) });
    },
  );
}

function answerGone(reply: FastifyReply, removed: CaResult<undefined>): FastifyReply {
  return removed.ok ? reply.code(204).send() : refuse(reply, caProblem(removed));
}

function caBody(entry: CaEntry): Readonly<Record<string, unknown>> {
  const list = revocationsOf(entry);
  const next = list?.nextUpdateMs;
  return {
    id: entry.id,
    subject: subjectOf(entry.pem),
    fingerprint: entry.fingerprint,
    notAfter: timeText(entry.notAfterMs),
    pem: entry.pem,
    ...(entry.group === undefined ? {} : { group: entry.group }),
    ...(list === undefined
      ? {}
      : {
          crl: {
            revoked: list.revoked.size,
            thisUpdate: timeText(list.thisUpdateMs),
            ...(next === undefined ? {} : { nextUpdate: timeText(next) }),
          },
        }),
  };
}

function signingCaBody({ id, notAfterMs, pem }: SigningCa): Readonly<Record<string, unknown>> {
  return { id, subject: subjectOf(pem), notAfter: timeText(notAfterMs), pem };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
