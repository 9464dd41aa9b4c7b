/** A twin as plain values, for those who read it now and then: its JSON body, the snapshot's tests. Never on the hot path. */
import { readText } from '../../schemas/wire.ts';
import { formatPosition } from '../kernel/position.ts';
import { formatRfc3339 } from './civil-time.ts';
import { presenceOf } from './presence.ts';
import type { Sessions } from './sessions.ts';
import { LEAF_BOOLEAN, LEAF_DIGITS, LEAF_NUMBER, LEAF_TEXT } from './telemetry-sample.ts';
import { isArchived } from './registry-fact.ts';
import { PAGE_UNITS_MASK } from './twin-arena.ts';
import { LEAF_UNITS, STAMP_UNITS } from './twin-latest.ts';
import { lifecycleOf } from './twin-lifecycle.ts';
import {
  FLAG_MIXED,
  FLAGS,
  LAST_INDEX,
  LAST_SEQ,
  LEAF_CAPACITY,
  LEAF_COUNT,
  LEAVES,
  STAMP_INDEX,
  STAMP_ITEM,
  STAMP_MS,
  STAMP_SEQ,
} from './twin-store.ts';
import type { DeviceKey, TwinStore } from './twin-store.ts';
import { textOf } from './twin-text.ts';

/** `digits`: an integer beyond 2^53. */
export type LeafValue =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'digits'; readonly digits: string };

export interface LatestLeaf {
  readonly name: string;
  readonly value: LeafValue;
  readonly ms: number;
  readonly seq: number;
  readonly index: number;
  readonly item: number;
}

/** The leaves of `latest` in the order in which they first came. */
export function latestOf(store: TwinStore, device: number): readonly LatestLeaf[] {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  const doubles = store.doublesAt(device);
  const unit = device & PAGE_UNITS_MASK;
  const count = words[word + LEAF_COUNT] as number;
  const block = words[word + LEAVES] as number;
  const mixed = ((words[word + FLAGS] as number) & FLAG_MIXED) !== 0;
  const leafUnit = block & PAGE_UNITS_MASK;
  const leafDoubles = count === 0 ? doubles : store.doublesAt(block);
  const leafWords = count === 0 ? words : store.wordsAt(block);
  const stamps = leafUnit + (words[word + LEAF_CAPACITY] as number) * LEAF_UNITS;
  return Array.from({ length: count }, (_, i) => {
    const leaf = { words: leafWords, word: (leafUnit + i * LEAF_UNITS) * 2 };
    const name = leafWords[leaf.word + 2] as number;
    const stamp = stamps + i * STAMP_UNITS;
    return {
      name: readText(store.names.bytes, store.names.start(name), store.names.end(name)),
      value: valueOf(store, leaf),
      ms: (mixed ? leafDoubles[stamp] : doubles[unit + STAMP_MS]) as number,
      seq: (mixed ? leafDoubles[stamp + 1] : doubles[unit + STAMP_SEQ]) as number,
      index: (mixed ? leafWords[stamp * 2 + 4] : words[word + STAMP_INDEX]) as number,
      item: (mixed ? leafWords[stamp * 2 + 5] : words[word + STAMP_ITEM]) as number,
    };
  });
}

function valueOf(store: TwinStore, leaf: { readonly words: Uint32Array; readonly word: number }): LeafValue {
  const type = leaf.words[leaf.word + 3] as number;
  if (type === LEAF_TEXT || type === LEAF_DIGITS) {
    const span = textOf(store.arena, leaf);
    const text = readText(span.bytes, span.start, span.end);
    return type === LEAF_TEXT ? { kind: 'text', text } : { kind: 'digits', digits: text };
  }
  const number = new Float64Array(leaf.words.slice(leaf.word, leaf.word + 2).buffer)[0] as number;
  if (type === LEAF_NUMBER) return { kind: 'number', number };
  return { kind: 'boolean', boolean: type === LEAF_BOOLEAN && number === 1 };
}

const encoder = new TextEncoder();

/** What a twin is made of. */
export interface TwinSources {
  readonly twins: TwinStore;
  readonly sessions: Sessions;
}

/**
 * The device's twin as the JSON body that `GET /v1/devices/{id}/twin` answers, or undefined when the device was never
 * heard of: that it is registered is no news. An integer beyond 2^53 stands in it with all its digits.
 */
export function twinJson({ sessions, twins }: TwinSources, key: DeviceKey, partition: number): Uint8Array | undefined {
  const tenant = readText(key.bytes, key.tenantStart, key.tenantEnd);
  const id = readText(key.bytes, key.deviceStart, key.deviceEnd);
  const device = twins.find(key);
  const presence = presenceOf(sessions.ofDevice(tenant, id), partition);
  const life = device === 0 ? NO_LIFE : lifecycleJson(twins, device, partition);
  const version = (device === 0 ? undefined : lastPosition(twins, device, partition)) ?? life.cause ?? presence?.cause;
  if (version === undefined) return undefined;
  const leaves = (device === 0 ? [] : latestOf(twins, device)).map((leaf) => {
    const cause = formatPosition({ partition, seq: leaf.seq, index: leaf.index });
    return `${JSON.stringify(leaf.name)}:{"value":${valueJson(leaf.value)},"time":"${formatRfc3339(leaf.ms)}","cause":"${cause}"}`;
  });
  const shown = presence === undefined ? '' : `,"presence":${JSON.stringify(presence)}`;
  return encoder.encode(
    `{"tenant":"${tenant}","device":"${id}","version":"${version}"${life.json},"latest":{${leaves.join(',')}}${shown}}`,
  );
}

/** Of the event that was folded last into `latest`. */
function lastPosition(store: TwinStore, device: number, partition: number): string | undefined {
  const unit = device & PAGE_UNITS_MASK;
  const seq = store.doublesAt(device)[unit + LAST_SEQ] as number;
  return seq === 0 ? undefined : formatPosition({ partition, seq, index: store.wordsAt(device)[unit * 2 + LAST_INDEX] as number });
}

const NO_LIFE = { json: '', cause: undefined };

/** The members that say what the registry said of the device; of one that is barred since when, and by which event. */
function lifecycleJson(store: TwinStore, device: number, partition: number): { readonly json: string; readonly cause: string | undefined } {
  const lifecycle = lifecycleOf(store, device);
  if (lifecycle === undefined) return { json: '', cause: undefined };
  const { since, state } = lifecycle;
  const json = `,"state":"${state}"`;
  if (since === undefined) return { json, cause: undefined };
  const cause = formatPosition({ partition, seq: since.seq, index: since.index });
  const archived = isArchived(state) ? ',"archived":true' : '';
  return { json: `${json}${archived},"stateSince":"${formatRfc3339(since.ms)}","stateCause":"${cause}"`, cause };
}

function valueJson(value: LeafValue): string {
  switch (value.kind) {
    case 'number':
      return JSON.stringify(value.number);
    case 'boolean':
      return String(value.boolean);
    case 'text':
      return JSON.stringify(value.text);
    case 'digits':
      return value.digits;
  }
}
