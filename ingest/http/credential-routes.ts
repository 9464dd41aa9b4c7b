/** A device's credentials: added, rotated with an overlap, revoked. A token is shown once. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { credentialsSchema, mintedCredentialSchema, newCredentialSchema, rotationSchema } from '../../schemas/http/registry.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { MintedCredential } from '../registry/commands.ts';
import type { CredentialDraft } from '../registry/writer.ts';
import { tenantCaller } from './access.ts';
import { credentialBody } from './registry-bodies.ts';
import { answerGone, type NamedParams, refuseWhy, type RegistryRoutesDeps } from './registry-answers.ts';
import { refuse } from './reply.ts';

const SCOPE = 'registry:admin';
/** How long a token stays good beside its successor, where nothing is said. */
export const TOKEN_OVERLAP_MS = 600_000;

interface NewCredential {
  readonly type?: 'token' | 'x509';
  readonly fingerprint?: string;
  readonly spki?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

interface CredentialParams extends NamedParams {
  readonly credential: string;
}

export function credentialRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, commands, lastUsed, registry } = deps;

  app.get<{ Params: NamedParams }>(
    '/v1/devices/:id/credentials',
    { schema: { response: { 200: credentialsSchema } } },
    (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const device = registry.device(caller.tenant, request.params.id);
      if (device === undefined) return refuseWhy(reply, 'not-found');
      return reply.send({ items: device.credentials.map(({ entry, name }) => credentialBody(entry, lastUsed?.of(name))) });
    },
  );

  app.post<{ Params: NamedParams; Body: NewCredential | null }>(
    '/v1/devices/:id/credentials',
    { schema: { body: newCredentialSchema, response: { 201: mintedCredentialSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const draft = draftOf(request.body ?? {});
      if ('code' in draft) return refuse(reply, draft);
      const done = await commands.as(caller.principal.credential).addCredential(caller.tenant, request.params.id, draft);
      return done.ok ? answerMinted(reply.code(201), done.value) : refuseWhy(reply, done.why);
    },
  );

  app.delete<{ Params: CredentialParams }>('/v1/devices/:id/credentials/:credential', async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const { credential, id } = request.params;
    return answerGone(reply, await commands.as(caller.principal.credential).revokeCredential(caller.tenant, id, credential));
  });

  app.post<{ Params: CredentialParams; Body: { readonly overlapS?: number } | null }>(
    '/v1/devices/:id/credentials/:credential(^[^/]+?)::rotate',
    { schema: { body: rotationSchema, response: { 200: mintedCredentialSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const { credential, id } = request.params;
      const found = registry.device(caller.tenant, id)?.entry.credentials.find((one) => one.id === credential);
      if (found === undefined || found.revokedMs !== undefined) return refuseWhy(reply, 'not-found');
      if ((found.type ?? 'token') !== 'token')
        return refuse(reply, refusal('malformed', 'only tokens are made here: add the new certificate, then revoke the old one'));
      const overlapMs = request.body?.overlapS === undefined ? TOKEN_OVERLAP_MS : request.body.overlapS * 1_000;
      const done = await commands.as(caller.principal.credential).rotateCredential(caller.tenant, id, { overlapMs, keep: credential });
      return done.ok ? answerMinted(reply, done.value) : refuseWhy(reply, done.why);
    },
  );
}

function answerMinted(reply: FastifyReply, { credential, device, token }: MintedCredential): FastifyReply {
  return reply.send({ ...credentialBody(credential), device: device.id, ...(token === '' ? {} : { token }) });
}

function draftOf({ fingerprint, notAfter, notBefore, spki, type = 'token' }: NewCredential): CredentialDraft | Refusal {
  const pins = [fingerprint, spki].filter((pin) => pin !== undefined).length;
  if (type === 'x509' && pins !== 1)
    return refusal('malformed', 'an x509 credential names a fingerprint (SHA-256 of the DER, hex) or an spki (SHA-256, base64)', {
      pointer: '/fingerprint',
    });
  if (type === 'token' && pins > 0) return refusal('malformed', 'a token has no certificate; say "type": "x509"', { pointer: '/type' });
  const times = {
    ...(notBefore === undefined ? {} : { notBeforeMs: Date.parse(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfterMs: Date.parse(notAfter) }),
  };
  if (type === 'token') return times;
  return { type, ...times, ...(fingerprint === undefined ? {} : { fingerprint }), ...(spki === undefined ? {} : { spki }) };
}
