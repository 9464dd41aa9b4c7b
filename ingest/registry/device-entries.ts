/**
 * What an event needs of its device (partition, name, encoded prefixes), packed into one array of bytes: a gateway's body
 * names thousands of devices, and each costs one look into memory here instead of one for every object on the way to it.
 *
 * Entries are only ever added, so an entry's number, and with it the array it was read from, stays good for as long as
 * somebody keeps them. An entry: length of the id, where the id begins, partition (2), tenant (2), length of a prefix,
 * whether the device is there; then the prefix of JSON events and the prefix of Protobuf events, each with the id in it.
 */
import { assert } from '../../engine/kernel/assert.ts';

export type TelemetryFormat = 'json' | 'protobuf';

const FIRST_BYTES = 16 * 1024;
const HEAD_BYTES = 8;
const ID_LENGTH = 0;
const ID_START = 1;
const PARTITION = 2;
const TENANT = 4;
const PREFIX_LENGTH = 6;
const IS_THERE = 7;
const NUMBER_MAX = 0xffff;
const BYTE_MAX = 0xff;

export interface EntryFacts {
  /** The tenant's number in the directory. */
  readonly tenant: number;
  readonly id: string;
  readonly partition: number;
  /** They differ in the content type alone, so they are of one length. */
  readonly json: Uint8Array;
  readonly protobuf: Uint8Array;
}

export class DeviceEntries {
  bytes = new Uint8Array(FIRST_BYTES);
  count = 0;
  /** The first entry is not at 0, so that 0 can mean none. */
  #used = HEAD_BYTES;

  /** Answers the entry's number. */
  add(facts: EntryFacts): number {
    const { json, protobuf, partition, tenant } = facts;
    const id = Buffer.from(facts.id, 'latin1');
    const idAt = Buffer.from(json.buffer, json.byteOffset, json.length).lastIndexOf(id);
    assert(json.length === protobuf.length && json.length <= BYTE_MAX && idAt > 0, 'the prefixes of a device are alike and name it');
    assert(partition <= NUMBER_MAX && tenant <= NUMBER_MAX, 'partition and tenant fit two bytes');
    const at = this.#used;
    const prefixes = at + HEAD_BYTES;
    const end = prefixes + 2 * json.length;
    if (end > this.bytes.length) this.#grow(end);
    const { bytes } = this;
    bytes[at + ID_LENGTH] = id.length;
    bytes[at + ID_START] = HEAD_BYTES + idAt;
    writeNumber(bytes, at + PARTITION, partition);
    writeNumber(bytes, at + TENANT, tenant);
    bytes[at + PREFIX_LENGTH] = json.length;
    bytes[at + IS_THERE] = 1;
    bytes.set(json, prefixes);
    bytes.set(protobuf, prefixes + json.length);
    this.#used = end;
    this.count++;
    return at;
  }

  tenantOf(entry: number): number {
    return readNumber(this.bytes, entry + TENANT);
  }

  /** All that are there, in the order in which they were added. */
  *all(): Generator<number> {
    for (let at = HEAD_BYTES; at < this.#used; at += HEAD_BYTES + 2 * prefixLengthIn(this.bytes, at))
      if (this.bytes[at + IS_THERE] !== 0) yield at;
  }

  /** The device was deleted; whoever has the number may still use it for what was taken before. */
  remove(entry: number): void {
    this.bytes[entry + IS_THERE] = 0;
  }

  /** Whether the entry is that of a device which is there and has this id. */
  isOf(entry: number, tenant: number, id: { readonly bytes: Uint8Array; readonly start: number; readonly end: number }): boolean {
    const { bytes } = this;
    const length = id.end - id.start;
    if (bytes[entry + ID_LENGTH] !== length || bytes[entry + IS_THERE] === 0 || readNumber(bytes, entry + TENANT) !== tenant) return false;
    const from = entry + (bytes[entry + ID_START] as number);
    for (let i = 0; i < length; i++) if (bytes[from + i] !== id.bytes[id.start + i]) return false;
    return true;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

export function partitionIn(bytes: Uint8Array, entry: number): number {
  return readNumber(bytes, entry + PARTITION);
}

export function idIn(bytes: Uint8Array, entry: number): string {
  const start = entry + (bytes[entry + ID_START] as number);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes[entry + ID_LENGTH] as number).toString('latin1');
}

export function prefixLengthIn(bytes: Uint8Array, entry: number): number {
  return bytes[entry + PREFIX_LENGTH] as number;
}

/** Where the prefix of the device's events of this format begins. */
export function prefixStartIn(bytes: Uint8Array, entry: number, format: TelemetryFormat): number {
  return entry + HEAD_BYTES + (format === 'json' ? 0 : prefixLengthIn(bytes, entry));
}

function writeNumber(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

function readNumber(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}
