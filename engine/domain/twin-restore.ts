/** Puts leaves back as they stood in a snapshot: in their order, with one stamp for all where all are equal. */
import { PAGE_UNITS_MASK } from './twin-arena.ts';
import { LEAF_DIGITS, LEAF_TEXT } from './telemetry-sample.ts';
import { blockSize, LEAF_UNITS, STAMP_UNITS } from './twin-latest.ts';
import { jsonTextBytes, LEAF_FRAME_JSON_BYTES, SCALAR_JSON_BYTES } from './twin-size.ts';
import {
  FLAG_MIXED,
  FLAGS,
  LEAF_CAPACITY,
  LEAF_COUNT,
  LEAVES,
  SECTION_SHIFT,
  STAMP_INDEX,
  STAMP_ITEM,
  STAMP_MS,
  STAMP_SEQ,
} from './twin-store.ts';
import type { TwinStore } from './twin-store.ts';
import { storeText } from './twin-text.ts';

/** A leaf of a snapshot. Filled again and again. */
export interface RestoredLeaf {
  /** The store's number of the name. */
  name: number;
  type: number;
  number: number;
  /** Where it is a text: its span in the snapshot's bytes. */
  start: number;
  end: number;
  ms: number;
  seq: number;
  index: number;
  item: number;
}

export class LatestRestorer {
  readonly #store: TwinStore;
  readonly #bytes: Uint8Array;
  /** Leaves of the device at hand, kept from one device to the next. */
  readonly #leaves: RestoredLeaf[] = [];
  #count = 0;

  constructor(store: TwinStore, bytes: Uint8Array) {
    this.#store = store;
    this.#bytes = bytes;
  }

  add(leaf: RestoredLeaf): void {
    const kept = this.#leaves[this.#count];
    if (kept === undefined) this.#leaves.push({ ...leaf });
    else Object.assign(kept, leaf);
    this.#count += 1;
  }

  /** Gives the leaves that were added since the last call to a record that has none. */
  restore(device: number): void {
    const count = this.#count;
    this.#count = 0;
    const first = this.#leaves[0];
    if (count === 0 || first === undefined) return;
    const store = this.#store;
    const words = store.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const leaves = count === this.#leaves.length ? this.#leaves : this.#leaves.slice(0, count);
    const mixed = !leaves.every(
      (leaf) => leaf.ms === first.ms && leaf.seq === first.seq && leaf.index === first.index && leaf.item === first.item,
    );
    const block = store.arena.allocate(blockSize(count, mixed));
    words[word + LEAVES] = block;
    words[word + LEAF_COUNT] = count;
    words[word + LEAF_CAPACITY] = count;
    if (mixed) words[word + FLAGS] = (words[word + FLAGS] as number) | FLAG_MIXED;
    else {
      const doubles = store.doublesAt(device);
      doubles[(device & PAGE_UNITS_MASK) + STAMP_MS] = first.ms;
      doubles[(device & PAGE_UNITS_MASK) + STAMP_SEQ] = first.seq;
      words[word + STAMP_INDEX] = first.index;
      words[word + STAMP_ITEM] = first.item;
    }
    let size = 0;
    for (const [i, leaf] of leaves.entries()) size += this.#write({ block, capacity: count, mixed, i }, leaf);
    words[word + FLAGS] = (words[word + FLAGS] as number) + (size << SECTION_SHIFT);
  }

  /** Writes the leaf and answers what it counts as in the section's size. */
  #write(
    place: { readonly block: number; readonly capacity: number; readonly mixed: boolean; readonly i: number },
    leaf: RestoredLeaf,
  ): number {
    const store = this.#store;
    const words = store.wordsAt(place.block);
    const doubles = store.doublesAt(place.block);
    const blockUnit = place.block & PAGE_UNITS_MASK;
    const unit = blockUnit + place.i * LEAF_UNITS;
    words[unit * 2 + 2] = leaf.name;
    words[unit * 2 + 3] = leaf.type;
    let valueBytes = SCALAR_JSON_BYTES;
    if (leaf.type >= LEAF_TEXT) {
      storeText(store.arena, { words, word: unit * 2 }, { bytes: this.#bytes, start: leaf.start, end: leaf.end });
      valueBytes = leaf.type === LEAF_DIGITS ? leaf.end - leaf.start : jsonTextBytes(this.#bytes, leaf.start, leaf.end);
    } else doubles[unit] = leaf.number;
    if (place.mixed) {
      const stamp = blockUnit + place.capacity * LEAF_UNITS + place.i * STAMP_UNITS;
      doubles[stamp] = leaf.ms;
      doubles[stamp + 1] = leaf.seq;
      words[stamp * 2 + 4] = leaf.index;
      words[stamp * 2 + 5] = leaf.item;
    }
    return store.names.jsonBytes(leaf.name) + LEAF_FRAME_JSON_BYTES + valueBytes;
  }
}
