/**
 * The hot state of a partition's devices: one record a device in the arena, found by tenant and device id through an open
 * table that compares whole keys (a hash alone may collide). What a record holds is laid out here; what it means is the
 * business of `twin-latest.ts` and `deduplication.ts`.
 */
import { Arena, blockUnits, PAGE_UNITS_LOG2, PAGE_UNITS_MASK } from './twin-arena.ts';
import { TwinNames } from './twin-names.ts';

/** Doubles of a record, from its address on. */
export const FIRST_SEQ = 0;
export const LAST_SEQ = 1;
/** Event time and message of the stamp that all leaves share while they are uniform. */
export const STAMP_MS = 2;
export const STAMP_SEQ = 3;
export const BOOT_ID = 4;
export const BOOT_HIGHEST = 5;

/** Words (32 bits) of a record, from twice its address on. */
export const WINDOW_LOW = 12;
export const WINDOW_HIGH = 13;
export const LAST_INDEX = 14;
export const STAMP_INDEX = 15;
export const STAMP_ITEM = 16;
/** Address of the leaf block. */
export const LEAVES = 17;
export const LEAF_COUNT = 18;
export const LEAF_CAPACITY = 19;
/** Address of the older boot's block, 0 for none. */
export const OLDER_BOOT = 20;
/** Address of the claimed ids' block, 0 for none. */
export const CLAIMED_IDS = 21;
/** Address of the block that says what the registry said last, 0 for none. */
export const LIFECYCLE = 22;
/** Flags in the low eight bits; above them how large the section `latest` counts as. */
export const FLAGS = 23;
export const SECTION_SHIFT = 8;
export const FLAG_BITS = (1 << SECTION_SHIFT) - 1;

/** Some leaves have other stamps than others: each has its own, behind the leaves. */
export const FLAG_MIXED = 1;
export const FLAG_BOOT = 2;
/** Three bits for the state in the registry: a place in `LIFECYCLE_STATES`, from 1 on; 0 where the registry said nothing. */
export const LIFE_SHIFT = 2;
export const LIFE_BITS = 7 << LIFE_SHIFT;

/** The key follows: lengths of tenant and device, a byte each, then both. */
const KEY_UNIT = 12;
const KEY_BYTE = KEY_UNIT * 8;

const SLOTS_INITIAL = 64;
/** Fuller, and the search for a device that is not there takes too many steps. */
const LOAD_MAX = 0.7;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A device as something names it: two spans of `bytes`, and the hash that also fixes the partition. Filled again and again. */
export class DeviceKey {
  bytes: Uint8Array = new Uint8Array(0);
  tenantStart = 0;
  tenantEnd = 0;
  deviceStart = 0;
  deviceEnd = 0;
  hash = 0;

  /** To be called when the spans are set; `partitionOf` is this hash modulo the partitions. */
  setHash(): void {
    const { bytes, tenantStart, tenantEnd, deviceStart, deviceEnd } = this;
    let hash = FNV_OFFSET | 0;
    for (let i = tenantStart; i < tenantEnd; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME);
    for (let i = deviceStart; i < deviceEnd; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME);
    this.hash = hash;
  }

  /** Which of `partitions` the device lives in. */
  partition(partitions: number): number {
    return (this.hash >>> 0) % partitions;
  }

  /** Ids are ASCII by their grammar. */
  setText(tenant: string, device: string): void {
    const bytes = new Uint8Array(tenant.length + device.length);
    for (let i = 0; i < tenant.length; i++) bytes[i] = tenant.charCodeAt(i);
    for (let i = 0; i < device.length; i++) bytes[tenant.length + i] = device.charCodeAt(i);
    this.bytes = bytes;
    this.tenantStart = 0;
    this.tenantEnd = tenant.length;
    this.deviceStart = tenant.length;
    this.deviceEnd = bytes.length;
    this.setHash();
  }
}

