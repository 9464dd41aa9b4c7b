/**
 * Bringing a worker's state of a partition to where the control log stands: the newest snapshot that fits, then what the
 * records after it decided, with the messages they cover. Nothing is decided here.
 */
import { decodeControlRecord, type ControlRecord } from '../../schemas/envelope.ts';
import { hasCode, TwinfoldError } from '../kernel/errors.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { FoldPool } from '../ports/fold-pool.ts';
import type { InputLogReader, LogMessage } from '../ports/input-log.ts';
import type { SnapshotName, Snapshots } from '../ports/snapshots.ts';
import type { ControlState } from './claim.ts';
import { packFrames } from './frames.ts';

export interface RecoveryParts {
  readonly partition: number;
  readonly partitions: number;
  readonly control: ControlLog;
  readonly input: InputLogReader;
  readonly snapshots: Snapshots;
  readonly pool: FoldPool;
  /** Told of each record after the snapshot, in order. */
  readonly onRecord: (seq: number, record: ControlRecord) => void;
}

export interface Recovered {
  readonly fromSnapshot: number;
  readonly records: number;
  readonly messages: number;
  /** Of these messages. */
  readonly bytes: number;
  readonly devices: number;
}

/** One task's worth of history: the worker answers twin reads of other partitions between two of them. */
const CHUNK_BYTES = 8 * 1024 * 1024;

export async function recoverPartition(parts: RecoveryParts, state: ControlState): Promise<Recovered> {
  const opened = await openFromSnapshot(parts, state);
  let { lastSeq, devices } = opened;
  let messages = 0;
  let bytes = 0;
  let records = 0;
  for await (const chunk of recordChunks(parts, { from: opened.recordSeq + 1, to: state.recordSeq, after: lastSeq })) {
    const result = await parts.pool.recover({
      op: 'recover',
      partition: parts.partition,
      records: chunk.records,
      frames: packFrames(chunk.messages),
    });
    lastSeq = result.lastSeq;
    devices = result.devices;
    messages += chunk.messages.length;
    bytes += chunk.messages.reduce((sum, message) => sum + message.data.length, 0);
    records += chunk.records.length;
  }
  if (lastSeq !== state.last.seq) {
    throw new TwinfoldError(
      'corrupt',
      `partition ${parts.partition}: recovered up to message ${lastSeq}, but the control log covers ${state.last.seq}`,
      { domain: 'internal', retryable: false },
    );
  }
  return { fromSnapshot: opened.recordSeq, records, messages, bytes, devices };
}

/**
 * The state as far as whole records go whose messages all survived, for a log that ends at `keptSeq` now. Records that
 * cover anything beyond are left out.
 */
export async function recoverUpTo(
  parts: Omit<RecoveryParts, 'onRecord'>,
  state: ControlState,
  keptSeq: number,
): Promise<{ readonly lastSeq: number; readonly lastRecordSeq: number; readonly logMs: number }> {
  const opened = await openFromSnapshot(parts, { recordSeq: state.recordSeq, last: { seq: keptSeq } });
  let { lastSeq, logMs } = opened;
  let lastRecordSeq = opened.recordSeq;
  const survivors = { ...parts, onRecord: () => undefined };
  for await (const chunk of recordChunks(survivors, { from: opened.recordSeq + 1, to: state.recordSeq, after: lastSeq, keptSeq })) {
    const result = await parts.pool.recover({
      op: 'recover',
      partition: parts.partition,
      records: chunk.records,
      frames: packFrames(chunk.messages),
    });
    ({ lastSeq, logMs } = result);
    lastRecordSeq = chunk.lastRecordSeq;
  }
  return { lastSeq, lastRecordSeq, logMs };
}

