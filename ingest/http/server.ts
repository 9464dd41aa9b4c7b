/**
 * The HTTP edge: fastify serves the API, and `POST /telemetry` goes past its body parsers to the exchange that reads the
 * socket itself. Owns the listener, its limits, and how it ends.
 */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import type { Clock } from '../../engine/kernel/clock.ts';
import { FIRST_PACKET_MS_MAX } from '../../engine/kernel/limits.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import { VIA } from '../../schemas/envelope.ts';
import { PROBLEMS } from '../../schemas/http/problems.ts';
import type { Admission } from '../admit.ts';
import { DeviceDirectory } from '../registry/device-directory.ts';
import type { RegistryGrants } from '../credentials/grants.ts';
import type { LimitsView } from '../limits/limits-view.ts';
import type { Authenticator, Intake } from '../message.ts';
import type { LastUsed } from '../credentials/last-used.ts';
import type { LogFeed } from '../feed/log-feed.ts';
import type { Psks } from '../credentials/psk.ts';
import { Provisioning } from '../registry/provisioning.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import { TelemetrySplitter } from '../telemetry/split.ts';
import type { TenantCas } from '../credentials/tenant-cas.ts';
import type { Tickets } from '../credentials/tickets.ts';
import type { WsByteStream } from '../ws/byte-stream.ts';
import type { ConnectionWatch, WsContext } from '../ws/context.ts';
import { isForDoor, WsDoor } from '../ws/door.ts';
import { type Analysts, analystRoutes } from './analyst-routes.ts';
import { BODIES_BYTES_MAX, ByteBudget } from './body.ts';
import { eraseRoutes, type Erasing } from './erase-routes.ts';
import { caRoutes } from './ca-routes.ts';
import { guardConnections } from './connection-guard.ts';
import { HttpMetrics } from './http-metrics.ts';
import { installIdempotency } from './idempotency.ts';
import { installNameChecks } from './known-names.ts';
import type { IdempotencyOptions } from './idempotency-keys.ts';
import { operationsRoutes, type Readiness } from './operations-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { PROBLEM_TYPE, problemBody } from './problem.ts';
import { banRoutes, quotaRoutes } from './quota-routes.ts';
import { type EventReaders, readRoutes } from './read-routes.ts';
import { type RegistrationOptions, registerRoute } from './register-route.ts';
import { registryRoutes } from './registry-routes.ts';
import { installErrorHandlers, refuse } from './reply.ts';
import { installRouteNeeds } from './route-needs.ts';
import { type StreamRoutes, streamRoutes } from './stream-route.ts';
import { TelemetryRoute } from './telemetry-route.ts';

/** Bodies of the API are decisions, not data. */
const API_BODY_BYTES_MAX = 64 * 1024;
/** More sockets than this and the process needs a sibling. */
const CONNECTIONS_MAX = 20_000;
/** Beyond the longest `Prefer: wait`, so that a silent socket is not one that waits for us. */
const SILENT_SOCKET_MS_MAX = 90_000;
const KEEP_ALIVE_MS = 75_000;
/** How often connections are looked through for headers that are late. */
const CONNECTIONS_LOOK_MS = 1_000;
/** A process has 10 s to end, and its lanes want some of them. */
const DRAIN_MS_MAX = 4_000;

export interface HttpOptions {
  readonly host: string;
  /** 0: chosen by the system. `off`: nothing listens here, and connections come by `accept` alone. */
  readonly port: number | 'off';
  readonly intake: Intake;
  /** The highest sequence of the partition that this process has acknowledged (`LogPublisher.storedSeq`). */
  readonly storedSeq: (partition: number) => number;
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly grants: RegistryGrants;
  readonly commands: RegistryCommands;
  readonly psks: Psks;
  readonly idempotency: IdempotencyOptions;
  /** Undefined: nothing is limited, and the routes about limits are not there. */
  readonly admission?: Admission | undefined;
  readonly limitsView?: LimitsView | undefined;
  /** Absent: the routes about certificates are not there. */
  readonly cas?: TenantCas;
  readonly ask: AskClient;
  readonly readers: EventReaders;
  /** Absent: devices don't register themselves here. */
  readonly registration?: RegistrationOptions;
  readonly lastUsed?: LastUsed;
  /** Absent: this process asks no analytics store for tenants. */
  readonly analysts?: Analysts;
  /** Absent: no device is erased through this process. */
  readonly erasing?: Erasing;
  /** Absent: there is no live feed here, and there are no WebSockets. */
  readonly live?: LiveSide;
  readonly readiness: () => Promise<Readiness>;
  readonly fullness?: () => string | undefined;
  readonly metrics: MetricsRegistry;
  readonly clock: Clock;
  readonly version: string;
  readonly log: Log;
  /** Request bodies that may be held at once; `BODIES_BYTES_MAX` where nothing is said. */
  readonly bodiesBytesMax?: number;
}

