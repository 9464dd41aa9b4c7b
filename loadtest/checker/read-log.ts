/** The input log and the control log as JetStream holds them, read by the checker's own consumer and put into its words. */
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { decodeControlRecord, KIND, RECORD_KIND, CONTENT_TYPE } from '../../schemas/envelope.ts';
import type { ControlRecord, Event, Metric } from '../../schemas/gen/lean.ts';
import { decodeEventBatch, decodeTelemetrySample } from '../../schemas/gen/lean.ts';
import type { ControlFact, ControlRun, LoggedEvent, LoggedSample, MetricValue, RowOutcome } from './facts.ts';

export interface StoredMessage {
  readonly seq: number;
  readonly data: Uint8Array;
}

export interface StreamBounds {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Asked for ahead; batches are up to half a megabyte. */
const AHEAD_MESSAGES = 64;

const OUTCOMES: readonly RowOutcome[] = ['accepted', 'duplicate', 'quarantined', 'rejected'];

const two = (partition: number): string => String(partition).padStart(2, '0');
export const inputStreamOf = (partition: number): string => `EV_${two(partition)}`;
export const controlStreamOf = (partition: number): string => `RS_${two(partition)}`;

/** The partitions of a deployment, by the streams that are there. */
export async function partitionsOf(connection: NatsConnection): Promise<number> {
  const manager = await jetstreamManager(connection);
  let count = 0;
  for await (const stream of manager.streams.list()) if (/^EV_\d\d$/.test(stream.config.name)) count += 1;
  return count;
}

export async function boundsOf(connection: NatsConnection, stream: string): Promise<StreamBounds> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(stream);
  return { firstSeq: state.first_seq, lastSeq: state.last_seq };
}

/** Everything in a stream from its beginning to the end that it had when asked. */
export async function* readStream(connection: NatsConnection, stream: string): AsyncGenerator<StoredMessage> {
  const { firstSeq, lastSeq } = await boundsOf(connection, stream);
  if (lastSeq < firstSeq) return;
  const consumer = await jetstream(connection).consumers.get(stream, { deliver_policy: DeliverPolicy.All });
  const messages = await consumer.consume({ max_messages: AHEAD_MESSAGES });
  try {
    for await (const message of messages) {
      yield { seq: message.seq, data: message.data };
      if (message.seq >= lastSeq) return;
    }
  } finally {
    await messages.close();
  }
}

export async function* readEvents(connection: NatsConnection, partition: number): AsyncGenerator<LoggedEvent> {
  for await (const message of readStream(connection, inputStreamOf(partition))) yield* eventsOf(partition, message);
}

/** The events of one message; throws when it is not a batch, for then the log itself is broken. */
export function* eventsOf(partition: number, message: StoredMessage): Generator<LoggedEvent> {
  const batch = decodeEventBatch(message.data);
  if (batch === undefined) throw new Error(`message ${partition}.${message.seq} of the log is not an event batch`);
  for (const [index, event] of batch.events.entries()) {
    const telemetry = event.kind === KIND.telemetry;
    const sample = telemetry ? sampleOf(event) : undefined;
    yield { partition, seq: message.seq, index, tenant: event.tenant, device: event.device, telemetry, sample };
  }
}

interface Envelope {
  readonly boot?: unknown;
  readonly seq?: unknown;
  readonly ts?: unknown;
  readonly metrics?: unknown;
}

/** Undefined for whatever isn't a simulated event. */
function sampleOf(event: Event): LoggedSample | undefined {
  if (event.contentType === CONTENT_TYPE.protobuf) {
    const sample = decodeTelemetrySample(event.payload);
    if (sample?.boot === undefined || sample.seq === undefined || sample.ts === undefined) return undefined;
    return {
      boot: sample.boot,
      n: sample.seq,
      tsMs: sample.ts,
      metrics: Object.fromEntries(sample.metrics.map((metric) => [metric.name, valueOf(metric)])),
    };
  }
  try {
    const { boot, metrics, seq, ts } = JSON.parse(Buffer.from(event.payload).toString('utf8')) as Envelope;
    if (typeof boot !== 'number' || typeof seq !== 'number' || typeof ts !== 'number' || typeof metrics !== 'object' || metrics === null)
      return undefined;
    return { boot, n: seq, tsMs: ts, metrics: metrics as Record<string, MetricValue> };
  } catch {
    return undefined;
  }
}

function valueOf(metric: Metric): MetricValue {
  return metric.number ?? metric.boolean ?? metric.text ?? Number(metric.integer ?? 0);
}

export async function* readControl(connection: NatsConnection, partition: number): AsyncGenerator<ControlFact> {
  for await (const message of readStream(connection, controlStreamOf(partition)))
    yield controlFact(message.seq, decodeControlRecord(message.data));
}

const KINDS: ReadonlyMap<number, ControlFact['kind']> = new Map([
  [RECORD_KIND.fold, 'fold'],
  [RECORD_KIND.claim, 'claim'],
  [RECORD_KIND.repair, 'repair'],
]);

export function controlFact(seq: number, record: ControlRecord): ControlFact {
  const { epoch, exceptions, fromSeq, repair, toSeq } = record;
  const runs: ControlRun[] = [];
  for (const [i, delta] of (exceptions?.seqDelta ?? []).entries()) {
    const outcome = OUTCOMES[exceptions?.outcome[i] ?? 0] ?? 'accepted';
    runs.push({ seq: fromSeq + delta, index: exceptions?.index[i] ?? 0, count: exceptions?.count[i] ?? 0, outcome });
  }
  const kind = KINDS.get(record.kind);
  if (kind === undefined) throw new Error(`control record ${seq} is of unknown kind ${record.kind}`);
  return { seq, kind, epoch, fromSeq, toSeq, runs, keptSeq: repair?.keptSeq ?? 0, resumedSeq: repair?.resumedSeq ?? 0 };
}
