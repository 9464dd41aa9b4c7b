/** A device's credentials: added, rotated with an overlap, revoked. A token or a pre-shared key is shown once. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { credentialRotationSchema, credentialsSchema, mintedCredentialSchema, newCredentialSchema } from '../../schemas/http/registry.ts';
import { PSK_BYTES_MAX, PSK_BYTES_MIN, pskFromText, pskIdentity } from '../credentials/psk.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { MintedCredential } from '../registry/commands.ts';
import type { CredentialDraft } from '../registry/writer.ts';
import { tenantCaller } from './access.ts';
import { credentialBody, timesRefusal } from './registry-bodies.ts';
import { answerGone, type NamedParams, refuseWhy, type RegistryRoutesDeps } from './registry-answers.ts';
import { refuse } from './reply.ts';

const SCOPE = 'registry:admin';
/** How long a token or a pre-shared key stays good beside its successor, where nothing is said. */
export const TOKEN_OVERLAP_MS = 600_000;

interface NewCredential {
  readonly type?: 'token' | 'x509' | 'psk';
  readonly fingerprint?: string;
  readonly spki?: string;
  /** A pre-shared key of the caller's own, hex. */
  readonly key?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

interface Rotation {
  readonly overlapS?: number;
  readonly key?: string;
}

interface CredentialParams extends NamedParams {
  readonly credential: string;
}

/** What is to be added, and the pre-shared key that its device is told. */
interface Prepared {
  readonly draft: CredentialDraft;
  readonly key?: string;
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
      const identity = pskIdentity({ tenant: device.tenant, device: device.id });
      const items = device.credentials.map(({ entry, name }) => ({
        ...credentialBody(entry, lastUsed?.of(name)),
        ...(entry.type === 'psk' ? { identity } : {}),
      }));
      return reply.send({ items });
    },
  );

  app.post<{ Params: NamedParams; Body: NewCredential | null }>(
    '/v1/devices/:id/credentials',
    { schema: { body: newCredentialSchema, response: { 201: mintedCredentialSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const { tenant } = caller;
      const device = registry.deviceId(tenant, request.params.id);
      if (device === undefined) return refuseWhy(reply, 'not-found');
      const prepared = prepare(request.body ?? {}, { tenant, device }, deps);
      if ('code' in prepared) return refuse(reply, prepared);
      const done = await commands.as(caller.principal.credential).addCredential(tenant, device, prepared.draft);
      return done.ok ? answerMinted(reply.code(201), done.value, prepared.key) : refuseWhy(reply, done.why);
    },
  );

  app.delete<{ Params: CredentialParams }>('/v1/devices/:id/credentials/:credential', async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const { credential, id } = request.params;
    return answerGone(reply, await commands.as(caller.principal.credential).revokeCredential(caller.tenant, id, credential));
  });

  rotationRoute(app, deps);
}

function inUseBeside(id: string): Refusal {
  const remedy = 'rotate that one, or revoke one of the two first';
  return refusal('too-many-credentials', `two are valid, and ${id} is in use too: ${remedy}`);
}

