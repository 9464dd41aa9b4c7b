/**
 * What each route of the API needs of its caller, in one table, looked at before a route's body is read. A route that the
 * table doesn't name is refused to everybody.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../engine/domain/policy-grant.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { adminCaller, anyScopeCaller, type Caller, deviceCaller, operatorCaller, partCaller, tenantCaller } from './access.ts';
import { refuse } from './reply.ts';

export type Need =
  /** Nothing: it says nothing that isn't everybody's. */
  | 'nothing'
  /** What the handler says: it knows callers of several kinds, or of another. */
  | 'handler'
  | 'administrator'
  /** An API key with the scope, for its tenant; or the administrator, who names one. */
  | { readonly application: Scope }
  /** The same, where a part of what the scope covers will do. */
  | { readonly applicationPart: Scope }
  /** The same, where the path names the tenant: `:id`. */
  | { readonly ownTenant: Scope }
  /** The same, where one of several will do. */
  | { readonly applicationAny: readonly Scope[] }
  /** A device, for what is its own. */
  | { readonly device: Scope | undefined };

const REGISTRY: Need = { application: 'registry:admin' };
const OWN_TENANT: Need = { ownTenant: 'registry:admin' };
const QUOTA: Need = { application: 'quota:admin' };
/** Whoever sends or reads may know why it is held up; to change a limit is another matter. */
export const USAGE_SCOPES: readonly Scope[] = ['quota:admin', 'registry:admin', 'telemetry:read', 'telemetry:write'];
const USAGE: Need = { applicationAny: USAGE_SCOPES };

/** By method and path as it is registered, without patterns, and with one colon where fastify wants two. */
export const ROUTE_NEEDS: ReadonlyMap<string, Need> = new Map<string, Need>([
  ['GET /healthz', 'nothing'],
  ['GET /readyz', 'nothing'],
  ['GET /metrics', 'nothing'],
  ['GET /problems/:code', 'nothing'],
  // Of all tenants together.
  ['GET /v1/partitions', 'administrator'],

  // Read past fastify: the telemetry route asks for telemetry:write itself.
  ['POST /telemetry', 'handler'],
  ['POST /register', 'handler'],
  ['GET /v1/bans', 'administrator'],
  ['GET /v1/me/limits', { device: undefined }],
  ['GET /v1/devices/:id/twin', { applicationPart: 'twin:read' }],
  // The handler asks for twin:read:presence, or a part of that.
  ['GET /v1/devices/:id/presence', { applicationPart: 'twin:read' }],
  // The gate takes a key where ClickHouse's clients put a password, and asks for analytics:read itself.
  ['GET /clickhouse', 'handler'],
  ['POST /clickhouse', 'handler'],
  ['GET /clickhouse/', 'handler'],
  ['POST /clickhouse/', 'handler'],
  ['GET /clickhouse/ping', 'nothing'],
  ['GET /v1/events/:position', { application: 'telemetry:read' }],
  // A browser shows a ticket or a cookie, and what may be seen depends on what is asked for.
  ['GET /v1/stream', 'handler'],
  ['POST /v1/stream/tickets', 'handler'],

  ['GET /v1/tenants', 'administrator'],
  ['POST /v1/tenants', 'administrator'],
  ['GET /v1/tenants/:id', OWN_TENANT],
  ['PATCH /v1/tenants/:id', 'administrator'],
  ['GET /v1/tenants/:id/analyst', OWN_TENANT],
  ['POST /v1/tenants/:id/analyst', OWN_TENANT],
  ['DELETE /v1/tenants/:id/analyst', OWN_TENANT],
  ['GET /v1/tenants/:id/cas', OWN_TENANT],
  ['POST /v1/tenants/:id/cas', OWN_TENANT],
  ['GET /v1/tenants/:id/cas/:ca', OWN_TENANT],
  ['PATCH /v1/tenants/:id/cas/:ca', OWN_TENANT],
  ['DELETE /v1/tenants/:id/cas/:ca', OWN_TENANT],
  ['GET /v1/tenants/:id/signing-ca', OWN_TENANT],
  ['POST /v1/tenants/:id/signing-ca', OWN_TENANT],
  ['DELETE /v1/tenants/:id/signing-ca', OWN_TENANT],

  ['GET /v1/keys', REGISTRY],
  ['POST /v1/keys', REGISTRY],
  ['GET /v1/keys/:id', REGISTRY],
  ['PATCH /v1/keys/:id', REGISTRY],
  ['DELETE /v1/keys/:id', REGISTRY],
  ['POST /v1/keys/:id:rotate', REGISTRY],
  ['GET /v1/groups', REGISTRY],
  ['POST /v1/groups', REGISTRY],
  ['GET /v1/groups/:id', REGISTRY],
  ['PATCH /v1/groups/:id', REGISTRY],
  ['DELETE /v1/groups/:id', REGISTRY],
  ['POST /v1/policies:explain', REGISTRY],
  ['GET /v1/audit', REGISTRY],

  ['GET /v1/devices', REGISTRY],
  ['POST /v1/devices', REGISTRY],
  ['POST /v1/devices:import', REGISTRY],
  ['GET /v1/devices/:id', REGISTRY],
  ['PATCH /v1/devices/:id', REGISTRY],
  ['DELETE /v1/devices/:id', REGISTRY],
  ['GET /v1/devices/by-external-id/:id', REGISTRY],
  ['GET /v1/devices/:id/credentials', REGISTRY],
  ['POST /v1/devices/:id/credentials', REGISTRY],
  ['POST /v1/devices/:id/certificates', REGISTRY],
  ['DELETE /v1/devices/:id/credentials/:credential', REGISTRY],
  ['POST /v1/devices/:id/credentials/:credential:rotate', REGISTRY],
  ['POST /v1/devices/:id:disable', REGISTRY],
  ['POST /v1/devices/:id:enable', REGISTRY],
  ['POST /v1/devices/:id:decommission', REGISTRY],
  ['POST /v1/devices/:id:erase', REGISTRY],
  ['GET /v1/devices/:id/erasure', REGISTRY],
  ['GET /v1/devices/:id/limits', USAGE],
  ['GET /v1/quotas', USAGE],
  ['PUT /v1/quotas', QUOTA],
  ['GET /v1/quotas/usage', USAGE],
]);

