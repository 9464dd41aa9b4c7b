/** An HTTP edge on a real socket, with the log and the registry in memory, and an owner that answers as it is told. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { compileLimits, type LimitsDoc } from '../../../engine/domain/limits-doc.ts';
import type { EdgeCalls } from '../../../engine/ports/edge-calls.ts';
import type { Clock } from '../../../engine/kernel/clock.ts';
import { TwinfoldError } from '../../../engine/kernel/errors.ts';
import { type Fate, MemoryAppender } from '../../../engine/memory/memory-appender.ts';
import { MemoryKeptAnswers } from '../../../engine/memory/memory-kept-answers.ts';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { MetricsRegistry } from '../../../engine/observability/metrics.ts';
import type { AskClient, AskedEvent, Asked, AskOptions, EventOutcome } from '../../../engine/ports/ask.ts';
import type { KeptAnswers } from '../../../engine/ports/kept-answers.ts';
import type { RegistryLog } from '../../../engine/ports/registry.ts';
import { RegistryAuthenticator } from '../../../ingest/credentials/authenticator.ts';
import { hashToken, type Pepper, pepperOf } from '../../../ingest/credentials/credentials.ts';
import { Admission } from '../../../ingest/admit.ts';
import type { BanBook } from '../../../ingest/limits/ban-book.ts';
import { limitsOf } from '../../../ingest/limits/edge-admission.ts';
import { LimitsView } from '../../../ingest/limits/limits-view.ts';
import { sessionUses } from '../../../ingest/mqtt/session-use.ts';
import { QuotaDesk } from '../../../ingest/limits/quota-desk.ts';
import { CertificateSessions } from '../../../ingest/credentials/certificate-sessions.ts';
import { certificateRegistration } from '../../../ingest/http/certificate-proof.ts';
import { Psks } from '../../../ingest/credentials/psk.ts';
import { SecretKey } from '../../../ingest/credentials/secret-key.ts';
import { TenantCas } from '../../../ingest/credentials/tenant-cas.ts';
import { CertificateDirectory } from '../../../ingest/credentials/x509-directory.ts';
import { RegistryGrants } from '../../../ingest/credentials/grants.ts';
import { LastUsedBook } from '../../../ingest/credentials/last-used.ts';
import type { Readiness } from '../../../ingest/http/operations-routes.ts';
import { type HttpServer, startHttp } from '../../../ingest/http/server.ts';
import { LogPublisher } from '../../../ingest/publish.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import { decodeEventBatch, type Event } from '../../../schemas/gen/lean.ts';
import { type ProblemCode, PROBLEMS } from '../../../schemas/http/problems.ts';

export const PARTITIONS = 4;
export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export class ScriptedAsk implements AskClient {
  twins = new Map<string, string>();
  outcomeOf: (event: AskedEvent & { readonly partition: number }) => EventOutcome = () => ({ outcome: 'accepted', reason: 'none' });
  silent: 'no-owner' | 'behind' | undefined;
  readonly asked: { readonly partition: number; readonly minSeq: number }[] = [];

  outcomes(partition: number, events: readonly AskedEvent[], options: AskOptions): Promise<Asked<readonly EventOutcome[]>> {
    return this.#answer(partition, options, () => events.map((event) => this.outcomeOf({ ...event, partition })));
  }

  twin(
    partition: number,
    device: { readonly tenant: string; readonly device: string },
    options: AskOptions,
  ): Promise<Asked<Uint8Array | undefined>> {
    const body = this.twins.get(`${device.tenant}/${device.device}`);
    return this.#answer(partition, options, () => (body === undefined ? undefined : Buffer.from(body)));
  }

  session(partition: number, _session: object, options: AskOptions): Promise<Asked<Uint8Array | undefined>> {
    return this.#answer(partition, options, () => undefined);
  }

  status(partition: number, options: AskOptions): Promise<Asked<Uint8Array>> {
    return this.#answer(partition, options, () => Buffer.from('{"owner":"node-1","lagEvents":0}'));
  }

  #answer<T>(partition: number, options: AskOptions, value: () => T): Promise<Asked<T>> {
    this.asked.push({ partition, minSeq: options.minSeq });
    return Promise.resolve(
      this.silent === undefined ? { ok: true, value: value(), epoch: 7, checkpoint: options.minSeq } : { ok: false, why: this.silent },
    );
  }
}

/** A registry whose answers may not come. */
class LosableRegistry extends MemoryRegistry {
  isLost = false;

  override append(subject: string, data: Uint8Array, expectedLastSeq: number): Promise<number> {
    if (!this.isLost) return super.append(subject, data, expectedLastSeq);
    return Promise.reject(new TwinfoldError('log-unavailable', 'no answer came', { domain: 'external', retryable: true }));
  }
}

/** How long each partition's log was. */
export type LogMark = readonly number[];

