/**
 * A tenant's devices, packed into chunks of bytes and found by open addressing: about 110 bytes a device with a token, and
 * no object for the collector to look at. A device keeps its row, its place in the order of first registration, for ever;
 * rows are numbered by the log's order, so every edge counts them alike and a cursor of one is good at another.
 */
import { assert } from '../../engine/kernel/assert.ts';
import { fnv1a32, fnv1a32Bytes } from '../../engine/kernel/partition.ts';
import { DevicePacker } from './device-packer.ts';
import { DeviceView } from './device-view.ts';
import { SharedTexts, tagText } from './packed-device.ts';
import { RowIndex } from './row-index.ts';
import type { DeviceEntry, DeviceState, Tags } from './entries.ts';

/** A chunk is looked through at once when it is mostly of what was replaced: some thousand devices. */
const CHUNK_BYTES = 256 * 1024;
const CHUNK_SHIFT = 18;
const FIRST_BYTES = 2 * 1024;
const ROWS_MIN = 16;
/** Last use: minutes since 2020 in 26 bits, and 6 bits of a hash to tell a device's few credentials apart. */
const USED_EPOCH_MS = Date.UTC(2020, 0, 1);
const MINUTE_MS = 60_000;
const USED_BITS = 6;
const USED_MASK = 0x3f;

interface Chunk {
  bytes: Buffer;
  used: number;
  live: number;
}

export interface DeviceFilter {
  readonly tags?: Tags;
  readonly group?: string;
  /** Whoever has these tags is in the group too. */
  readonly groupTags?: Tags;
  readonly state?: DeviceState;
  readonly idPrefix?: string;
}

export interface Scan {
  /** Rows that fit, in their order. */
  readonly rows: number[];
  /** The first row that wasn't looked at. */
  readonly next: number;
}

interface WantedText {
  readonly text: string;
  readonly number: number;
}

export class DeviceTable {
  readonly #texts = new SharedTexts();
  readonly #packer = new DevicePacker(this.#texts);
  readonly #view = new DeviceView(this.#texts);
  readonly #chunks: Chunk[] = [];
  #current = -1;
  /** The chunk that lost something last. */
  #sparse = -1;
  /** Where each row's device is packed. */
  #places = new Uint32Array(ROWS_MIN);
  #rows = 0;
  /** When, and by which credential, each row's device was let in last; made when the first one was. */
  #used = new Uint32Array(0);
  readonly #ids = new RowIndex((row) => [fnv1a32(this.idAt(row))]);
  readonly #externals = new RowIndex((row) => this.#open(row).externalHashes());
  /** What is looked for now, so that a look makes no closures. */
  #wantedId = '';
  #wantedName: Uint8Array = new Uint8Array(0);
  readonly #isWantedId = (row: number): boolean => this.#open(row).isId(this.#wantedId);
  readonly #hasWantedName = (row: number): boolean => this.#open(row).hasExternal(this.#wantedName);

  /** Rows there are, those of devices that are gone among them. */
  get rows(): number {
    return this.#rows;
  }

