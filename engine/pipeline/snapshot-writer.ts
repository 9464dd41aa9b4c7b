/**
 * Writes a partition's state as an encoded `TwinSnapshot`. Canonical: devices stand in the order of `sortedAddresses`,
 * names in the order of their bytes, writers by epoch, and only names that some leaf bears are there, so equal states give
 * equal bytes, however they came to be. Devices are written straight from the columns, without records in between.
 */
import { encodeTwinSnapshot } from '../../schemas/envelope.ts';
import type { AggregateStateInit } from '../../schemas/gen/lean.ts';
import {
  readText,
  tagOf,
  varintSize,
  WIRE_BYTES,
  WIRE_FIXED64,
  WIRE_VARINT,
  writeDouble,
  writeFixed32,
  writeVarint,
} from '../../schemas/wire.ts';
import { bootsOf } from '../domain/deduplication.ts';
import type { LifecycleState } from '../domain/registry-fact.ts';
import { LEAF_DIGITS, LEAF_NUMBER, LEAF_TEXT } from '../domain/telemetry-sample.ts';
import { PAGE_UNITS_MASK } from '../domain/twin-arena.ts';
import { LEAF_UNITS, STAMP_UNITS } from '../domain/twin-latest.ts';
import {
  CLAIMED_IDS,
  FIRST_SEQ,
  FLAG_BOOT,
  FLAG_MIXED,
  FLAGS,
  LAST_INDEX,
  LAST_SEQ,
  LEAF_CAPACITY,
  LEAF_COUNT,
  LEAVES,
  LIFECYCLE,
  SECTION_SHIFT,
  STAMP_INDEX,
  STAMP_ITEM,
  STAMP_MS,
  STAMP_SEQ,
} from '../domain/twin-store.ts';
import { lifecycleOf, lifecycleText } from '../domain/twin-lifecycle.ts';
import type { TwinStore } from '../domain/twin-store.ts';
import { textOf } from '../domain/twin-text.ts';
import { LIFECYCLE_SECTION } from './decisions.ts';
import { FOLD_VERSION } from './partition-state.ts';
import type { PartitionState } from './partition-state.ts';

/** Field numbers of `TwinSnapshot`, `DeviceState`, `Leaf`, `BootWindow`, `ClaimedId` and `TwinSection` in control.proto. */
const SNAPSHOT_DEVICES = tagOf(8, WIRE_BYTES);
const DEVICE_TENANT = tagOf(1, WIRE_BYTES);
const DEVICE_DEVICE = tagOf(2, WIRE_BYTES);
const DEVICE_LATEST = tagOf(3, WIRE_BYTES);
const DEVICE_BOOTS = tagOf(4, WIRE_BYTES);
const DEVICE_CLAIMED_IDS = tagOf(5, WIRE_BYTES);
const DEVICE_SECTIONS = tagOf(6, WIRE_BYTES);
const DEVICE_LAST_SEQ = tagOf(7, WIRE_VARINT);
const DEVICE_LAST_INDEX = tagOf(8, WIRE_VARINT);
const DEVICE_FIRST_SEQ = tagOf(9, WIRE_VARINT);
const LEAF_NAME_TAG = tagOf(1, WIRE_VARINT);
const LEAF_NUMBER_TAG = tagOf(2, WIRE_FIXED64);
const LEAF_BOOLEAN_TAG = tagOf(3, WIRE_VARINT);
const LEAF_TEXT_TAG = tagOf(4, WIRE_BYTES);
const LEAF_EVENT_MS_TAG = tagOf(6, WIRE_VARINT);
const LEAF_SEQ_TAG = tagOf(7, WIRE_VARINT);
const LEAF_INDEX_TAG = tagOf(8, WIRE_VARINT);
const LEAF_ITEM_TAG = tagOf(9, WIRE_VARINT);
const LEAF_DIGITS_TAG = tagOf(10, WIRE_BYTES);
const BOOT_ID_TAG = tagOf(1, WIRE_VARINT);
const BOOT_HIGHEST_TAG = tagOf(2, WIRE_VARINT);
const BOOT_WINDOW_TAG = tagOf(3, WIRE_FIXED64);
const CLAIM_ID_TAG = tagOf(1, WIRE_BYTES);
const CLAIM_SEQ_TAG = tagOf(2, WIRE_VARINT);
const CLAIM_INDEX_TAG = tagOf(3, WIRE_VARINT);
const SECTION_NAME_TAG = tagOf(1, WIRE_BYTES);
const SECTION_VERSION_TAG = tagOf(3, WIRE_VARINT);
const SECTION_BODY_TAG = tagOf(4, WIRE_BYTES);

