/**
 * The rows of one partition on their way into ClickHouse: in record order, from right behind the high-water mark to the
 * last record that was released. Where rows are missing, because another process released them or because there was no
 * room, there is a gap: the rows of those records can be built again from the logs at any time.
 *
 * Invariant: what lies between two segments, or before the first, are records without rows.
 */
import { assert } from '../kernel/assert.ts';
import { epochOf, stampEpoch } from '../../schemas/row-binary.ts';
import type { SinkBatch } from '../domain/sink-plan.ts';
import { SINK_TABLES, type SinkTableName, TABLE_GENERATION, type TableIntent } from '../domain/sink-state.ts';
import { DECISION_COLUMNS, EVENT_COLUMNS, type Column } from '../../schemas/tables.ts';
import type { RowBlock } from '../../workers/protocol.ts';

const COLUMNS: Readonly<Record<SinkTableName, readonly Column[]>> = { events: EVENT_COLUMNS, decisions: DECISION_COLUMNS };
const MODULUS = 1n << 64n;

/** Rows of consecutive records, of one log day. */
export interface ReleasedRows {
  readonly events: RowBlock;
  readonly decisions: RowBlock;
  readonly fromLogSeq: number;
  readonly toLogSeq: number;
  readonly logDay: number;
}

interface Piece extends ReleasedRows {
  readonly kind: 'rows';
  readonly from: number;
  readonly to: number;
  /** When the first of them was committed, on the service's clock. */
  readonly sinceMs: number;
}

interface Gap {
  readonly kind: 'gap';
  readonly from: number;
  readonly to: number;
  readonly sinceMs: number;
}

type Segment = Piece | Gap;

export interface BatchLimits {
  readonly rowsMax: number;
  readonly bytesMax: number;
}

export class SinkBuffer {
  #segments: Segment[] = [];
  #hwm: number;
  #lastTo: number;
  #lastLogSeq: number;
  #rows = 0;
  #bytes = 0;

  /** After a claim nothing is in hand: all that was released before is a gap. */
  constructor(at: { readonly hwm: number; readonly lastRecordSeq: number; readonly lastLogSeq: number; readonly nowMs: number }) {
    this.#hwm = at.hwm;
    this.#lastTo = Math.max(at.hwm, at.lastRecordSeq);
    this.#lastLogSeq = at.lastLogSeq;
    if (at.lastRecordSeq > at.hwm) this.#segments.push({ kind: 'gap', from: at.hwm + 1, to: at.lastRecordSeq, sinceMs: at.nowMs });
  }

  /** Rows in hand. */
  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest rows that are not known to be in ClickHouse were committed; undefined when there are none. */
  get oldestMs(): number | undefined {
    return this.#segments[0]?.sinceMs;
  }

  /** Whether records remain whose rows are not known to be in ClickHouse. */
  get empty(): boolean {
    return this.#segments.length === 0;
  }

