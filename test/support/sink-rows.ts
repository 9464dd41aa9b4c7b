/** Rows for the sink's tests, encoded by the column lists alone. */
import type { RowBlock } from '../../workers/protocol.ts';
import { DECISION_COLUMNS, EVENT_COLUMNS, type Column } from '../../schemas/tables.ts';

export interface RowFacts {
  readonly partition: number;
  readonly logSeq: number;
  readonly batchIndex?: number;
  readonly item?: number;
  readonly outcome?: number;
  readonly epoch: number;
  readonly logMs?: number;
  readonly device?: string;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly payload?: string;
}

/** A moment that every test's rows share, so that they are of one log day. */
export const LOG_MS = Date.UTC(2026, 10, 23, 6);

export function eventRow(facts: RowFacts): Uint8Array {
  return encodeRow(EVENT_COLUMNS, {
    ...common(facts),
    kind: 1,
    outcome: facts.outcome ?? 0,
    reason: 'none',
    metrics: facts.metrics ?? { t: 21.5 },
    payload: facts.payload ?? '{"t":21.5}',
  });
}

export function decisionRow(facts: RowFacts): Uint8Array {
  return encodeRow(DECISION_COLUMNS, { ...common(facts), kind: 'twin' });
}

/** Rows as a worker would hand them over. */
export function rowBlock(rows: readonly RowFacts[], encode: (facts: RowFacts) => Uint8Array = eventRow): RowBlock {
  return {
    bytes: Buffer.concat(rows.map(encode)),
    rows: rows.length,
    digest: rows.reduce((sum, row) => (sum + digestOf(row)) % (1n << 64n), 0n),
  };
}

export function digestOf(row: RowFacts): bigint {
  return BigInt(row.logSeq) * 1_000_003n + BigInt(row.batchIndex ?? 0) * 1_009n + BigInt(row.item ?? 0) * 31n + BigInt(row.outcome ?? 0);
}

function common(facts: RowFacts): Readonly<Record<string, unknown>> {
  const logMs = facts.logMs ?? LOG_MS;
  return {
    tenant: 'demo',
    device: facts.device ?? `dev-${facts.partition}`,
    event_time: logMs,
    log_time: logMs,
    received_time: logMs,
    partition: facts.partition,
    log_seq: facts.logSeq,
    batch_index: facts.batchIndex ?? 0,
    item: facts.item ?? 0,
    _epoch: facts.epoch,
  };
}

function encodeRow(columns: readonly Column[], values: Readonly<Record<string, unknown>>): Uint8Array {
  return Buffer.concat(columns.map((column) => encodeCell(column.type, values[column.name])));
}

function encodeCell(type: string, value: unknown): Uint8Array {
  if (type === 'String') return encodeText(typeof value === 'string' ? value : '');
  if (type.startsWith('Map(')) {
    const entries = Object.entries((value ?? {}) as Readonly<Record<string, number>>);
    return Buffer.concat([encodeVarint(entries.length), ...entries.flatMap(([key, number]) => [encodeText(key), encodeDouble(number)])]);
  }
  const number = BigInt(typeof value === 'number' ? value : 0);
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, number, true);
  return new Uint8Array(bytes.buffer, 0, widthOf(type));
}

function widthOf(type: string): number {
  if (type.startsWith('Enum8(')) return 1;
  if (type === 'UInt16') return 2;
  return type === 'UInt32' ? 4 : 8;
}

function encodeText(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Buffer.concat([encodeVarint(bytes.length), bytes]);
}

function encodeDouble(number: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(number);
  return bytes;
}

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Uint8Array.from([...bytes, left]);
}