/** Kind of `AggregateState` that a quota account is. */
export const QUOTA_KIND = 'quota';
/** And an erased device. */
export const ERASURE_KIND = 'erasure';
/** A session of a client; and a message for a topic that waits to be said, in their order. */
export const SESSION_KIND = 'session';
export const OUTBOX_KIND = 'effect';
const UTF8 = new TextEncoder();
const LIFECYCLE_NAME = UTF8.encode(LIFECYCLE_SECTION);
/** What nearly all devices have. */
const PLAIN_BODIES: ReadonlyMap<LifecycleState, Uint8Array> = new Map(
  (['registered', 'active'] as const).map((state) => [state, UTF8.encode(lifecycleText({ state, registrySeq: 0, since: undefined }))]),
);

/** A device without leaves, with a state, two boots and a full list of the longest claimed ids. */
const DEVICE_BYTES_MAX = 640 + 64 * 96;
/** A leaf without its text. */
const LEAF_BYTES_MAX = 80;
/** Most devices with five metrics need less. */
const DEVICE_BYTES_LIKELY = 320;

export function encodeSnapshot(state: PartitionState, recordSeq: number): Uint8Array {
  return new SnapshotWriter(state).encode(recordSeq);
}

class SnapshotWriter {
  readonly #state: PartitionState;
  readonly #twins: TwinStore;
  /** The place of each name in the snapshot's list. */
  readonly #ranks: Int32Array;
  #bytes = new Uint8Array(0);
  #at = 0;

  constructor(state: PartitionState) {
    this.#state = state;
    this.#twins = state.twins;
    this.#ranks = new Int32Array(state.twins.names.count);
  }

  encode(recordSeq: number): Uint8Array {
    const state = this.#state;
    const head = encodeTwinSnapshot({
      partition: state.partition,
      foldVersion: FOLD_VERSION,
      recordSeq,
      last: state.last,
      logMs: state.logMs,
      names: this.#rankNames(),
      writers: state.writers.states(),
    });
    this.#bytes = new Uint8Array(head.length + DEVICE_BYTES_MAX + this.#twins.count * DEVICE_BYTES_LIKELY);
    this.#bytes.set(head);
    this.#at = head.length;
    for (const device of this.#twins.sortedAddresses()) this.#device(device);
    this.#aggregates();
    return this.#bytes.length > this.#at * 2 ? this.#bytes.slice(0, this.#at) : this.#bytes.subarray(0, this.#at);
  }

  /** Fields stand in the order of their numbers, and these come last. */
  #aggregates(): void {
    const { erasures, outbox, quotas, sessions } = this.#state;
    const aggregates: AggregateStateInit[] = [
      ...quotas.states().map(({ body, ...account }) => ({ kind: QUOTA_KIND, ...account, body: UTF8.encode(body) })),
      ...erasures.list().map(({ device, index, logMs, seq, tenant }) => ({
        kind: ERASURE_KIND,
        tenant,
        id: device,
        version: seq,
        body: UTF8.encode(JSON.stringify({ index, logMs })),
      })),
      ...outbox.list().map(({ event, target }, i) => ({ kind: OUTBOX_KIND, id: String(i), version: target, body: event })),
    ];
    this.#append(encodeTwinSnapshot({ aggregates }));
    // There may be a hundred thousand, so one at a time.
    for (const session of sessions.states()) this.#append(encodeTwinSnapshot({ aggregates: [{ kind: SESSION_KIND, ...session }] }));
  }