export interface Edge {
  readonly url: string;
  readonly port: number;
  readonly admin: string;
  readonly http: HttpServer;
  readonly publisher: LogPublisher;
  readonly appender: MemoryAppender;
  readonly registry: RegistryCache;
  readonly registryLog: LosableRegistry;
  readonly authenticator: RegistryAuthenticator;
  readonly certificates: CertificateSessions;
  readonly cas: TenantCas;
  readonly psks: Psks;
  /** Registers a CA whose devices the tenant trusts; answers its id. */
  addCa(tenant: string, pem: string): Promise<string>;
  readonly commands: RegistryCommands;
  readonly ask: ScriptedAsk;
  readonly metrics: MetricsRegistry;
  readonly rows: Map<string, readonly Readonly<Record<string, unknown>>[]>;
  readiness: Readiness;
  /** Whether messages of the log can't be read. */
  isUnreadable: boolean;
  /** How far the registry's clock is ahead. */
  aheadMs: number;
  /** What becomes of batches from now on. */
  fate: (() => Fate) | undefined;
  /** All events of the log, or those after a mark. */
  events(after?: LogMark): Event[];
  mark(): LogMark;
  stop(): Promise<void>;
}

export interface EdgeLimits {
  /** Another than the memory's, and what tokens of other edges over it are proven by. */
  readonly shared?: { readonly log: RegistryLog; readonly pepper: Pepper; readonly admin: string };
  /** Where answers to repeats are kept, and under which key; who this edge is there. */
  readonly keeping?: {
    readonly answers?: KeptAnswers;
    readonly secretKey?: SecretKey;
    readonly name?: string;
    readonly epoch?: number;
    readonly claimMs?: number;
    readonly answerBytesMax?: number;
  };
  readonly devicesMax?: number;
  readonly bodiesBytesMax?: number;
  /** What the listener takes. */
  readonly listener?: LimitsDoc;
  /** Whether devices' credentials are told with their last use. */
  readonly notesUse?: boolean;
  /** Who fails; nobody counts where nothing is said. */
  readonly bans?: BanBook;
}

export async function startEdge({
  bans,
  devicesMax,
  bodiesBytesMax,
  keeping,
  listener,
  notesUse = false,
  shared,
}: EdgeLimits = {}): Promise<Edge> {
  const pepper = shared?.pepper ?? pepperOf(randomBytes(32).toString('base64url'));
  const admin = shared?.admin ?? `tfa_${randomBytes(32).toString('base64url')}`;
  const own = new LosableRegistry();
  const log = shared?.log ?? own;
  let aheadOf: Edge | undefined;
  const registry = new RegistryCache(log, { now: systemClock.now, monotonic: () => systemClock.monotonic() + (aheadOf?.aheadMs ?? 0) });
  const directory = new CertificateDirectory();
  registry.onFact((fact, seq) => directory.apply(fact, seq));
  const book = limitsOf(registry);
  await registry.caughtUp();
  const commands = new RegistryCommands({
    log,
    cache: registry,
    clock: systemClock,
    randomBytes,
    pepper,
    pins: directory,
    ...(devicesMax === undefined ? {} : { devicesMax }),
  });
  const appender = new MemoryAppender({ partitions: PARTITIONS, fate: () => edge.fate?.() ?? { kind: 'store' } });
  const publisher = new LogPublisher({
    partitions: PARTITIONS,
    edgeEpoch: 1,
    edge: 'edge-a',
    appender,
    clock: systemClock,
    serverId: 'S1',
  });
  const ask = new ScriptedAsk();
  const metrics = new MetricsRegistry(systemClock);
  const rows: Edge['rows'] = new Map();
  const admission = new Admission({
    book,
    clock: systemClock,
    edge: { name: 'edge-a', epoch: 1 },
    desk: new QuotaDesk(publisher, ask),
    ...(listener === undefined ? {} : { listener: compileLimits(listener) }),
  });
  const calls = new LocalEdgeCalls();
  const sessions = sessionUses({ book: admission.book, listener: () => undefined, clock: systemClock });
  const limitsView = new LimitsView({ edge: 'edge-a', admission, desk: new QuotaDesk(publisher, ask), calls, bans, sessions });
  const grants = new RegistryGrants(registry);
  const certificates = new CertificateSessions({ directory, registry, grants, clock: systemClock });
  const secretKey = keeping?.secretKey ?? new SecretKey(randomBytes(32), randomBytes);
  const cas = new TenantCas({ registry, secretKey, clock: systemClock, randomBytes });
  const psks = new Psks({ registry, secretKey, clock: systemClock, randomBytes });
  // Never started: it tells nobody, and makes no device active.
  const lastUsed = new LastUsedBook({
    registry,
    commands,
    log: { append: () => Promise.resolve(), follow: () => ({ stop: () => Promise.resolve() }) },
    clock: systemClock,
  });
  const authenticator = new RegistryAuthenticator({
    registry,
    clock: systemClock,
    pepper,
    grants,
    certificates,
    bans,
    onUsed: (principal) => lastUsed.note(principal),
    adminHash: hashToken(admin, pepper),
  });
  const http = await startHttp({
    host: '127.0.0.1',
    port: 0,
    intake: publisher,
    storedSeq: (partition) => publisher.storedSeq(partition),
    authenticator,
    grants,
    admission,
    limitsView,
    registry,
    commands,
    ...(notesUse ? { lastUsed } : {}),
    cas,
    psks,
    idempotency: {
      answers: new MemoryKeptAnswers(systemClock),
      edge: { name: keeping?.name ?? 'edge-a', epoch: keeping?.epoch ?? 1 },
      ...keeping,
      secretKey,
    },
    ask,
    readers: {
      message: (partition, seq) => (edge.isUnreadable ? Promise.reject(new Error('the log cannot be read')) : appender.get(partition, seq)),
      rows: ({ partition, seq, index }) => Promise.resolve(rows.get(`${partition}.${seq}.${index}`) ?? []),
    },
    registration: {
      keys: authenticator,
      ...certificateRegistration(certificates, cas),
      webhook: { allowLoopback: true },
      endpoints: (host) => ({ http: `http://${host}:${edge.port}` }),
    },
    readiness: () => Promise.resolve(edge.readiness),
    metrics,
    clock: systemClock,
    version: '0.0.0-test',
    log: silentLog,
    ...(bodiesBytesMax === undefined ? {} : { bodiesBytesMax }),
  });
  const edge: Edge = {
    url: `http://127.0.0.1:${http.port}`,
    port: http.port,
    admin,
    http,
    publisher,
    appender,
    registry,
    registryLog: own,
    authenticator,
    certificates,
    cas,
    psks,
    async addCa(tenant, pem) {
      const added = await cas.add(commands, tenant, { pem, isVouchedFor: true });
      if (!added.ok) throw new Error(JSON.stringify(added));
      return added.value.id;
    },
    commands,
    ask,
    metrics,
    rows,
    readiness: { parts: [{ name: 'log', status: 'ok' }], durability: { asked: 'disk', inForce: 'disk' } },
    fate: undefined,
    isUnreadable: false,
    aheadMs: 0,
    events: (mark) =>
      appender.logs.flatMap((entries, partition) =>
        entries.slice(mark?.[partition] ?? 0).flatMap(({ data }) => decodeEventBatch(data)?.events ?? []),
      ),
    mark: () => appender.logs.map((entries) => entries.length),
    async stop() {
      await http.close();
      await publisher.drain(100);
      await registry.stop();
    },
  };
  aheadOf = edge;
  return edge;
}