function rotationRoute(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, commands, lastUsed, registry } = deps;
  app.post<{ Params: CredentialParams; Body: Rotation | null }>(
    '/v1/devices/:id/credentials/:credential(^[^/]+?)::rotate',
    { schema: { body: credentialRotationSchema, response: { 200: mintedCredentialSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const { tenant } = caller;
      const { credential, id } = request.params;
      const device = registry.device(tenant, id);
      const found = device?.entry.credentials.find((one) => one.id === credential);
      if (device === undefined || found === undefined || found.revokedMs !== undefined) return refuseWhy(reply, 'not-found');
      const { type = 'token' } = found;
      if (type === 'x509')
        return refuse(
          reply,
          refusal('malformed', 'only tokens and pre-shared keys are made here: add the new certificate, then revoke the old one'),
        );
      const other = device.credentials.find(({ entry, name, isRevoked }) => {
        const isValid = !isRevoked && (entry.notAfterMs ?? Number.POSITIVE_INFINITY) > Date.now();
        return entry.id !== credential && (entry.type ?? 'token') === type && isValid && lastUsed?.of(name) !== undefined;
      });
      // One that nobody ever used is what an answer that was lost left behind: the new one takes its place.
      if (other !== undefined) return refuse(reply, inUseBeside(other.entry.id));
      const { key, overlapS } = request.body ?? {};
      const prepared = prepare({ type, ...(key === undefined ? {} : { key }) }, { tenant, device: device.id }, deps);
      if ('code' in prepared) return refuse(reply, prepared);
      const overlapMs = overlapS === undefined ? TOKEN_OVERLAP_MS : overlapS * 1_000;
      const done = await commands
        .as(caller.principal.credential)
        .rotateCredential(tenant, device.id, { draft: prepared.draft, overlapMs, keep: credential });
      return done.ok ? answerMinted(reply, done.value, prepared.key) : refuseWhy(reply, done.why);
    },
  );
}

function answerMinted(reply: FastifyReply, { credential, device, token }: MintedCredential, key: string | undefined): FastifyReply {
  return reply.send({
    ...credentialBody(credential),
    device: device.id,
    ...(token === '' ? {} : { token }),
    ...(key === undefined ? {} : { identity: pskIdentity({ tenant: device.tenant, device: device.id }), key }),
  });
}

/** The one form that fingerprints are kept in; undefined: it is none. */
function bareFingerprint(text: string): string | undefined {
  const [, hex] = /^(?:sha256 fingerprint=)?([0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31})$/i.exec(text.trim()) ?? [];
  return hex?.replaceAll(':', '').toLowerCase();
}

function prepare(
  wanted: NewCredential,
  owner: { readonly tenant: string; readonly device: string },
  { commands, psks }: RegistryRoutesDeps,
): Prepared | Refusal {
  const { fingerprint, key, notAfter, notBefore, spki, type = 'token' } = wanted;
  const pins = [fingerprint, spki].filter((pin) => pin !== undefined).length;
  if (type === 'x509' && pins !== 1)
    return refusal('malformed', 'an x509 credential names a fingerprint (SHA-256 of the DER, hex) or an spki (SHA-256, base64)', {
      pointer: '/fingerprint',
    });
  if (type !== 'x509' && pins > 0) return refusal('malformed', `a ${type} has no certificate; say "type": "x509"`, { pointer: '/type' });
  if (type !== 'psk' && key !== undefined)
    return refusal('malformed', 'only a pre-shared key may be brought along; say "type": "psk"', { pointer: '/key' });
  const badTimes = timesRefusal(wanted, commands.registryWriter.clock.now());
  if (badTimes !== undefined) return badTimes;
  const bare = fingerprint === undefined ? undefined : bareFingerprint(fingerprint);
  if (fingerprint !== undefined && bare === undefined)
    return refusal(
      'malformed',
      'fingerprint is the SHA-256 of the certificate in 64 hex digits, bare or as openssl x509 -noout -fingerprint -sha256 prints it',
      { pointer: '/fingerprint' },
    );
  const times = {
    ...(notBefore === undefined ? {} : { notBeforeMs: Date.parse(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfterMs: Date.parse(notAfter) }),
  };
  if (type === 'token') return { draft: times };
  if (type === 'x509')
    return { draft: { type, ...times, ...(bare === undefined ? {} : { fingerprint: bare }), ...(spki === undefined ? {} : { spki }) } };
  const own = key === undefined ? undefined : pskFromText(key);
  if (key !== undefined && own === undefined)
    return refusal(
      'malformed',
      `key is ${PSK_BYTES_MIN} to ${PSK_BYTES_MAX} bytes as hex, ${2 * PSK_BYTES_MIN} to ${2 * PSK_BYTES_MAX} characters; leave it out to get one made`,
      { pointer: '/key', limit: 'psk-bytes' },
    );
  const id = commands.registryWriter.mintId();
  const made = psks.make({ ...owner, credential: id }, own);
  return { draft: { id, type, sealed: made.sealed, ...times }, key: made.key };
}