  #append(encoded: Uint8Array): void {
    this.#reserve(encoded.length);
    this.#bytes.set(encoded, this.#at);
    this.#at += encoded.length;
  }

  #rankNames(): readonly string[] {
    const { names } = this.#twins;
    const texts = Array.from({ length: names.count }, (_, name) => ({
      name,
      text: readText(names.bytes, names.start(name), names.end(name)),
    }));
    // By UTF-16 unit, which is an order as good as any, as long as it is the same everywhere.
    texts.sort((a, b) => (a.text < b.text ? -1 : 1));
    for (const [rank, { name }] of texts.entries()) this.#ranks[name] = rank;
    return texts.map(({ text }) => text);
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, Math.ceil(this.#bytes.length * 1.5)));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }

  #device(device: number): void {
    const twins = this.#twins;
    const words = twins.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const doubles = twins.doublesAt(device);
    const unit = device & PAGE_UNITS_MASK;
    // A section's counted size is never below the bytes of its texts.
    this.#reserve(
      DEVICE_BYTES_MAX + ((words[word + FLAGS] as number) >>> SECTION_SHIFT) + (words[word + LEAF_COUNT] as number) * LEAF_BYTES_MAX,
    );
    const start = this.#open(SNAPSHOT_DEVICES, 2);
    const keyBytes = twins.bytesAt(device);
    const key = twins.keyByte(device);
    const deviceStart = key + 2 + (keyBytes[key] as number);
    this.#text(DEVICE_TENANT, { bytes: keyBytes, start: key + 2, end: deviceStart });
    this.#text(DEVICE_DEVICE, { bytes: keyBytes, start: deviceStart, end: deviceStart + (keyBytes[key + 1] as number) });
    if ((words[word + LEAF_COUNT] as number) > 0) this.#latest(device);
    if (((words[word + FLAGS] as number) & FLAG_BOOT) !== 0) this.#boots(device);
    if ((words[word + CLAIMED_IDS] as number) !== 0) this.#claims(device);
    if ((words[word + LIFECYCLE] as number) !== 0) this.#lifecycle(device);
    this.#number(DEVICE_LAST_SEQ, doubles[unit + LAST_SEQ] as number);
    this.#number(DEVICE_LAST_INDEX, words[word + LAST_INDEX] as number);
    this.#number(DEVICE_FIRST_SEQ, doubles[unit + FIRST_SEQ] as number);
    this.#close(start, 2);
  }

  #latest(device: number): void {
    const twins = this.#twins;
    const words = twins.wordsAt(device);
    const word = (device & PAGE_UNITS_MASK) * 2;
    const doubles = twins.doublesAt(device);
    const unit = device & PAGE_UNITS_MASK;
    const block = words[word + LEAVES] as number;
    const blockWords = twins.wordsAt(block);
    const blockDoubles = twins.doublesAt(block);
    const leafUnit = block & PAGE_UNITS_MASK;
    const mixed = ((words[word + FLAGS] as number) & FLAG_MIXED) !== 0;
    const stamps = leafUnit + (words[word + LEAF_CAPACITY] as number) * LEAF_UNITS;
    for (let i = 0; i < (words[word + LEAF_COUNT] as number); i++) {
      const start = this.#open(DEVICE_LATEST, 1);
      const leaf = leafUnit + i * LEAF_UNITS;
      this.#number(LEAF_NAME_TAG, this.#ranks[blockWords[leaf * 2 + 2] as number] as number);
      const type = blockWords[leaf * 2 + 3] as number;
      if (type === LEAF_TEXT) this.#text(LEAF_TEXT_TAG, textOf(twins.arena, { words: blockWords, word: leaf * 2 }));
      else if (type < LEAF_TEXT) this.#value(type, blockDoubles[leaf] as number);
      const stamp = stamps + i * STAMP_UNITS;
      this.#number(LEAF_EVENT_MS_TAG, (mixed ? blockDoubles[stamp] : doubles[unit + STAMP_MS]) as number);
      this.#number(LEAF_SEQ_TAG, (mixed ? blockDoubles[stamp + 1] : doubles[unit + STAMP_SEQ]) as number);
      this.#number(LEAF_INDEX_TAG, (mixed ? blockWords[stamp * 2 + 4] : words[word + STAMP_INDEX]) as number);
      this.#number(LEAF_ITEM_TAG, (mixed ? blockWords[stamp * 2 + 5] : words[word + STAMP_ITEM]) as number);
      // Fields stand in the order of their numbers, and this one came last.
      if (type === LEAF_DIGITS) this.#text(LEAF_DIGITS_TAG, textOf(twins.arena, { words: blockWords, word: leaf * 2 }));
      this.#close(start, 1);
    }
  }

  #value(type: number, value: number): void {
    if (type === LEAF_NUMBER) {
      this.#tag(LEAF_NUMBER_TAG);
      this.#at = writeDouble(this.#bytes, this.#at, value);
    } else {
      this.#tag(LEAF_BOOLEAN_TAG);
      this.#bytes[this.#at++] = value;
    }
  }

  #boots(device: number): void {
    for (const boot of bootsOf(this.#twins, device)) {
      const start = this.#open(DEVICE_BOOTS, 1);
      this.#number(BOOT_ID_TAG, boot.boot);
      this.#number(BOOT_HIGHEST_TAG, boot.highest);
      this.#tag(BOOT_WINDOW_TAG);
      this.#at = writeFixed32(this.#bytes, writeFixed32(this.#bytes, this.#at, boot.low), boot.high);
      this.#close(start, 1);
    }
  }

  #claims(device: number): void {
    for (const claim of this.#state.claimedIds.of(device)) {
      const start = this.#open(DEVICE_CLAIMED_IDS, 1);
      this.#text(CLAIM_ID_TAG, claim);
      this.#number(CLAIM_SEQ_TAG, claim.seq);
      this.#number(CLAIM_INDEX_TAG, claim.index);
      this.#close(start, 1);
    }
  }

  #lifecycle(device: number): void {
    const lifecycle = lifecycleOf(this.#twins, device);
    if (lifecycle === undefined) return;
    const body = (lifecycle.since === undefined ? PLAIN_BODIES.get(lifecycle.state) : undefined) ?? UTF8.encode(lifecycleText(lifecycle));
    const start = this.#open(DEVICE_SECTIONS, 1);
    this.#text(SECTION_NAME_TAG, { bytes: LIFECYCLE_NAME, start: 0, end: LIFECYCLE_NAME.length });
    this.#number(SECTION_VERSION_TAG, lifecycle.registrySeq);
    this.#text(SECTION_BODY_TAG, { bytes: body, start: 0, end: body.length });
    this.#close(start, 1);
  }

  /** All tags here are below 128. */
  #tag(tag: number): void {
    this.#bytes[this.#at++] = tag;
  }

  /** Starts a message within the message, with room for a length of so many bytes; answers where it starts. */
  #open(tag: number, lengthBytes: number): number {
    this.#tag(tag);
    this.#at += lengthBytes;
    return this.#at;
  }

  /** Ends it: writes its length, and moves it where the length takes another number of bytes than there was room for. */
  #close(start: number, lengthBytes: number): void {
    const length = this.#at - start;
    const needed = varintSize(length);
    if (needed !== lengthBytes) {
      this.#bytes.copyWithin(start - lengthBytes + needed, start, this.#at);
      this.#at += needed - lengthBytes;
    }
    writeVarint(this.#bytes, start - lengthBytes, length);
  }

  /** A field that is left out where it is 0. */
  #number(tag: number, value: number): void {
    if (value === 0) return;
    this.#tag(tag);
    this.#at = writeVarint(this.#bytes, this.#at, value);
  }

  #text(tag: number, text: { readonly bytes: Uint8Array; readonly start: number; readonly end: number }): void {
    this.#tag(tag);
    const length = text.end - text.start;
    let at = writeVarint(this.#bytes, this.#at, length);
    const bytes = this.#bytes;
    if (length > 64) bytes.set(text.bytes.subarray(text.start, text.end), at);
    else for (let i = 0; i < length; i++) bytes[at + i] = text.bytes[text.start + i] as number;
    at += length;
    this.#at = at;
  }
}
