/** API keys and provisioning keys: a key grants only what it has itself, and is shown once. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LimitsDoc } from '../../engine/domain/limits-doc.ts';
import type { PolicyDoc } from '../../engine/domain/policy.ts';
import { parseGrant } from '../../engine/domain/policy-grant.ts';
import { keyPatchSchema, keySchema, keysSchema, keyViewSchema, newKeySchema, rotationSchema } from '../../schemas/http/registry.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { KeyEntry, KeyKind } from '../registry/entries.ts';
import { tenantCaller } from './access.ts';
import { pageOf, pageOfSorted } from './paging.ts';
import { keyExcess } from './policy-excess.ts';
import { documentRefusal, keyBody, timesRefusal } from './registry-bodies.ts';
import {
  answerGone,
  etagOf,
  expectedOf,
  type NamedParams,
  refuseDone,
  refuseWhy,
  type RegistryRoutesDeps,
  type Versioned,
} from './registry-answers.ts';
import { refuse } from './reply.ts';

const SCOPE = 'registry:admin';
/** Applications are many, and somebody has to bring the new key to each. */
const OVERLAP_S = 86_400;

interface NewKey {
  readonly kind: KeyKind;
  readonly scopes?: readonly string[];
  readonly group?: string;
  readonly policy?: PolicyDoc | null;
  readonly limits?: LimitsDoc | null;
  readonly notAfter?: string;
}

type KeyPatch = Pick<NewKey, 'scopes' | 'policy' | 'limits'>;

export function keyRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, commands, registry } = deps;
  const show = (reply: FastifyReply, entry: KeyEntry): FastifyReply =>
    reply.header('etag', etagOf(registry.key(entry.tenant, entry.id)?.seq ?? 0)).send(keyBody(entry, deps));

  app.post<{ Body: NewKey }>('/v1/keys', { schema: { body: newKeySchema, response: { 201: keySchema } } }, async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const now = commands.registryWriter.clock.now();
    const bad =
      kindRefusal(request.body) ?? keyRefusal(request.body) ?? timesRefusal(request.body, now) ?? keyExcess(caller.principal, request.body);
    if (bad !== undefined) return refuse(reply, bad);
    const { group, kind, limits, notAfter, policy, scopes = [] } = request.body;
    const done = await commands.as(caller.principal.credential).createKey(caller.tenant, {
      kind,
      scopes,
      ...(group === undefined ? {} : { group }),
      ...(policy === undefined || policy === null ? {} : { policy }),
      ...(limits === undefined || limits === null ? {} : { limits }),
      ...(notAfter === undefined ? {} : { notAfterMs: Date.parse(notAfter) }),
    });
    if (!done.ok) return refuseWhy(reply, done.why);
    return reply.code(201).send({ ...keyBody(done.value.entry, deps), key: done.value.token });
  });

  app.get('/v1/keys', { schema: { response: { 200: keysSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const page = pageOf(request);
    if ('code' in page) return refuse(reply, page);
    const found = pageOfSorted(registry.keys(caller.tenant), ({ entry }) => entry.id, page);
    return reply.send({ ...found, items: found.items.map(({ entry }) => keyBody(entry, deps)) });
  });

  app.get<{ Params: NamedParams }>('/v1/keys/:id', { schema: { response: { 200: keyViewSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const key = registry.key(caller.tenant, request.params.id);
    return key === undefined ? refuseWhy(reply, 'not-found') : show(reply, key.entry);
  });

  app.patch<{ Params: NamedParams; Body: KeyPatch & Versioned }>(
    '/v1/keys/:id',
    { schema: { body: keyPatchSchema, response: { 200: keyViewSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const known = registry.key(caller.tenant, request.params.id)?.entry;
      const { version, ...patch } = request.body;
      const bad = keyRefusal(patch) ?? keyExcess(caller.principal, patch, known);
      if (bad !== undefined) return refuse(reply, bad);
      const expected = expectedOf(request.headers['if-match'], version);
      if ('code' in expected) return refuse(reply, expected);
      const { id } = request.params;
      const done = await commands.as(caller.principal.credential).updateKey(caller.tenant, id, { patch, expected });
      return done.ok ? show(reply, done.value) : refuseDone(reply, done, registry.key(caller.tenant, id)?.seq);
    },
  );

  app.delete<{ Params: NamedParams }>('/v1/keys/:id', async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    return answerGone(reply, await commands.as(caller.principal.credential).revokeKey(caller.tenant, request.params.id));
  });

  rotateRoute(app, deps);
}

function rotateRoute(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, commands, registry } = deps;
  app.post<{ Params: NamedParams; Body: { readonly overlapS?: number } | null }>(
    '/v1/keys/:id(^[^/]+?)::rotate',
    { schema: { body: rotationSchema, response: { 200: keySchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      // Whoever holds the new secret may do what the key may: that must not be more than the caller may.
      const known = registry.key(caller.tenant, request.params.id)?.entry;
      const bad = known === undefined ? undefined : keyExcess(caller.principal, known);
      if (bad !== undefined) return refuse(reply, bad);
      const overlapMs = (request.body?.overlapS ?? OVERLAP_S) * 1_000;
      const done = await commands.as(caller.principal.credential).rotateKey(caller.tenant, request.params.id, overlapMs);
      return done.ok ? reply.send({ ...keyBody(done.value.entry, deps), key: done.value.token }) : refuseWhy(reply, done.why);
    },
  );
}

function kindRefusal({ group, kind, scopes }: NewKey): Refusal | undefined {
  if (kind === 'api')
    return scopes === undefined ? refusal('malformed', 'an API key has scopes; name at least one', { pointer: '/scopes' }) : undefined;
  if (group === undefined) return refusal('malformed', 'a provisioning key registers devices of a group; name it', { pointer: '/group' });
  return scopes === undefined
    ? undefined
    : refusal('malformed', 'a provisioning key has no scopes: it registers devices, and does nothing else', { pointer: '/scopes' });
}

function keyRefusal({ limits, policy, scopes = [] }: KeyPatch): Refusal | undefined {
  for (const [i, scope] of scopes.entries()) {
    const grant = parseGrant(scope);
    if (typeof grant === 'string') return refusal('malformed', grant, { pointer: `/scopes/${i}` });
  }
  return documentRefusal({ policy, limits }, 'shared');
}