export class TwinStore {
  readonly arena = new Arena();
  readonly names = new TwinNames();
  count = 0;
  /** Slot i: hash and address of a record; address 0 is a free slot. */
  #slots = new Int32Array(SLOTS_INITIAL * 2);
  #mask = SLOTS_INITIAL - 1;

  /** The record's address, or 0 when the device was never heard of. */
  find(key: DeviceKey): number {
    const { hash } = key;
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = spread(hash) & mask;
    for (;;) {
      const address = slots[slot * 2 + 1] as number;
      if (address === 0) return 0;
      if (slots[slot * 2] === hash && this.#isKeyOf(address, key)) return address;
      slot = (slot + 1) & mask;
    }
  }

  /** A new record, all zero but for the key. The device must not be there yet. */
  create(key: DeviceKey): number {
    if (this.count >= (this.#mask + 1) * LOAD_MAX) this.#grow();
    const tenantLength = key.tenantEnd - key.tenantStart;
    const deviceLength = key.deviceEnd - key.deviceStart;
    const units = recordUnits(key);
    const address = this.arena.allocate(units);
    const page = address >>> PAGE_UNITS_LOG2;
    const unit = address & PAGE_UNITS_MASK;
    (this.arena.doubles[page] as Float64Array).fill(0, unit, unit + blockUnits(units));
    const bytes = this.arena.bytes[page] as Uint8Array;
    let at = unit * 8 + KEY_BYTE;
    bytes[at++] = tenantLength;
    bytes[at++] = deviceLength;
    for (let i = key.tenantStart; i < key.tenantEnd; i++) bytes[at++] = key.bytes[i] as number;
    for (let i = key.deviceStart; i < key.deviceEnd; i++) bytes[at++] = key.bytes[i] as number;
    place(this.#slots, this.#mask, { hash: key.hash, address });
    this.count += 1;
    return address;
  }

  /** Takes a device that is there out of the table; its record's block, so large, is the caller's to give back. */
  forget(key: DeviceKey): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const address = this.find(key);
    let hole = spread(key.hash) & mask;
    while (slots[hole * 2 + 1] !== address) hole = (hole + 1) & mask;
    // Whoever was placed behind it because it was there moves up, or its search would end at the hole.
    for (let next = (hole + 1) & mask; slots[next * 2 + 1] !== 0; next = (next + 1) & mask) {
      const home = spread(slots[next * 2] as number) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      slots[hole * 2] = slots[next * 2] as number;
      slots[hole * 2 + 1] = slots[next * 2 + 1] as number;
      hole = next;
    }
    slots[hole * 2] = 0;
    slots[hole * 2 + 1] = 0;
    this.count -= 1;
    return recordUnits(key);
  }

  /** Doubles, words and bytes of the page that an address is in. */
  doublesAt(address: number): Float64Array {
    return this.arena.doubles[address >>> PAGE_UNITS_LOG2] as Float64Array;
  }

  wordsAt(address: number): Uint32Array {
    return this.arena.words[address >>> PAGE_UNITS_LOG2] as Uint32Array;
  }

  bytesAt(address: number): Uint8Array {
    return this.arena.bytes[address >>> PAGE_UNITS_LOG2] as Uint8Array;
  }

  /** Where the record's key starts in `bytesAt(address)`: two lengths, tenant, device. */
  keyByte(address: number): number {
    return (address & PAGE_UNITS_MASK) * 8 + KEY_BYTE;
  }

  /** All records by hash and, where hashes are equal, by key: an order that depends on who is there and nothing else. */
  sortedAddresses(): Int32Array {
    const hashes = new Int32Array(this.count);
    const addresses = new Int32Array(this.count);
    let found = 0;
    for (let slot = 0; slot <= this.#mask; slot++) {
      const address = this.#slots[slot * 2 + 1] as number;
      if (address === 0) continue;
      hashes[found] = this.#slots[slot * 2] as number;
      addresses[found++] = address;
    }
    const sorted = sortByHash(hashes, addresses);
    this.#orderEqualHashes(sorted);
    return sorted.addresses;
  }

  /** Bytes held for records, leaves and the table. */
  get bytesHeld(): number {
    return this.arena.bytesHeld + this.#slots.byteLength + this.names.bytes.byteLength;
  }

  #isKeyOf(address: number, key: DeviceKey): boolean {
    const bytes = this.bytesAt(address);
    let at = this.keyByte(address);
    if (bytes[at] !== key.tenantEnd - key.tenantStart || bytes[at + 1] !== key.deviceEnd - key.deviceStart) return false;
    at += 2;
    const other = key.bytes;
    for (let i = key.deviceStart, to = at + key.tenantEnd - key.tenantStart; i < key.deviceEnd; i++)
      if (bytes[to++] !== other[i]) return false;
    for (let i = key.tenantStart; i < key.tenantEnd; i++) if (bytes[at++] !== other[i]) return false;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) {
      const address = old[i + 1] as number;
      if (address !== 0) place(slots, mask, { hash: old[i] as number, address });
    }
    this.#slots = slots;
    this.#mask = mask;
  }

  #orderEqualHashes(sorted: SortedRecords): void {
    const { hashes, addresses } = sorted;
    for (let i = 1; i < addresses.length; i++) {
      const address = addresses[i] as number;
      let j = i;
      for (; j > 0 && hashes[j - 1] === hashes[i] && this.#compareKeys(addresses[j - 1] as number, address) > 0; j--) {
        addresses[j] = addresses[j - 1] as number;
      }
      addresses[j] = address;
    }
  }