/** As the table has it. */
export function nameOf(method: string, url: string): string {
  return `${method === 'HEAD' ? 'GET' : method} ${url.replaceAll(/\(\^[^)]*\)/g, '').replaceAll('::', ':')}`;
}

/** To be called before the routes are added; answers the list that names them as they come. */
export function installRouteNeeds(app: FastifyInstance, authenticator: Authenticator): readonly string[] {
  const routes: string[] = [];
  app.addHook('onRoute', (route) => {
    const methods = typeof route.method === 'string' ? [route.method] : route.method;
    const needs = new Map(methods.map((method) => [method, ROUTE_NEEDS.get(nameOf(method, route.url))]));
    routes.push(...methods.filter((method) => method !== 'HEAD').map((method) => nameOf(method, route.url)));
    if ([...needs.values()].every((need) => need === 'nothing' || need === 'handler')) return;
    const check = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      const refused = refusedFor(needs.get(request.method), request, authenticator);
      if (refused === undefined) done();
      else void refuse(reply, refused);
    };
    const others = route.onRequest === undefined ? [] : [route.onRequest].flat();
    route.onRequest = [check, ...others];
  });
  return routes;
}

function refusedFor(need: Need | undefined, request: FastifyRequest, authenticator: Authenticator): Refusal | undefined {
  const caller = callerFor(need, request, authenticator);
  return 'code' in caller ? caller : undefined;
}

function ownTenantCaller(request: FastifyRequest, authenticator: Authenticator, scope: Scope): Caller | Refusal {
  const caller = operatorCaller(request.raw, authenticator, scope);
  if ('code' in caller || caller.principal.kind !== 'key') return caller;
  const { params } = request;
  const named = typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined;
  return named === caller.principal.tenant ? caller : refusal('forbidden', `the key belongs to tenant ${caller.principal.tenant}`);
}

function callerFor(need: Need | undefined, request: FastifyRequest, authenticator: Authenticator): object | Refusal {
  const { raw } = request;
  switch (need) {
    case undefined:
      return refusal('forbidden', 'no policy can grant this route: nothing says what it needs');
    case 'nothing':
    case 'handler':
      return {};
    case 'administrator':
      return adminCaller(raw, authenticator);
    default:
      if ('application' in need) return tenantCaller(raw, authenticator, need.application);
      if ('applicationPart' in need) return partCaller(raw, authenticator, need.applicationPart);
      if ('applicationAny' in need) return anyScopeCaller(raw, authenticator, need.applicationAny);
      if ('ownTenant' in need) return ownTenantCaller(request, authenticator, need.ownTenant);
      return deviceCaller(raw, authenticator, need.device);
  }
}
