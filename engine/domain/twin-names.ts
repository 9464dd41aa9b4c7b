/**
 * Names of a partition's leaves, each kept once. Only names that a twin holds a leaf for get in, and twins are limited in
 * size, so endless new names from a device can't make it grow beyond what its twin may hold.
 */
import { SCRATCH_BASE } from './telemetry-sample.ts';
import type { TelemetrySample } from './telemetry-sample.ts';
import { jsonTextBytes } from './twin-size.ts';

const NAMES_INITIAL = 256;
const NAME_BYTES_INITIAL = 4096;

export class TwinNames {
  count = 0;
  bytes = new Uint8Array(NAME_BYTES_INITIAL);
  /** Name i is `bytes[ends[i - 1], ends[i])`. */
  ends = new Int32Array(NAMES_INITIAL);
  #hashes = new Int32Array(NAMES_INITIAL);
  #jsonBytes = new Int32Array(NAMES_INITIAL);
  /** Open addressing: a name's number + 1, or 0. */
  #slots = new Int32Array(NAMES_INITIAL * 2);

  start(name: number): number {
    return name === 0 ? 0 : (this.ends[name - 1] as number);
  }

  end(name: number): number {
    return this.ends[name] as number;
  }

  /** Bytes of the name as JSON text, quotes included. */
  jsonBytes(name: number): number {
    return this.#jsonBytes[name] as number;
  }

  /** Whether this is the name of the sample's leaf k. */
  isNameOf(name: number, sample: TelemetrySample, k: number): boolean {
    if (this.#hashes[name] !== sample.nameHash[k]) return false;
    const start = this.start(name);
    const other = sample.nameStart[k] as number;
    const length = this.end(name) - start;
    if (length !== (sample.nameEnd[k] as number) - other) return false;
    const bytes = sample.bytesOf(other);
    const from = other & ~SCRATCH_BASE;
    for (let i = 0; i < length; i++) if (this.bytes[start + i] !== bytes[from + i]) return false;
    return true;
  }

  /** The number of the name of the sample's leaf k, or -1. */
  find(sample: TelemetrySample, k: number): number {
    const mask = this.#slots.length - 1;
    let slot = (sample.nameHash[k] as number) & mask;
    for (;;) {
      const name = (this.#slots[slot] as number) - 1;
      if (name === -1 || this.isNameOf(name, sample, k)) return name;
      slot = (slot + 1) & mask;
    }
  }

  /** The number of the name of the sample's leaf k, which is given one if it has none. */
  intern(sample: TelemetrySample, k: number): number {
    const known = this.find(sample, k);
    if (known !== -1) return known;
    const start = sample.nameStart[k] as number;
    const from = start & ~SCRATCH_BASE;
    const source = sample.bytesOf(start).subarray(from, from + (sample.nameEnd[k] as number) - start);
    return this.#add(source, sample.nameHash[k] as number);
  }

  /** The same for a name in bytes, with the hash that `checkName` gave. */
  internBytes(source: Uint8Array, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const name = (this.#slots[slot] as number) - 1;
      if (this.#hashes[name] === hash && this.#isEqual(name, source)) return name;
    }
    return this.#add(source, hash);
  }

  #isEqual(name: number, other: Uint8Array): boolean {
    const start = this.start(name);
    if (this.end(name) - start !== other.length) return false;
    for (let i = 0; i < other.length; i++) if (this.bytes[start + i] !== other[i]) return false;
    return true;
  }

  #add(source: Uint8Array, hash: number): number {
    const name = this.count;
    const start = this.start(name);
    const end = start + source.length;
    if (name === this.ends.length) this.#growNames();
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.bytes.length * 2));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(source, start);
    this.ends[name] = end;
    this.#hashes[name] = hash;
    this.#jsonBytes[name] = jsonTextBytes(this.bytes, start, end);
    this.count = name + 1;
    this.#place(name);
    return name;
  }

  #place(name: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[name] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = name + 1;
  }

  #growNames(): void {
    const length = this.ends.length * 2;
    this.ends = grown(this.ends, length);
    this.#hashes = grown(this.#hashes, length);
    this.#jsonBytes = grown(this.#jsonBytes, length);
    this.#slots = new Int32Array(length * 2);
    for (let name = 0; name < this.count; name++) this.#place(name);
  }
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}
