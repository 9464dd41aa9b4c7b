/**
 * Finds its way through rows that are encoded as RowBinary, by the columns' types: where each row ends, and the few
 * columns that the sink looks at. Nothing is decoded that isn't asked for.
 */
import type { Column } from './tables.ts';

/** The column that ClickHouse compares with the fence; it is the last one, eight bytes at a row's end. */
export const EPOCH_COLUMN = '_epoch';
const EPOCH_BYTES = 8;

const FIXED_BYTES: Readonly<Record<string, number>> = { UInt16: 2, UInt32: 4, UInt64: 8, Float64: 8 };

/** Rows come from our own encoder, so what can't be walked is a mistake of the program. */
export class RowLayoutError extends Error {
  override readonly name = 'RowLayoutError';
}

type Width = number | 'string' | { readonly key: Width; readonly value: Width };

function widthOf(type: string): Width {
  if (type.startsWith('Enum8(')) return 1;
  if (type.startsWith('DateTime64(')) return 8;
  if (type === 'String') return 'string';
  const map = /^Map\((\w+), (\w+)\)$/.exec(type);
  if (map !== null) return { key: widthOf(map[1] ?? ''), value: widthOf(map[2] ?? '') };
  const bytes = FIXED_BYTES[type];
  if (bytes === undefined) throw new RowLayoutError(`no width is known of the type ${type}`);
  return bytes;
}

/** Walks from row to row. Throws RowLayoutError when the bytes end within a row. */
export class RowWalker {
  readonly #widths: readonly Width[];
  readonly #view: DataView;
  #at = 0;
  /** Where each column of the row that was walked last begins. */
  readonly starts: Uint32Array;

  constructor(bytes: Uint8Array, columns: readonly Column[]) {
    this.#widths = columns.map((column) => widthOf(column.type));
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.starts = new Uint32Array(columns.length);
  }

  /** Where the next row begins, which is where the last one ended. */
  get at(): number {
    return this.#at;
  }

  /** False at the end. */
  next(): boolean {
    if (this.#at === this.#view.byteLength) return false;
    for (const [column, width] of this.#widths.entries()) {
      this.starts[column] = this.#at;
      this.#skip(width);
    }
    if (this.#at > this.#view.byteLength) throw new RowLayoutError('rows are cut off');
    return true;
  }

  /** An unsigned number of a column of the row that was walked last. */
  number(column: number): bigint {
    const at = this.starts[column] ?? 0;
    switch (this.#widths[column]) {
      case 1:
        return BigInt(this.#view.getUint8(at));
      case 2:
        return BigInt(this.#view.getUint16(at, true));
      case 4:
        return BigInt(this.#view.getUint32(at, true));
      default:
        return this.#view.getBigUint64(at, true);
    }
  }

  #skip(width: Width): void {
    if (typeof width === 'number') {
      this.#at += width;
    } else if (width === 'string') {
      const length = this.#varint();
      this.#at += length;
    } else {
      for (let left = this.#varint(); left > 0; left--) {
        this.#skip(width.key);
        this.#skip(width.value);
      }
    }
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (this.#at >= this.#view.byteLength) throw new RowLayoutError('rows are cut off');
      const byte = this.#view.getUint8(this.#at++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}

/** The epoch that the rows of a block carry, which is the same in all of them; undefined of no rows. */
export function epochOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < EPOCH_BYTES) return undefined;
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(bytes.length - EPOCH_BYTES, true));
}

/** Writes another epoch into every row, in place: for rows that were encoded before their owner claimed anew. */
export function stampEpoch(bytes: Uint8Array, columns: readonly Column[], epoch: number): void {
  if (columns.at(-1)?.name !== EPOCH_COLUMN) throw new RowLayoutError('the epoch is not the last column');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walker = new RowWalker(bytes, columns);
  while (walker.next()) view.setBigUint64(walker.at - EPOCH_BYTES, BigInt(epoch), true);
}
