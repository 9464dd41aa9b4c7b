/** Reading what became of events: a device's twin, its presence, and one event with its outcome and rows. */
import { quoted } from '../../engine/kernel/quoted.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { formatPosition, parsePosition, type Position } from '../../engine/kernel/position.ts';
import type { AskClient, AskFailure } from '../../engine/ports/ask.ts';
import type { LogMessage } from '../../engine/ports/input-log.ts';
import { CONTENT_TYPE, KIND, VIA } from '../../schemas/envelope.ts';
import { decodeEventBatch, type Event, type EventBatch } from '../../schemas/gen/lean.ts';
import { eventSchema } from '../../schemas/http/events.ts';
import { presenceSchema } from '../../schemas/http/presence.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import { partCaller, tenantCaller, type TenantCaller } from './access.ts';
import { refuse } from './reply.ts';
import { visibleTwin } from './visible-twin.ts';

/** A committed record normally covers a position within tens of milliseconds; a takeover takes seconds. */
const TWIN_ASK_MS_MAX = 5_000;
const OUTCOME_ASK_MS_MAX = 2_000;
/** `Twinfold-Position` names one position a partition. */
const POSITIONS_CHARS_MAX = 4_096;

interface DeviceRequest {
  readonly Params: { readonly id: string };
}

/** Of a device none of whose clients has connected by a protocol that keeps a connection. */
const NEVER_CONNECTED = { connected: false, clients: [] };

export interface EventReaders {
  /** A message of the log, while the log has it. */
  message(partition: number, seq: number): Promise<LogMessage | undefined>;
  /** The rows of an event in the analytics store; undefined when the store doesn't answer. */
  rows(position: Position): Promise<readonly Readonly<Record<string, unknown>>[] | undefined>;
  /** Whether the event is of a device that was erased; the log may still have it. */
  isErased?(position: Position): Promise<boolean | undefined>;
}

export interface ReadRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly ask: AskClient;
  readonly readers: EventReaders;
  readonly partitions: number;
  /** The highest sequence of the partition that this process has acknowledged. */
  readonly storedSeq: (partition: number) => number;
}

const UNASKED: Readonly<Record<AskFailure, Refusal>> = {
  'no-owner': refusal('no-owner', 'nobody owns the partition of this device now', { retryAfterMs: 1_000 }),
  behind: refusal('behind', 'the fold has not come so far yet', { retryAfterMs: 1_000 }),
};

export function readRoutes(app: FastifyInstance, deps: ReadRoutesDeps): void {
  app.get<DeviceRequest>('/v1/devices/:id/twin', async (request, reply) => {
    const caller = partCaller(request.raw, deps.authenticator, 'twin:read');
    if ('code' in caller) return refuse(reply, caller);
    const told = await twinOf(request, caller.tenant, deps);
    if ('code' in told) return refuse(reply, told);
    if (told.body === undefined) return refuse(reply, refusal('not-found', 'the device is registered, and nothing was heard of it yet'));
    return reply.type('application/json; charset=utf-8').send(Buffer.from(visibleTo(caller, told.body)));
  });

  app.get<DeviceRequest>('/v1/devices/:id/presence', { schema: { response: { 200: presenceSchema } } }, async (request, reply) => {
    const caller = partCaller(request.raw, deps.authenticator, 'twin:read:presence');
    if ('code' in caller) return refuse(reply, caller);
    const told = await twinOf(request, caller.tenant, deps);
    if ('code' in told) return refuse(reply, told);
    const isKnown = told.body !== undefined && sectionOf(told.body, 'presence') !== undefined;
    return reply.send(isKnown ? (sectionOf(visibleTo(caller, told.body), 'presence') ?? {}) : NEVER_CONNECTED);
  });

  app.get<{ Params: { readonly position: string } }>(
    '/v1/events/:position',
    { schema: { response: { 200: eventSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, deps.authenticator, 'telemetry:read');
      if ('code' in caller) return refuse(reply, caller);
      const position = parsePosition(request.params.position);
      if (position === undefined) return refuse(reply, refusal('malformed', 'a position is <partition>.<sequence>.<index>'));
      const body = position.partition < deps.partitions ? await eventBody(position, caller.tenant, deps) : undefined;
      return body === undefined ? refuse(reply, refusal('not-found', 'no event of this tenant has that position')) : reply.send(body);
    },
  );
}

/** The device's twin as JSON, `body` undefined where the fold never heard of it. */
async function twinOf(
  request: FastifyRequest<DeviceRequest>,
  tenant: string,
  deps: ReadRoutesDeps,
): Promise<{ readonly body: Uint8Array | undefined } | Refusal> {
  const device = deps.registry.device(tenant, request.params.id);
  if (device === undefined) return refusal('not-found', `no device ${quoted(request.params.id)} is registered in this tenant`);
  const partition = partitionOf(device.tenant, device.id, deps.partitions);
  const minSeq = minSeqOf(request.headers['twinfold-position'], partition) ?? deps.storedSeq(partition);
  if (typeof minSeq !== 'number') return minSeq;
  const answer = await deps.ask.twin(partition, { tenant: device.tenant, device: device.id }, { minSeq, timeoutMs: TWIN_ASK_MS_MAX });
  return answer.ok ? { body: answer.value } : UNASKED[answer.why];
}

function visibleTo({ principal }: TenantCaller, twin: Uint8Array): Uint8Array {
  return principal.kind === 'admin' ? twin : visibleTwin(twin, principal.grants);
}

function sectionOf(twin: Uint8Array, name: string): unknown {
  const parsed: unknown = JSON.parse(Buffer.from(twin).toString('utf8'));
  return (parsed as Readonly<Record<string, unknown>>)[name];
}

/** The sequence in this partition that a read must reflect, if the header names one. */
function minSeqOf(header: string | readonly string[] | undefined, partition: number): number | Refusal | undefined {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header : header.join(',');
  if (text.length > POSITIONS_CHARS_MAX) return refusal('malformed', 'the header Twinfold-Position is too long');
  let minSeq: number | undefined;
  for (const part of text.split(',')) {
    const position = parsePosition(part.trim());
    if (position === undefined) return refusal('malformed', 'the header Twinfold-Position holds positions, separated by commas');
    if (position.partition === partition) minSeq = Math.max(minSeq ?? 0, position.seq);
  }
  return minSeq;
}

async function eventBody(position: Position, tenant: string, deps: ReadRoutesDeps): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { partition, seq, index } = position;
  const [message, rows] = await Promise.all([deps.readers.message(partition, seq), deps.readers.rows(position)]);
  const [row] = rows ?? [];
  const batch = message === undefined ? undefined : decodeEventBatch(message.data);
  const event = batch?.events[index];
  // The log forgets by age alone; here it is forgotten at once.
  if (row === undefined && (await deps.readers.isErased?.(position)) === true) return undefined;
  const isVisible = event === undefined ? row?.['tenant'] === tenant : event.tenant === tenant;
  if (!isVisible) return undefined;
  const outcome = await outcomeBody(position, row, deps.ask);
  const common = { position: formatPosition(position), partition, ...outcome, rows: rows ?? [], rowsKnown: rows !== undefined };
  if (event === undefined || batch === undefined || message === undefined)
    return { ...common, tenant, device: row?.['device'] ?? '', kind: row?.['kind'] ?? '' };
  return { ...common, ...storedBody(event, batch, message) };
}

