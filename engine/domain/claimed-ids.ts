/**
 * What clients named with an `id`: of each device the newest ids, with the event that bore each first. They lie in one
 * block of the arena a device, oldest first; an id that fell out is not recognised any more.
 */
import type { Arena } from './twin-arena.ts';
import { blockUnits, PAGE_UNITS_LOG2, PAGE_UNITS_MASK } from './twin-arena.ts';
import { CLAIMED_IDS } from './twin-store.ts';
import type { TwinStore } from './twin-store.ts';

/** More than a client has in flight, few enough that a device that names every event costs kilobytes. */
export const CLAIMED_IDS_MAX = 64;

/** Words of bookkeeping: how many ids, how many bytes they take, units of the block; then the entries. */
const CLAIMS_HEAD_BYTES = 16;
/** An entry: sequence (two words, little-endian bytes), index, length; then the id. */
const CLAIM_HEAD_BYTES = 8 + 4 + 1;

export interface ClaimedId {
  readonly seq: number;
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface IdSpan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The claimed ids of all devices of a store. */
export class ClaimedIds {
  readonly #store: TwinStore;
  readonly #arena: Arena;

  constructor(store: TwinStore) {
    this.#store = store;
    this.#arena = store.arena;
  }

  /** The event that bore this id first, if it is remembered. */
  find(device: number, id: IdSpan): ClaimedId | undefined {
    for (const claim of this.of(device)) {
      if (claim.end - claim.start !== id.end - id.start) continue;
      let i = 0;
      while (i < id.end - id.start && claim.bytes[claim.start + i] === id.bytes[id.start + i]) i++;
      if (i === id.end - id.start) return claim;
    }
    return undefined;
  }

  /** Remembers an id that `find` didn't find, and forgets the oldest one beyond the limit. */
  claim(device: number, id: IdSpan, position: { readonly seq: number; readonly index: number }): void {
    const record = this.#store.wordsAt(device);
    const slot = (device & PAGE_UNITS_MASK) * 2 + CLAIMED_IDS;
    const length = id.end - id.start;
    if ((record[slot] as number) !== 0 && this.#count(record[slot] as number) >= CLAIMED_IDS_MAX)
      this.#forgetOldest(record[slot] as number);
    const block = this.#withRoom(record[slot] as number, CLAIM_HEAD_BYTES + length);
    record[slot] = block;
    const words = this.#words(block);
    const word = (block & PAGE_UNITS_MASK) * 2;
    const bytes = this.#bytes(block);
    let at = word * 4 + CLAIMS_HEAD_BYTES + (words[word + 1] as number);
    at = writeWord(bytes, at, position.seq >>> 0);
    at = writeWord(bytes, at, Math.floor(position.seq / 2 ** 32));
    at = writeWord(bytes, at, position.index);
    bytes[at++] = length;
    for (let i = id.start; i < id.end; i++) bytes[at++] = id.bytes[i] as number;
    words[word] = (words[word] as number) + 1;
    words[word + 1] = (words[word + 1] as number) + CLAIM_HEAD_BYTES + length;
  }

  /** Oldest first; valid until the next claim. */
  *of(device: number): Generator<ClaimedId> {
    if (device === 0) return;
    const block = this.#store.wordsAt(device)[(device & PAGE_UNITS_MASK) * 2 + CLAIMED_IDS] as number;
    if (block === 0) return;
    const bytes = this.#bytes(block);
    let at = (block & PAGE_UNITS_MASK) * 8 + CLAIMS_HEAD_BYTES;
    for (let left = this.#count(block); left > 0; left--) {
      const start = at + CLAIM_HEAD_BYTES;
      const end = start + (bytes[start - 1] as number);
      yield { seq: readWord(bytes, at) + readWord(bytes, at + 4) * 2 ** 32, index: readWord(bytes, at + 8), bytes, start, end };
      at = end;
    }
  }

  #count(block: number): number {
    return this.#words(block)[(block & PAGE_UNITS_MASK) * 2] as number;
  }

  #forgetOldest(block: number): void {
    const words = this.#words(block);
    const word = (block & PAGE_UNITS_MASK) * 2;
    const bytes = this.#bytes(block);
    const start = word * 4 + CLAIMS_HEAD_BYTES;
    const size = CLAIM_HEAD_BYTES + (bytes[start + CLAIM_HEAD_BYTES - 1] as number);
    bytes.copyWithin(start, start + size, start + (words[word + 1] as number));
    words[word] = (words[word] as number) - 1;
    words[word + 1] = (words[word + 1] as number) - size;
  }

  /** The block itself, or a larger one with the same claims, that has room for `more` bytes; a new one for 0. */
  #withRoom(block: number, more: number): number {
    const word = (block & PAGE_UNITS_MASK) * 2;
    const used = block === 0 ? CLAIMS_HEAD_BYTES : CLAIMS_HEAD_BYTES + (this.#words(block)[word + 1] as number);
    const units = block === 0 ? 0 : (this.#words(block)[word + 2] as number);
    if (used + more <= units * 8) return block;
    const largerUnits = blockUnits((used + more + 7) >>> 3);
    const larger = this.#arena.allocate(largerUnits);
    const largerWord = (larger & PAGE_UNITS_MASK) * 2;
    const words = this.#words(larger);
    words.fill(0, largerWord, largerWord + CLAIMS_HEAD_BYTES / 4);
    if (block !== 0) {
      this.#bytes(larger).set(this.#bytes(block).subarray(word * 4, word * 4 + used), largerWord * 4);
      this.#arena.release(block, units);
    }
    words[largerWord + 2] = largerUnits;
    return larger;
  }

  #words(block: number): Uint32Array {
    return this.#arena.words[block >>> PAGE_UNITS_LOG2] as Uint32Array;
  }

  #bytes(block: number): Uint8Array {
    return this.#arena.bytes[block >>> PAGE_UNITS_LOG2] as Uint8Array;
  }
}

/** What the block of a device's claimed ids was allocated for. */
export function claimsUnits(arena: Arena, block: number): number {
  return (arena.words[block >>> PAGE_UNITS_LOG2] as Uint32Array)[(block & PAGE_UNITS_MASK) * 2 + 2] as number;
}

function writeWord(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  return at + 4;
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0
  );
}