  /** What the table holds in memory. */
  get bytes(): number {
    let chunks = 0;
    for (const chunk of this.#chunks) chunks += chunk.bytes.length;
    return chunks + this.#places.byteLength + this.#used.byteLength + this.#ids.bytes + this.#externals.bytes;
  }

  /** -1: no such id was ever registered. */
  rowOf(id: string): number {
    this.#wantedId = id;
    return this.#ids.find(fnv1a32(id), this.#isWantedId);
  }

  /** The row of the device that has the external id, or -1. */
  rowOfExternal(name: string): number {
    this.#wantedName = Buffer.from(name);
    return this.#externals.find(hashOfName(name), this.#hasWantedName);
  }

  seqAt(row: number): number {
    return this.#open(row).seq();
  }

  idAt(row: number): string {
    return this.#open(row).id();
  }

  isDeletedAt(row: number): boolean {
    return this.#open(row).isDeleted();
  }

  stateAt(row: number): DeviceState | undefined {
    return this.#open(row).state();
  }

  /** When the credential was used last, if it was the device's last one: milliseconds, to the minute. */
  usedMs(row: number, credentialId: string): number | undefined {
    const used = this.#used[row] ?? 0;
    return used === 0 || (used & USED_MASK) !== tagOf(credentialId) ? undefined : USED_EPOCH_MS + (used >>> USED_BITS) * MINUTE_MS;
  }

  /** An earlier use than the one that is known changes nothing. */
  noteUsed(row: number, credentialId: string, ms: number): void {
    const minutes = Math.floor((ms - USED_EPOCH_MS) / MINUTE_MS);
    if (minutes < 0 || minutes < (this.#used[row] ?? 0) >>> USED_BITS) return;
    if (row >= this.#used.length) {
      const wider = new Uint32Array(this.#places.length);
      wider.set(this.#used);
      this.#used = wider;
    }
    this.#used[row] = minutes * (USED_MASK + 1) + tagOf(credentialId);
  }

  entry(tenant: string, row: number): DeviceEntry {
    return this.#open(row).entry(tenant);
  }

  /** Puts the entry in the place of what was known of its device, and answers its row. */
  put(entry: DeviceEntry, seq: number): number {
    const known = this.rowOf(entry.id);
    const row = known < 0 ? this.#addRow() : known;
    const before = known < 0 ? [] : this.entry('', known).externalIds;
    const renamed = before.length !== entry.externalIds.length || before.some((name, i) => name !== entry.externalIds[i]);
    if (renamed) for (const name of before) this.#externals.remove(hashOfName(name), row);
    if (known >= 0) this.#drop(this.#places[row] ?? 0);
    this.#places[row] = this.#store(this.#packer.pack(entry, row, seq));
    if (known < 0) this.#ids.add(fnv1a32(entry.id), row, this.#rows);
    if (renamed) for (const name of entry.externalIds) this.#externals.add(hashOfName(name), row, this.#rows);
    this.#compact();
    return row;
  }

  /** Looks at rows from `from` on, until `limit` fit or `looksMax` were looked at. */
  scan(filter: DeviceFilter, from: number, bounds: { readonly limit: number; readonly looksMax: number }): Scan {
    const tags = this.#wanted(filter.tags);
    const groupTags = filter.groupTags === undefined ? undefined : this.#wanted(filter.groupTags);
    const group = filter.group === undefined ? undefined : { text: filter.group, number: this.#texts.known(filter.group) };
    const { idPrefix, state } = filter;
    const rows: number[] = [];
    const end = Math.min(this.#rows, from + bounds.looksMax);
    let row = from;
    for (; row < end && rows.length < bounds.limit; row++) {
      const view = this.#open(row);
      if (view.isDeleted()) continue;
      if (state !== undefined && (view.state() ?? 'active') !== state) continue;
      if (idPrefix !== undefined && !view.hasPrefix(idPrefix)) continue;
      if (!hasAll(view, tags)) continue;
      if (group !== undefined && !view.isInGroup(group.text, group.number) && (groupTags === undefined || !hasAll(view, groupTags)))
        continue;
      rows.push(row);
    }
    return { rows, next: row };
  }

  #wanted(tags: Tags | undefined): readonly WantedText[] {
    return Object.entries(tags ?? {}).map(([key, value]) => {
      const text = tagText(key, value);
      return { text, number: this.#texts.known(text) };
    });
  }

  #open(row: number): DeviceView {
    const place = this.#places[row] ?? 0;
    const chunk = this.#chunks[place >>> CHUNK_SHIFT];
    assert(chunk !== undefined, 'a row is packed somewhere');
    return this.#view.open(chunk.bytes, place & (CHUNK_BYTES - 1));
  }

  #addRow(): number {
    if (this.#rows === this.#places.length) {
      // By a half: a million rows shouldn't leave room for another.
      const wider = new Uint32Array(this.#places.length + (this.#places.length >> 1));
      wider.set(this.#places);
      this.#places = wider;
    }
    return this.#rows++;
  }

  #store(packed: Buffer): number {
    assert(packed.length <= CHUNK_BYTES, 'a device fits a chunk');
    let chunk = this.#chunks[this.#current];
    if (chunk === undefined || chunk.used + packed.length > CHUNK_BYTES) {
      chunk = { bytes: Buffer.alloc(this.#chunks.length === 0 ? FIRST_BYTES : CHUNK_BYTES), used: 0, live: 0 };
      const free = this.#chunks.findIndex((one) => one.bytes.length === 0);
      this.#current = free < 0 ? this.#chunks.length : free;
      this.#chunks[this.#current] = chunk;
    }
    if (chunk.used + packed.length > chunk.bytes.length) {
      const wider = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(chunk.bytes.length * 2, chunk.used + packed.length)));
      chunk.bytes.copy(wider, 0, 0, chunk.used);
      chunk.bytes = wider;
    }
    const place = this.#current * CHUNK_BYTES + chunk.used;
    packed.copy(chunk.bytes, chunk.used);
    chunk.used += packed.length;
    chunk.live += packed.length;
    return place;
  }

  #drop(place: number): void {
    const chunk = this.#chunks[place >>> CHUNK_SHIFT];
    if (chunk !== undefined) chunk.live -= this.#view.open(chunk.bytes, place & (CHUNK_BYTES - 1)).length();
    this.#sparse = place >>> CHUNK_SHIFT;
  }

  /** Moves what lives in a chunk that is mostly dead, and lets the chunk go. */
  #compact(): void {
    const number = this.#sparse;
    const chunk = this.#chunks[number];
    this.#sparse = -1;
    if (chunk === undefined || chunk.used < CHUNK_BYTES / 2 || chunk.live * 2 > chunk.used) return;
    if (number === this.#current) this.#current = -1;
    for (let at = 0; at < chunk.used;) {
      const view = this.#view.open(chunk.bytes, at);
      const length = view.length();
      const row = view.row();
      if (this.#places[row] === number * CHUNK_BYTES + at) this.#places[row] = this.#store(chunk.bytes.subarray(at, at + length));
      at += length;
    }
    chunk.bytes = Buffer.alloc(0);
    chunk.used = 0;
    chunk.live = 0;
  }
}

function hasAll(view: DeviceView, wanted: readonly WantedText[]): boolean {
  for (const { text, number } of wanted) if (!view.hasTag(text, number)) return false;
  return true;
}

function tagOf(credentialId: string): number {
  return fnv1a32(credentialId) & USED_MASK;
}

function hashOfName(name: string): number {
  const bytes = Buffer.from(name);
  return fnv1a32Bytes(bytes, { start: 0, end: bytes.length });
}