/** What the owner says; once it has forgotten the event, what its row says. */
async function outcomeBody(
  position: Position,
  row: Readonly<Record<string, unknown>> | undefined,
  ask: AskClient,
): Promise<Readonly<Record<string, unknown>>> {
  if (row !== undefined)
    return { outcome: row['outcome'], ...(row['reason'] === '' || row['reason'] === 'none' ? {} : { reason: row['reason'] }) };
  const { partition, seq, index } = position;
  const answer = await ask.outcomes(partition, [{ seq, index }], { minSeq: seq, timeoutMs: OUTCOME_ASK_MS_MAX });
  const told = answer.ok ? answer.value[0] : undefined;
  if (told === undefined) return {};
  return {
    outcome: told.outcome,
    ...(told.reason === 'none' ? {} : { reason: told.reason }),
    ...(told.original === undefined ? {} : { original: formatPosition(told.original) }),
  };
}

function storedBody(event: Event, batch: EventBatch, message: LogMessage): Readonly<Record<string, unknown>> {
  return {
    tenant: event.tenant,
    device: event.device,
    kind: wordOf(KIND, event.kind),
    contentType: wordOf(CONTENT_TYPE, event.contentType),
    via: wordOf(VIA, event.via),
    ...(event.receivedMs === 0 ? {} : { receivedAt: new Date(event.receivedMs).toISOString() }),
    logTime: new Date(message.timeMs).toISOString(),
    edge: { name: batch.edge, epoch: batch.edgeEpoch, counter: batch.counter },
    ...(event.traceparent === '' ? {} : { traceparent: event.traceparent }),
    ...(event.cause === '' ? {} : { cause: event.cause }),
    ...payloadBody(event),
  };
}

function payloadBody(event: Event): Readonly<Record<string, unknown>> {
  if (event.contentType === CONTENT_TYPE.json) {
    try {
      const payload: unknown = JSON.parse(Buffer.from(event.payload).toString('utf8'));
      return { payload, payloadEncoding: 'json' };
    } catch {
      // Not JSON after all: shown as what it is.
    }
  }
  return { payload: Buffer.from(event.payload).toString('base64'), payloadEncoding: 'base64' };
}

/** The word of a number of an enum, in the spelling of the analysts' tables. */
function wordOf(words: Readonly<Record<string, number>>, value: number): string {
  const [word] = Object.entries(words).find(([, number]) => number === value) ?? [String(value)];
  return word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