/** All edges there are: this one. */
class LocalEdgeCalls implements EdgeCalls {
  #answer: ((question: Uint8Array) => Uint8Array | undefined) | undefined;

  callAll(question: Uint8Array): Promise<readonly Uint8Array[]> {
    const answer = this.#answer?.(question);
    return Promise.resolve(answer === undefined ? [] : [answer]);
  }

  serve(answer: (question: Uint8Array) => Uint8Array | undefined): { stop(): void } {
    this.#answer = answer;
    return { stop: () => undefined };
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, where it is JSON; members of it are looked at by name. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Sent {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string | Uint8Array | ReadableStream;
}

export async function send(edge: Edge, path: string, sent: Sent = {}): Promise<Answer> {
  const body = sent.json === undefined ? sent.body : JSON.stringify(sent.json);
  const response = await fetch(edge.url + path, {
    method: sent.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(sent.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(sent.token === undefined ? {} : { authorization: `Bearer ${sent.token}` }),
      ...sent.headers,
    },
    ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

export interface Tenant {
  readonly id: string;
  /** An API key with the scopes that tests need. */
  readonly key: string;
  readonly devices: readonly { readonly id: string; readonly token: string }[];
}

/** Every refusal has the shape that the surface promises. */
export function assertProblem(answer: Answer, code: ProblemCode): void {
  const { status } = PROBLEMS[code];
  assert.equal(answer.body['code'], code, answer.text);
  assert.equal(answer.status, status);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(answer.body['type'], `/problems/${code}`);
  assert.equal(answer.body['status'], status);
  assert.equal(typeof answer.body['title'], 'string');
  assert.equal(typeof answer.body['detail'], 'string');
  if (status !== 503) return;
  assert.equal(typeof answer.body['retryAfterMs'], 'number');
  assert.ok(Number(answer.headers.get('retry-after')) >= 1);
}

/** What a call left in the log. */
export async function storedBy(
  edge: Edge,
  call: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly stored: readonly { readonly device: string; readonly payload: string }[] }> {
  const mark = edge.mark();
  const answer = await call();
  return { answer, stored: edge.events(mark).map((event) => ({ device: event.device, payload: Buffer.from(event.payload).toString() })) };
}

export async function makeTenant(edge: Edge, id: string, devices: number): Promise<Tenant> {
  await edge.commands.createTenant(id);
  const key = await edge.commands.createKey(id, ['telemetry:write', 'telemetry:read', 'twin:read', 'registry:admin']);
  if (!key.ok) throw new Error(key.why);
  const made = [];
  for (let i = 1; i <= devices; i++) {
    const device = await edge.commands.registerDevice(id, { id: `dev-${i}`, externalIds: [`urn:dev:${i}`] });
    if (!device.ok) throw new Error(device.why);
    made.push({ id: `dev-${i}`, token: device.value.token });
  }
  return { id, key: key.value.token, devices: made };
}