/** The live feed, and those who keep a connection for it. */
export interface LiveSide {
  readonly feed: LogFeed;
  readonly tickets: Tickets;
  /** Takes MQTT over a WebSocket; undefined: there is none, or not yet. */
  readonly mqtt: () => { accept(stream: WsByteStream): void } | undefined;
  readonly connections?: ConnectionWatch;
}

export interface HttpServer {
  /** 0 where nothing listens. */
  readonly port: number;
  /** Methods and paths, as `ROUTE_NEEDS` names them. */
  readonly routes: readonly string[];
  /** Takes a connection that came by another way: a TLS socket after its handshake. */
  accept(socket: Socket): void;
  /** Takes nothing new; resolves when the telemetry requests that are open are answered, or their time is over. */
  drain(): Promise<void>;
  /** Ends what is left. */
  close(): Promise<void>;
}

/** Rejects when it cannot listen. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { intake, authenticator, registry, ask, clock } = options;
  const metrics = new HttpMetrics(options.metrics);
  const splitter = new TelemetrySplitter(new DeviceDirectory({ registry, partitions: intake.partitions, via: VIA.http }));
  const budget = new ByteBudget(options.bodiesBytesMax ?? BODIES_BYTES_MAX);
  const telemetry = new TelemetryRoute({ intake, splitter, ask, clock, budget, metrics, authenticator, admission: options.admission });
  let isDraining = false;

  const app = openFastify(options);
  // An expectation that nobody knows is passed over (RFC 9110 §10.1.1): the request says what it wants all the same.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.addHook('onRequest', (request, reply, done) => {
    // RFC 9112 §3.2.
    if (request.raw.headers.host !== undefined || request.raw.httpVersion === '1.0') done();
    else void refuse(reply, refusal('malformed', 'an HTTP/1.1 request names its host'));
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  options.metrics.gauge({ name: 'twinfold_http_bodies_bytes', help: 'Request bodies that are held now.' }, () => [
    { labels: {}, value: budget.used },
  ]);

  installErrorHandlers(app, { metrics, log: options.log });
  const refusedConnection = options.admission === undefined ? () => undefined : guardConnections(app, options.admission);
  const routes = installRouteNeeds(app, authenticator);
  installIdempotency(app, { ...options.idempotency, authenticator, registration: options.registration, metrics: options.metrics });
  await app.register(telemetryPlugin(telemetry));
  apiRoutes(app, options, metrics);
  const live = options.live === undefined ? undefined : openLive(app, options, { live: options.live, refusedConnection });
  operationsRoutes(app, {
    ask,
    metrics: options.metrics,
    clock,
    partitions: intake.partitions,
    version: options.version,
    readiness: options.readiness,
    fullness: options.fullness,
    isDraining: () => isDraining,
  });
  await listen(app, options);
  return {
    port: portOf(app),
    routes,
    accept: (socket) => void app.server.emit('connection', socket),
    async drain() {
      isDraining = true;
      live?.streams.drain();
      await Promise.all([telemetry.drain(DRAIN_MS_MAX), live?.door.drain(DRAIN_MS_MAX)]);
    },
    async close() {
      isDraining = true;
      live?.streams.drain();
      live?.door.close();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** Fastify with the limits of the edge; no hooks and no routes yet. */
function openFastify(options: HttpOptions): FastifyInstance {
  return fastify({
    logger: false,
    bodyLimit: API_BODY_BYTES_MAX,
    // A stream of lines may take any time; its pieces are timed one by one.
    requestTimeout: 0,
    connectionTimeout: SILENT_SOCKET_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 512 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, verbose: true } },
    // Who names no host is refused below: Node would do it without a code.
    http: {
      headersTimeout: FIRST_PACKET_MS_MAX,
      connectionsCheckingInterval: CONNECTIONS_LOOK_MS,
      requireHostHeader: false,
      shouldUpgradeCallback: (request) => options.live !== undefined && isForDoor(request),
    },
    clientErrorHandler,
    frameworkErrors: (_error, _request, reply) => {
      void refuse(reply, refusal('malformed', 'the path cannot be read, or a part of it is too long'));
    },
  });
}

