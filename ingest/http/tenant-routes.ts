/** Tenants: made and changed by the administrator, seen by their own keys. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LimitsDoc } from '../../engine/domain/limits-doc.ts';
import type { PolicyDoc } from '../../engine/domain/policy.ts';
import { newTenantSchema, tenantPatchSchema, tenantSchema, tenantsSchema } from '../../schemas/http/registry.ts';
import { refusal } from '../refusal.ts';
import type { TenantEntry } from '../registry/entries.ts';
import { adminCaller, callerOf } from './access.ts';
import { pageOf, pageOfSorted } from './paging.ts';
import { documentRefusal, tenantBody } from './registry-bodies.ts';
import {
  etagOf,
  expectedOf,
  type NamedParams,
  refuseDone,
  refuseWhy,
  type RegistryRoutesDeps,
  type Versioned,
} from './registry-answers.ts';
import { refuse } from './reply.ts';

interface TenantDraft {
  readonly name?: string | null;
  readonly policy?: PolicyDoc | null;
  readonly limits?: LimitsDoc | null;
}

export function tenantRoutes(app: FastifyInstance, { authenticator, commands, registry }: RegistryRoutesDeps): void {
  const bodyOf = (entry: TenantEntry): Readonly<Record<string, unknown>> => tenantBody(entry, registry.tenantSeq(entry.tenant));
  const show = (reply: FastifyReply, entry: TenantEntry): FastifyReply =>
    reply.header('etag', etagOf(registry.tenantSeq(entry.tenant))).send(bodyOf(entry));

  app.post<{ Body: TenantDraft & { readonly id: string } }>(
    '/v1/tenants',
    { schema: { body: newTenantSchema, response: { 201: tenantSchema } } },
    async (request, reply) => {
      const caller = adminCaller(request.raw, authenticator);
      if ('code' in caller) return refuse(reply, caller);
      const bad = documentRefusal(request.body, 'shared');
      if (bad !== undefined) return refuse(reply, bad);
      const { id, ...draft } = request.body;
      const done = await commands.as(caller.principal.credential).createTenant(id, withoutNulls(draft));
      return done.ok ? reply.code(201).send(bodyOf(done.value)) : refuseWhy(reply, done.why);
    },
  );

  app.get('/v1/tenants', { schema: { response: { 200: tenantsSchema } } }, (request, reply) => {
    const caller = adminCaller(request.raw, authenticator);
    if ('code' in caller) return refuse(reply, caller);
    const page = pageOf(request);
    if ('code' in page) return refuse(reply, page);
    const found = pageOfSorted(registry.tenants(), ({ tenant }) => tenant, page);
    return reply.send({ ...found, items: found.items.map(bodyOf) });
  });

  app.get<{ Params: NamedParams }>('/v1/tenants/:id', { schema: { response: { 200: tenantSchema } } }, (request, reply) => {
    const caller = callerOf(request.raw, authenticator);
    if ('code' in caller) return refuse(reply, caller);
    const { principal } = caller;
    if (principal.kind !== 'admin' && principal.tenant !== request.params.id)
      return refuse(reply, refusal('forbidden', `the credential belongs to tenant ${principal.tenant}`));
    const entry = registry.tenant(request.params.id);
    return entry === undefined ? refuseWhy(reply, 'unknown-tenant') : show(reply, entry);
  });

  app.patch<{ Params: NamedParams; Body: TenantDraft & Versioned }>(
    '/v1/tenants/:id',
    { schema: { body: tenantPatchSchema, response: { 200: tenantSchema } } },
    async (request, reply) => {
      const caller = adminCaller(request.raw, authenticator);
      if ('code' in caller) return refuse(reply, caller);
      const { version, ...patch } = request.body;
      const expected = expectedOf(request.headers['if-match'], version);
      if ('code' in expected) return refuse(reply, expected);
      const bad = documentRefusal(patch, 'shared');
      if (bad !== undefined) return refuse(reply, bad);
      const { id } = request.params;
      const done = await commands
        .as(caller.principal.credential)
        .updateTenant(id, (known) => patchedTenant(known, patch), { did: 'updated', expected });
      return done.ok ? show(reply, done.value) : refuseDone(reply, done, registry.tenantSeq(id));
    },
  );
}

function withoutNulls({ limits, name, policy }: TenantDraft): Pick<TenantEntry, 'name' | 'policy' | 'limits'> {
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(policy === undefined || policy === null ? {} : { policy }),
    ...(limits === undefined || limits === null ? {} : { limits }),
  };
}

function patchedTenant(known: TenantEntry, patch: TenantDraft): TenantEntry {
  const { limits, name, policy, ...rest } = known;
  return {
    ...rest,
    ...withoutNulls({
      name: patch.name === undefined ? (name ?? null) : patch.name,
      policy: patch.policy === undefined ? (policy ?? null) : patch.policy,
      limits: patch.limits === undefined ? (limits ?? null) : patch.limits,
    }),
  };
}