async function openFromSnapshot(
  parts: Omit<RecoveryParts, 'onRecord'>,
  upTo: { readonly recordSeq: number; readonly last: { readonly seq: number } },
): Promise<{ recordSeq: number; lastSeq: number; logMs: number; devices: number }> {
  const { partition, partitions, pool, snapshots } = parts;
  const names = await snapshots.list(partition);
  for (const name of names.toReversed()) {
    if (name.recordSeq > upTo.recordSeq || !(await isOfThisHistory(parts.control, name))) {
      await snapshots.remove(name);
      continue;
    }
    if (name.logSeq > upTo.last.seq) continue;
    const snapshot = await snapshots.get(name);
    if (snapshot === undefined) continue;
    try {
      return await pool.open({ op: 'open', partition, partitions, snapshot });
    } catch (error) {
      // One that can't be read costs time, not the partition: an older one and a longer tail give the same state.
      if (!hasCode(error, 'corrupt')) throw error;
    }
  }
  return pool.open({ op: 'open', partition, partitions });
}

/**
 * A snapshot fits only if the record that it is named after covers what it covers. After the control log lost its end,
 * other records come to stand at the same sequences; and a repair that was cut short leaves a snapshot of its own.
 */
async function isOfThisHistory(control: ControlLog, name: SnapshotName): Promise<boolean> {
  const entry = await control.get(name.partition, name.recordSeq);
  return entry !== undefined && (decodeControlRecord(entry.data).last?.seq ?? 0) === name.logSeq;
}

interface Chunk {
  readonly lastRecordSeq: number;
  readonly records: readonly Uint8Array[];
  readonly messages: readonly LogMessage[];
}

async function* recordChunks(
  parts: RecoveryParts,
  range: { readonly from: number; readonly to: number; readonly after: number; readonly keptSeq?: number },
): AsyncIterable<Chunk> {
  let lastRecordSeq = range.from - 1;
  let records: Uint8Array[] = [];
  let messages: LogMessage[] = [];
  let bytes = 0;
  const cursor = new MessageCursor(parts.input, parts.partition, range.after);
  try {
    for await (const entry of parts.control.range(parts.partition, range.from, range.to)) {
      const record = decodeControlRecord(entry.data);
      if (record.toSeq > (range.keptSeq ?? Number.POSITIVE_INFINITY)) break;
      parts.onRecord(entry.seq, record);
      records.push(entry.data);
      lastRecordSeq = entry.seq;
      for (const message of await cursor.take(record.fromSeq, record.toSeq)) {
        messages.push(message);
        bytes += message.data.length;
      }
      if (bytes < CHUNK_BYTES) continue;
      yield { lastRecordSeq, records, messages };
      records = [];
      messages = [];
      bytes = 0;
    }
  } finally {
    await cursor.close();
  }
  if (records.length > 0) yield { lastRecordSeq, records, messages };
}

/** Reads the log alongside the records, through one consumer for as long as sequences are contiguous. */
export class MessageCursor {
  readonly #input: InputLogReader;
  readonly #partition: number;
  #covered: number;
  #messages: AsyncIterator<LogMessage> | undefined;

  constructor(input: InputLogReader, partition: number, covered: number) {
    this.#input = input;
    this.#partition = partition;
    this.#covered = covered;
  }

  /** The messages in [from, to] that were not taken yet. */
  async take(from: number, to: number): Promise<readonly LogMessage[]> {
    if (to < from || to <= this.#covered) return [];
    if (from > this.#covered + 1) {
      await this.close();
      this.#covered = from - 1;
    }
    this.#messages ??= this.#input.range(this.#partition, this.#covered + 1, Number.MAX_SAFE_INTEGER)[Symbol.asyncIterator]();
    const taken: LogMessage[] = [];
    while (this.#covered < to) {
      const next = await this.#messages.next();
      if (next.done === true) break;
      taken.push(next.value);
      this.#covered = next.value.seq;
    }
    return taken;
  }

  async close(): Promise<void> {
    await this.#messages?.return?.();
    this.#messages = undefined;
  }
}
