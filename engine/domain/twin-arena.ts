/**
 * Memory of the hot twins: pages of eight-byte units, given out in blocks of a size class and taken back by size. All
 * that a partition remembers about its devices lives here and not on the heap, so a million twins cost the garbage
 * collector nothing. An address is a unit's number and fits 32 bits; 0 is no address. Blocks never straddle pages.
 */
import { assert } from '../kernel/assert.ts';

/** One megabyte a page: small partitions stay small, and a page array of a million twins has some two hundred entries. */
export const PAGE_UNITS_LOG2 = 17;
export const PAGE_UNITS_MASK = (1 << PAGE_UNITS_LOG2) - 1;
const PAGE_UNITS = 1 << PAGE_UNITS_LOG2;
const UNIT_BYTES = 8;
/** Largest block: a text leaf as long as a whole twin section may be fits several times. */
export const BLOCK_UNITS_MAX = 1 << 14;
/** Sizes up to this have a class of their own; above, four classes an octave waste at most a fifth. */
const EXACT_UNITS_MAX = 8;
const CLASSES = 64;

export class Arena {
  /** The same pages, seen three ways; page number = address >>> PAGE_UNITS_LOG2. */
  readonly doubles: Float64Array[] = [];
  readonly words: Uint32Array[] = [];
  readonly bytes: Uint8Array[] = [];
  /** First free block of each class; a free block's first word is the address of the next. */
  readonly #free = new Uint32Array(CLASSES);
  #next = 0;
  #end = 0;

  /** A block of at least `units`; what it holds is undefined. */
  allocate(units: number): number {
    const size = blockUnits(units);
    const sizeClass = classOf(size);
    const reused = this.#free[sizeClass] as number;
    if (reused !== 0) {
      const words = this.words[reused >>> PAGE_UNITS_LOG2] as Uint32Array;
      this.#free[sizeClass] = words[(reused & PAGE_UNITS_MASK) * 2] as number;
      return reused;
    }
    if (this.#next + size > this.#end) this.#addPage();
    const address = this.#next;
    this.#next += size;
    return address;
  }

  /** Takes back a block that was given out for `units`. */
  release(address: number, units: number): void {
    const sizeClass = classOf(blockUnits(units));
    const words = this.words[address >>> PAGE_UNITS_LOG2] as Uint32Array;
    words[(address & PAGE_UNITS_MASK) * 2] = this.#free[sizeClass] as number;
    this.#free[sizeClass] = address;
  }

  get bytesHeld(): number {
    return this.doubles.length * PAGE_UNITS * UNIT_BYTES;
  }

  #addPage(): void {
    const page = this.doubles.length;
    assert(page < 1 << (32 - PAGE_UNITS_LOG2), 'the arena is full');
    const buffer = new ArrayBuffer(PAGE_UNITS * UNIT_BYTES);
    this.doubles.push(new Float64Array(buffer));
    this.words.push(new Uint32Array(buffer));
    this.bytes.push(new Uint8Array(buffer));
    // Unit 0 of the first page stays unused, because 0 means no address.
    this.#next = page * PAGE_UNITS + (page === 0 ? 1 : 0);
    this.#end = (page + 1) * PAGE_UNITS;
  }
}

/** What a request for `units` really gets: the size of its class. */
export function blockUnits(units: number): number {
  if (units <= EXACT_UNITS_MAX) return units < 1 ? 1 : units;
  assert(units <= BLOCK_UNITS_MAX, `a block of ${units} units`);
  const step = 1 << (29 - Math.clz32(units - 1));
  return (units + step - 1) & -step;
}

/** Of a size that `blockUnits` gave. */
function classOf(size: number): number {
  if (size <= EXACT_UNITS_MAX) return size;
  const octave = 31 - Math.clz32(size - 1);
  return EXACT_UNITS_MAX + (octave - 3) * 4 + (size >>> (octave - 2)) - 4;
}
