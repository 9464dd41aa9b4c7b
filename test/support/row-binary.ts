/** Decodes RowBinary by the columns' declared types, knowing nothing of how the engine encodes. */
import assert from 'node:assert/strict';
import type { Column } from '../../schemas/tables.ts';

export type CellValue = string | number | bigint | Uint8Array | ReadonlyMap<string, string | number>;
export type DecodedRow = Readonly<Record<string, CellValue>>;

export function decodeRows(bytes: Uint8Array, columns: readonly Column[]): readonly DecodedRow[] {
  const reader = new Reader(bytes);
  const rows: DecodedRow[] = [];
  while (reader.at < bytes.length) {
    const row: Record<string, CellValue> = {};
    for (const { name, type } of columns) row[name] = reader.cell(name === 'payload' || name === 'extra' ? 'Bytes' : type);
    rows.push(row);
  }
  return rows;
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  cell(type: string): CellValue {
    const low = /^LowCardinality\((.*)\)$/.exec(type)?.[1];
    if (low !== undefined) return this.cell(low);
    const map = /^Map\((.*), (\w+)\)$/.exec(type);
    if (map !== null) return this.#map(map[1] ?? '', map[2] ?? '');
    const values = /^Enum8\((.*)\)$/.exec(type)?.[1];
    if (values !== undefined) return this.#enumName(values);
    switch (type) {
      case 'Bytes':
        return this.#string();
      case 'String':
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#string());
      case "DateTime64(3, 'UTC')":
        return Number(this.#view.getBigInt64(this.#skip(8), true));
      case 'UInt16':
        return this.#view.getUint16(this.#skip(2), true);
      case 'UInt32':
        return this.#view.getUint32(this.#skip(4), true);
      case 'UInt64':
        return Number(this.#view.getBigUint64(this.#skip(8), true));
      case 'Float64':
        return this.#view.getFloat64(this.#skip(8), true);
      default:
        return assert.fail(`a column of type ${type}`);
    }
  }

  #map(keys: string, values: string): ReadonlyMap<string, string | number> {
    const map = new Map<string, string | number>();
    for (let left = this.#varint(); left > 0; left--) {
      const key = this.cell(keys);
      const value = this.cell(values);
      assert(typeof key === 'string' && (typeof value === 'string' || typeof value === 'number') && !map.has(key));
      map.set(key, value);
    }
    return map;
  }

  #enumName(values: string): string {
    const number = this.#view.getInt8(this.#skip(1));
    const match = new RegExp(`'([^']*)' = ${number}(?:,|$)`).exec(values);
    assert(match !== null, `no value ${number} in ${values}`);
    return match[1] ?? '';
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#view.getUint8(this.#skip(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  #string(): Uint8Array {
    const length = this.#varint();
    return this.#bytes.subarray(this.at, this.#skip(length) + length);
  }

  #skip(length: number): number {
    const start = this.at;
    this.at += length;
    assert(this.at <= this.#bytes.length, 'rows are cut off');
    return start;
  }
}
