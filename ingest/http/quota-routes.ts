/** Limits and quotas: what a tenant may, what of it is used, and which limit refused whom. */
import type { FastifyInstance } from 'fastify';
import { limitsProblems, type LimitsDoc } from '../../engine/domain/limits-doc.ts';
import { bansSchema, deviceLimitsSchema, limitsSchema, quotasSchema, usageSchema } from '../../schemas/http/quotas.ts';
import type { LimitsView } from '../limits/limits-view.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import { anyScopeCaller, deviceCaller, tenantCaller } from './access.ts';
import { WHY } from './registry-bodies.ts';
import { refuse } from './reply.ts';
import { USAGE_SCOPES } from './route-needs.ts';

export interface QuotaRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly view: LimitsView;
  readonly commands: RegistryCommands;
}

const SILENT = refusal('quota-unavailable', 'the partition that keeps the account has no owner now; try again', { retryAfterMs: 2_000 });

export function quotaRoutes(app: FastifyInstance, { authenticator, commands, registry, view }: QuotaRoutesDeps): void {
  app.get('/v1/quotas', { schema: { response: { 200: quotasSchema } } }, (request, reply) => {
    const caller = anyScopeCaller(request.raw, authenticator, USAGE_SCOPES);
    if ('code' in caller) return refuse(reply, caller);
    const entry = registry.tenant(caller.tenant);
    if (entry === undefined) return refuse(reply, unknownTenant(caller.tenant));
    return reply.send({ tenant: caller.tenant, limits: entry.limits ?? {} });
  });

  app.put<{ Body: LimitsDoc }>(
    '/v1/quotas',
    { schema: { body: limitsSchema, response: { 200: quotasSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'quota:admin');
      if ('code' in caller) return refuse(reply, caller);
      const { principal, tenant } = caller;
      const problems = limitsProblems(request.body);
      const [first] = problems;
      if (first !== undefined) return refuse(reply, refusal('malformed', `${first.pointer}: ${first.detail}`), { errors: problems });
      if (registry.tenant(tenant) === undefined) return refuse(reply, unknownTenant(tenant));
      const done = await commands.as(principal.credential).updateTenant(tenant, (known) => ({ ...known, limits: request.body }), 'updated');
      return done.ok ? reply.send({ tenant, limits: done.value.limits ?? {} }) : refuse(reply, WHY[done.why]);
    },
  );

  app.get('/v1/quotas/usage', { schema: { response: { 200: usageSchema } } }, async (request, reply) => {
    const caller = anyScopeCaller(request.raw, authenticator, USAGE_SCOPES);
    if ('code' in caller) return refuse(reply, caller);
    if (registry.tenant(caller.tenant) === undefined) return refuse(reply, unknownTenant(caller.tenant));
    const usage = await view.usage(caller.tenant);
    return usage === undefined ? refuse(reply, SILENT) : reply.send(usage);
  });

  app.get<{ Params: { readonly id: string } }>(
    '/v1/devices/:id/limits',
    { schema: { response: { 200: deviceLimitsSchema } } },
    async (request, reply) => {
      const caller = anyScopeCaller(request.raw, authenticator, USAGE_SCOPES);
      if ('code' in caller) return refuse(reply, caller);
      const device = registry.device(caller.tenant, request.params.id)?.entry.id;
      if (device === undefined) return refuse(reply, refusal('not-found', 'there is no such device in this tenant'));
      const limits = await view.device(caller.tenant, device);
      return limits === undefined ? refuse(reply, SILENT) : reply.send({ tenant: caller.tenant, device, limits });
    },
  );

  app.get('/v1/me/limits', { schema: { response: { 200: deviceLimitsSchema } } }, async (request, reply) => {
    const caller = deviceCaller(request.raw, authenticator, undefined);
    if ('code' in caller) return refuse(reply, caller);
    const { tenant, device } = caller.principal;
    const limits = await view.device(tenant, device);
    return limits === undefined ? refuse(reply, SILENT) : reply.send({ tenant, device, limits });
  });
}

/** Who fails to log in without end: addresses, so the administrator's alone. */
export function banRoutes(app: FastifyInstance, view: LimitsView): void {
  app.get('/v1/bans', { schema: { response: { 200: bansSchema } } }, async (_request, reply) => {
    const bans = await view.bans();
    return reply.send({
      items: bans.map(({ allowed, edge, lastMs, name, refused, scope, sinceMs, untilMs, window }) => ({
        edge,
        limit: `${scope}-failures`,
        name,
        window,
        allowed,
        since: new Date(sinceMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        refused,
        last: new Date(lastMs).toISOString(),
      })),
    });
  });
}

function unknownTenant(tenant: string): Refusal {
  return refusal('unknown-tenant', `there is no tenant ${tenant}; POST /v1/tenants creates it`);
}
