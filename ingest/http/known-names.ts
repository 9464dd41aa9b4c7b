/**
 * What a request names beside its path: the parameters of a list's query, and the tenant of the administrator's calls. A
 * name that is none is refused, because what was meant by it would be passed over.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { quoted } from '../../engine/kernel/quoted.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import { WHY } from './registry-bodies.ts';
import { refuse } from './reply.ts';
import { nameOf, ROUTE_NEEDS } from './route-needs.ts';

const PAGED = ['limit', 'cursor'] as const;

/** Parameters of queries, by route as `ROUTE_NEEDS` names it. */
const QUERIES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['GET /v1/tenants', PAGED],
  ['GET /v1/keys', PAGED],
  ['GET /v1/groups', PAGED],
  ['GET /v1/devices', ['tag', 'group', 'state', 'prefix', ...PAGED]],
  ['GET /v1/audit', ['kind', 'id', 'actor', 'did', ...PAGED]],
  ['GET /v1/devices/:id/credentials', []],
  ['GET /v1/tenants/:id/cas', []],
  ['GET /v1/bans', []],
  ['GET /v1/partitions', []],
  ['POST /v1/devices:import', ['tokens']],
  ['GET /v1/stream', ['types', 'device', 'from', 'ticket']],
  ['POST /v1/stream/tickets', []],
]);

/** To be called after the needs of routes, which come first: who may not ask isn't told what there is. */
export function installNameChecks(app: FastifyInstance, registry: Pick<RegistryCache, 'hasTenant'>): void {
  app.addHook('preValidation', (request, reply, done) => {
    const route = nameOf(request.method, request.routeOptions.url ?? '');
    const refused = unknownTenant(route, request, registry) ?? unknownParameter(QUERIES.get(route), request.url);
    if (refused === undefined) done();
    else void refuse(reply, refused);
  });
}

/** A key's own tenant is there, and another it was refused before. */
function unknownTenant(route: string, { headers }: FastifyRequest, registry: Pick<RegistryCache, 'hasTenant'>): Refusal | undefined {
  const named = headers['twinfold-tenant'];
  if (typeof named !== 'string') return undefined;
  const need = ROUTE_NEEDS.get(route);
  const isOfTenant = typeof need === 'object' && ('application' in need || 'applicationPart' in need || 'applicationAny' in need);
  return isOfTenant && !registry.hasTenant(named) ? WHY['unknown-tenant'] : undefined;
}

function unknownParameter(known: readonly string[] | undefined, url: string): Refusal | undefined {
  const start = url.indexOf('?');
  if (known === undefined || start < 0) return undefined;
  for (const name of new URLSearchParams(url.slice(start + 1)).keys()) {
    if (known.includes(name)) continue;
    const there = known.length === 0 ? 'this list takes none' : `there are ${known.join(', ')}`;
    return refusal('malformed', `there is no query parameter ${quoted(name)}; ${there}`);
  }
  return undefined;
}