  /** Rows of the record that was just committed. A jump in the log means that a release was missed, which makes a gap. */
  add(recordSeq: number, rows: ReleasedRows, sinceMs: number): void {
    assert(recordSeq > this.#lastTo, `record ${recordSeq} was released after ${this.#lastTo}`);
    const from = this.#lastTo + 1;
    const missed = rows.toLogSeq >= rows.fromLogSeq && rows.fromLogSeq > this.#lastLogSeq + 1;
    this.#lastTo = recordSeq;
    this.#lastLogSeq = Math.max(this.#lastLogSeq, rows.toLogSeq);
    if (missed) this.#append({ kind: 'gap', from, to: recordSeq, sinceMs });
    else if (rowsOf(rows) > 0) this.#append({ kind: 'rows', from, to: recordSeq, sinceMs, ...rows });
  }

  /** The gap that must be filled before anything can be sent. */
  headGap(): { readonly from: number; readonly to: number } | undefined {
    const head = this.#segments[0];
    return head?.kind === 'gap' ? head : undefined;
  }

  /** Rows of the gap's first records, up to and including `to`. */
  fill(from: number, to: number, rows: ReleasedRows): void {
    const at = this.#segments.findIndex((segment) => segment.kind === 'gap' && segment.from === from);
    const gap = this.#segments[at];
    if (gap === undefined || to < from || to > gap.to) return;
    const filled: Segment[] = [];
    if (rowsOf(rows) > 0) filled.push(this.#counted({ kind: 'rows', from, to, sinceMs: gap.sinceMs, ...rows }));
    if (to < gap.to) filled.push({ ...gap, from: to + 1 });
    this.#segments.splice(at, 1, ...filled);
  }

  /** What one intent could say: rows in hand from the front, of one log day, within the limits but at least one piece. */
  batch(partition: number, epoch: number, limits: BatchLimits): SinkBatch | undefined {
    const pieces: Piece[] = [];
    let rows = 0;
    let bytes = 0;
    for (const segment of this.#segments) {
      if (segment.kind === 'gap' || (pieces[0] !== undefined && segment.logDay !== pieces[0].logDay)) break;
      rows += rowsOf(segment);
      bytes += bytesOf(segment);
      if (pieces.length > 0 && (rows > limits.rowsMax || bytes > limits.bytesMax)) break;
      pieces.push(segment);
    }
    const [first] = pieces;
    const last = pieces.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const { logDay, fromLogSeq } = first;
    return { partition, epoch, from: this.#hwm + 1, to: last.to, tables: tablesOf(pieces), fromLogSeq, toLogSeq: last.toLogSeq, logDay };
  }

  /** The rows up to a record for one table, every one with this epoch; undefined when some of them are not in hand. */
  take(to: number, table: SinkTableName, epoch: number): readonly Uint8Array[] | undefined {
    const pieces = this.#held(to);
    if (pieces === undefined) return undefined;
    return pieces.filter((piece) => piece[table].rows > 0).map((piece) => this.#stamped(piece, table, epoch));
  }

  /** What an intent up to this record says, from rows in hand. */
  tables(to: number): readonly TableIntent[] | undefined {
    const pieces = this.#held(to);
    return pieces === undefined ? undefined : tablesOf(pieces);
  }

  /** Rows up to here are in ClickHouse. `dropped` hears of the blocks that are let go of. */
  settle(hwm: number, dropped?: (rows: Uint8Array) => void): void {
    if (hwm <= this.#hwm) return;
    this.#hwm = hwm;
    this.#lastTo = Math.max(this.#lastTo, hwm);
    const rest: Segment[] = [];
    for (const segment of this.#segments) {
      if (segment.to > hwm) rest.push(segment.kind === 'gap' ? { ...segment, from: Math.max(segment.from, hwm + 1) } : segment);
      else if (segment.kind === 'rows') {
        this.#uncount(segment);
        for (const table of SINK_TABLES) dropped?.(segment[table].bytes);
      }
    }
    this.#segments = rest;
  }

  /** Gives up the rows behind a record; they can be built again. */
  shed(behind: number): void {
    const kept = this.#segments.filter((segment) => segment.to <= behind);
    const shed = this.#segments.slice(kept.length);
    const [first] = shed;
    const last = shed.at(-1);
    if (first === undefined || last === undefined) return;
    for (const segment of shed) if (segment.kind === 'rows') this.#uncount(segment);
    this.#segments = kept;
    this.#append({ kind: 'gap', from: first.from, to: last.to, sinceMs: first.sinceMs });
  }

  /**
   * The rows may have been encoded under an epoch that is over. They are stamped in a copy: an insert that is still under
   * way reads the old bytes, and with a new epoch in them it would get through the fence.
   */
  #stamped(piece: Piece, table: SinkTableName, epoch: number): Uint8Array {
    const block = piece[table];
    if (epochOf(block.bytes) === epoch) return block.bytes;
    // Not `slice`, which in a Buffer is a view of the same bytes.
    const bytes = new Uint8Array(block.bytes);
    stampEpoch(bytes, COLUMNS[table], epoch);
    this.#segments = this.#segments.map((segment) => (segment === piece ? { ...piece, [table]: { ...block, bytes } } : segment));
    return bytes;
  }

  #held(to: number): readonly Piece[] | undefined {
    const pieces: Piece[] = [];
    for (const segment of this.#segments) {
      if (segment.from > to) break;
      if (segment.kind === 'gap' || segment.to > to) return undefined;
      pieces.push(segment);
    }
    return pieces;
  }

  #append(segment: Segment): void {
    const last = this.#segments.at(-1);
    if (segment.kind === 'gap' && last?.kind === 'gap') this.#segments.splice(-1, 1, { ...last, to: segment.to });
    else this.#segments.push(segment.kind === 'rows' ? this.#counted(segment) : segment);
  }

  #counted(piece: Piece): Piece {
    this.#rows += rowsOf(piece);
    this.#bytes += bytesOf(piece);
    return piece;
  }

  #uncount(piece: Piece): void {
    this.#rows -= rowsOf(piece);
    this.#bytes -= bytesOf(piece);
  }
}

function rowsOf(rows: ReleasedRows): number {
  return rows.events.rows + rows.decisions.rows;
}

function bytesOf(rows: ReleasedRows): number {
  return rows.events.bytes.length + rows.decisions.bytes.length;
}

function tablesOf(pieces: readonly ReleasedRows[]): readonly TableIntent[] {
  return SINK_TABLES.map((table) => ({
    table,
    rows: pieces.reduce((sum, piece) => sum + piece[table].rows, 0),
    digest: pieces.reduce((sum, piece) => (sum + piece[table].digest) % MODULUS, 0n),
    generation: TABLE_GENERATION,
  })).filter((intent) => intent.rows > 0);
}
