/** `GET /v1/stream`: the live feed as server-sent events, and the tickets that browsers open it with. */
import type { FastifyInstance } from 'fastify';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { quoted } from '../../engine/kernel/quoted.ts';
import { ticketSchema } from '../../schemas/http/stream.ts';
import { FEED_KINDS, type FeedKind } from '../feed/feed-item.ts';
import { KIND_SCOPES, maySee, mayShow, visibleKinds } from '../feed/feed-scope.ts';
import type { FeedReader } from '../feed/feed-reader.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import { decodeToken, placesAfter, type Places } from '../feed/place.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import { notGranted } from './access.ts';
import { EventStream } from './event-stream.ts';
import { refuse } from './reply.ts';
import { type StreamCaller, type StreamCallerDeps, streamCaller } from './stream-caller.ts';

/** Streams of one edge at once: each may hold some hundred kilobytes. */
const STREAMS_MAX = 1_000;
/** Devices that one stream may name; more are asked for without naming any. */
const DEVICES_MAX = 100;
/** A log that is there tells its end in milliseconds. */
const OPEN_MS_MAX = 5_000;

export interface StreamRouteDeps extends StreamCallerDeps {
  readonly feed: LogFeed;
  readonly registry: RegistryCache;
}

/** What is asked for, and may be seen. */
export interface FeedWish {
  readonly caller: StreamCaller;
  readonly tenant: string;
  readonly kinds: readonly FeedKind[];
  /** Empty: all of the tenant. */
  readonly devices: readonly string[];
  readonly from: Places | undefined;
}

export interface StreamRoutes {
  /** Ends every stream; their clients come back, to another process where there is one. */
  drain(): void;
}

export function streamRoutes(app: FastifyInstance, deps: StreamRouteDeps): StreamRoutes {
  const streams = new Set<EventStream>();
  let isDraining = false;

  app.post('/v1/stream/tickets', { schema: { response: { 201: ticketSchema } } }, (request, reply) => {
    const caller = streamCaller(request.raw, new URLSearchParams(), deps);
    if ('code' in caller) return refuse(reply, caller);
    if (caller.token === '') return refuse(reply, refusal('forbidden', 'a ticket stands for a token; a certificate has none'));
    return reply.code(201).send(deps.tickets.issue({ token: caller.token, tenant: caller.tenant }));
  });

  app.get('/v1/stream', async (request, reply) => {
    const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
    const caller = streamCaller(request.raw, query, deps);
    if ('code' in caller) return refuse(reply, caller);
    const { headers } = request;
    const lastId = headers['last-event-id'];
    const wish = wishOf(caller, { query, from: typeof lastId === 'string' && lastId !== '' ? lastId : query.get('from') }, deps);
    if ('code' in wish) return refuse(reply, wish);
    if (isDraining) return refuse(reply, refusal('draining', 'this process is shutting down', { retryAfterMs: 1_000 }));
    if (streams.size >= STREAMS_MAX)
      return refuse(
        reply,
        refusal('overloaded', `this process has ${STREAMS_MAX} streams open`, { limit: 'streams', retryAfterMs: 5_000 }),
      );
    const reader = await openInTime(wish, deps);
    if (reader === undefined)
      return refuse(reply, refusal('log-unavailable', 'the end of the log was not found in time', { retryAfterMs: 1_000 }));
    reply.hijack();
    const stream = new EventStream(reply.raw, reader);
    streams.add(stream);
    const unlisten = deps.authenticator.onRevoked(caller.principal.credential, () => stream.end());
    if (isDraining || reply.raw.destroyed) stream.end();
    await stream.run();
    unlisten();
    streams.delete(stream);
    return reply;
  });

  return {
    drain() {
      isDraining = true;
      for (const stream of streams) stream.end();
    },
  };
}