/** All of the API but what operators look at; a part that this process hasn't got leaves its routes out. */
function apiRoutes(app: FastifyInstance, options: HttpOptions, metrics: HttpMetrics): void {
  const { intake, authenticator, registry, grants, ask, clock } = options;
  installNameChecks(app, registry);
  if (options.cas !== undefined) caRoutes(app, { authenticator, registry, commands: options.commands, cas: options.cas });
  registryRoutes(app, {
    authenticator,
    registry,
    commands: options.commands,
    psks: options.psks,
    metrics,
    ...(options.lastUsed === undefined ? {} : { lastUsed: options.lastUsed }),
    allowLoopbackHooks: options.registration?.webhook?.allowLoopback === true,
  });
  if (options.registration !== undefined) {
    const { webhook } = options.registration;
    const parts = { registry, commands: options.commands, clock, ...(webhook === undefined ? {} : { webhook }) };
    registerRoute(app, { ...options.registration, authenticator, provisioning: new Provisioning(parts) });
  }
  readRoutes(app, { authenticator, registry, ask, readers: options.readers, partitions: intake.partitions, storedSeq: options.storedSeq });
  if (options.erasing !== undefined)
    eraseRoutes(app, { authenticator, registry, commands: options.commands, intake, ask, clock, erasing: options.erasing });
  if (options.analysts !== undefined)
    analystRoutes(app, { authenticator, registry, commands: options.commands, analysts: options.analysts });
  policyRoutes(app, { authenticator, registry, grants });
  if (options.limitsView !== undefined) {
    quotaRoutes(app, { authenticator, registry, commands: options.commands, view: options.limitsView });
    banRoutes(app, options.limitsView);
  }
}

/** The stream's routes, and the door of WebSockets. */
function openLive(
  app: FastifyInstance,
  { admission, authenticator, clock, intake, registry, ...options }: HttpOptions,
  parts: { readonly live: LiveSide; readonly refusedConnection: (socket: Socket) => Refusal | undefined },
): { readonly streams: StreamRoutes; readonly door: WsDoor } {
  const { live, refusedConnection } = parts;
  const { connections, feed, tickets } = live;
  const metrics = new HttpMetrics(options.metrics, 'ws');
  options.metrics.gauge({ name: 'twinfold_feed_readers', help: 'Streams and subscriptions that read the live feed.' }, () => [
    { labels: {}, value: feed.readers },
  ]);
  const splitter = new TelemetrySplitter(new DeviceDirectory({ registry, partitions: intake.partitions, via: VIA.websocket }));
  const context: WsContext = {
    authenticator,
    tickets,
    registry,
    feed,
    intake,
    splitter,
    admission,
    clock,
    connections,
    refused: (why) => metrics.refused(why),
    stored: (events, ms) => metrics.stored(events, ms),
  };
  return {
    streams: streamRoutes(app, { authenticator, tickets, registry, feed }),
    door: new WsDoor(app.server, { context, mqtt: (stream) => acceptOrEnd(live, stream), refusedConnection }),
  };
}

function acceptOrEnd({ mqtt }: LiveSide, stream: WsByteStream): void {
  const listener = mqtt();
  if (listener === undefined) stream.destroy();
  else listener.accept(stream);
}

async function listen(app: FastifyInstance, { host, port }: HttpOptions): Promise<void> {
  if (port !== 'off') {
    await app.listen({ host, port });
    return;
  }
  await app.ready();
  // From here on Node looks after the time that headers take, also of connections that are handed in.
  app.server.emit('listening');
}

/** The body's bytes belong to the exchange: no parser touches them. */
function telemetryPlugin(telemetry: TelemetryRoute): (app: FastifyInstance) => Promise<void> {
  return (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request: unknown, _payload: IncomingMessage, done: (error: Error | null) => void) => done(null));
    app.post('/telemetry', (request, reply) => {
      reply.hijack();
      telemetry.handle(request.raw, reply.raw);
    });
    return Promise.resolve();
  };
}

/** What isn't even HTTP. */
function clientErrorHandler(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refused =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? refusal('request-timeout', 'the headers did not come in time')
      : refusal('malformed', 'this is no HTTP request');
  const body = JSON.stringify(problemBody(refused));
  const { status } = PROBLEMS[refused.code];
  socket.end(
    `HTTP/1.1 ${status} ${status === 408 ? 'Request Timeout' : 'Bad Request'}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function portOf(app: FastifyInstance): number {
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