  #compareKeys(a: number, b: number): number {
    const aBytes = this.bytesAt(a);
    const bBytes = this.bytesAt(b);
    const aKey = this.keyByte(a);
    const bKey = this.keyByte(b);
    const length = 2 + (aBytes[aKey] as number) + (aBytes[aKey + 1] as number);
    // Keys of different lengths differ in the first two bytes.
    for (let i = 0; i < length; i++) {
      const difference = (aBytes[aKey + i] as number) - (bBytes[bKey + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

function recordUnits(key: DeviceKey): number {
  return KEY_UNIT + ((2 + key.tenantEnd - key.tenantStart + key.deviceEnd - key.deviceStart + 7) >>> 3);
}

/** FNV's low bits also choose the partition, so all hashes here share them: mix the high ones in (as murmur3 ends). */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function place(slots: Int32Array, mask: number, entry: { readonly hash: number; readonly address: number }): void {
  let slot = spread(entry.hash) & mask;
  while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
  slots[slot * 2] = entry.hash;
  slots[slot * 2 + 1] = entry.address;
}

interface SortedRecords {
  readonly hashes: Int32Array;
  readonly addresses: Int32Array;
}

const RADIX_BITS = 11;
const RADIX = 1 << RADIX_BITS;

/** Radix sort by the unsigned hash: linear, so a snapshot of many devices isn't spent on sorting. */
function sortByHash(hashes: Int32Array, addresses: Int32Array): SortedRecords {
  const length = hashes.length;
  let from: SortedRecords = { hashes, addresses };
  let to: SortedRecords = { hashes: new Int32Array(length), addresses: new Int32Array(length) };
  for (let shift = 0; shift < 32; shift += RADIX_BITS) {
    const starts = new Int32Array(RADIX + 1);
    for (let i = 0; i < length; i++) {
      const digit = ((from.hashes[i] as number) >>> shift) & (RADIX - 1);
      starts[digit + 1] = (starts[digit + 1] as number) + 1;
    }
    for (let digit = 1; digit <= RADIX; digit++) starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
    for (let i = 0; i < length; i++) {
      const hash = from.hashes[i] as number;
      const digit = (hash >>> shift) & (RADIX - 1);
      const at = starts[digit] as number;
      starts[digit] = at + 1;
      to.hashes[at] = hash;
      to.addresses[at] = from.addresses[i] as number;
    }
    [from, to] = [to, from];
  }
  return from;
}