/** What a query asks for, if the caller may see it. */
export function wishOf(
  caller: StreamCaller,
  asked: { readonly query: URLSearchParams; readonly from: string | null },
  { feed, registry }: Pick<StreamRouteDeps, 'feed' | 'registry'>,
): FeedWish | Refusal {
  const { principal, tenant } = caller;
  if (principal.kind === 'device') return refusal('forbidden', 'a stream takes an API key, not the credential of a device');
  if (tenant === undefined)
    return refusal('tenant-required', 'the administrator token belongs to no tenant: name one in the header Twinfold-Tenant');
  if (!registry.hasTenant(tenant)) return refusal('unknown-tenant', `there is no tenant ${quoted(tenant)}`);
  const kinds = kindsOf(caller, asked.query.getAll('types'));
  if ('code' in kinds) return kinds;
  const names = asked.query.getAll('device').flatMap((text) => text.split(','));
  if (names.length > DEVICES_MAX)
    return refusal('malformed', `a stream names at most ${DEVICES_MAX} devices; without any it has all of them`, { limit: 'devices' });
  const devices: string[] = [];
  for (const name of names) {
    const device = registry.device(tenant, name);
    if (device === undefined) return refusal('not-found', `no device ${quoted(name)} is registered in this tenant`);
    if (!devices.includes(device.id)) devices.push(device.id);
  }
  const from = fromOf(asked.from, { tenant, devices }, feed);
  return from !== undefined && 'code' in from ? from : { caller, tenant, kinds, devices, from };
}

/** The feed as it was wished; everything is asked for again at each item, because what is granted changes. */
export async function openWish(
  { caller, devices, from, kinds, tenant }: FeedWish,
  { feed, registry }: Pick<StreamRouteDeps, 'feed' | 'registry'>,
  budgetBytes?: number,
): Promise<FeedReader> {
  const named = devices.length > 1 ? new Set(devices) : undefined;
  return feed.open({
    tenant,
    device: devices.length === 1 ? devices[0] : undefined,
    kinds,
    from,
    wants: (item) => (named === undefined || named.has(item.device)) && mayShow(caller.principal, item, registry),
    ...(budgetBytes === undefined ? {} : { budgetBytes }),
  });
}

/** Undefined: the log did not answer in time. */
export async function openInTime(
  wish: FeedWish,
  deps: Pick<StreamRouteDeps, 'feed' | 'registry'>,
  budgetBytes?: number,
): Promise<FeedReader | undefined> {
  const opening = openWish(wish, deps, budgetBytes);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), OPEN_MS_MAX);
  });
  const reader = await Promise.race([opening, late]);
  clearTimeout(timer);
  if (reader === undefined) void opening.then((opened) => opened.close());
  return reader;
}

function kindsOf({ principal }: StreamCaller, asked: readonly string[]): readonly FeedKind[] | Refusal {
  const words = asked.flatMap((text) => text.split(','));
  if (words.length === 0) {
    const kinds = visibleKinds(principal);
    return kinds.length > 0 ? kinds : notGranted(KIND_SCOPES.telemetry);
  }
  const kinds: FeedKind[] = [];
  for (const word of words) {
    const kind = FEED_KINDS.find((known) => known === word);
    if (kind === undefined) return refusal('malformed', `there is no type ${quoted(word)}; there are ${FEED_KINDS.join(', ')}`);
    if (!maySee(principal, kind)) return notGranted(KIND_SCOPES[kind]);
    kinds.push(kind);
  }
  return kinds;
}

/** A token, or for one device a position. */
function fromOf(
  text: string | null,
  { devices, tenant }: { readonly tenant: string; readonly devices: readonly string[] },
  { partitions }: LogFeed,
): Places | Refusal | undefined {
  if (text === null || text === '') return undefined;
  const token = decodeToken(text, partitions);
  if (token !== undefined) return token;
  const places = placesAfter(text, partitions);
  if (places === undefined) return refusal('malformed', 'what to go on from is no token of this stream, and no position');
  const [device] = devices;
  if (devices.length !== 1 || device === undefined || !places.has(partitionOf(tenant, device, partitions)))
    return refusal('malformed', 'a position will do for the stream of one device, whose position it is; otherwise a token is needed');
  return places;
}
