/**
 * What the registry said last of a device: its state, and the entry that says it. Three bits of the record's flags hold the
 * state, so that telling whether a device is barred costs a look at a word that is looked at anyway. Behind it is a block
 * of one unit, the entry's sequence; only for a device that is barred also since when, and the event that brought it.
 */
import { isBarred, LIFECYCLE_STATES, type LifecycleState } from './registry-fact.ts';
import { PAGE_UNITS_MASK } from './twin-arena.ts';
import { FLAGS, LIFE_BITS, LIFE_SHIFT, LIFECYCLE, type TwinStore } from './twin-store.ts';

/** Doubles of the block. */
const REGISTRY_SEQ = 0;
const SINCE_MS = 1;
const CAUSE_SEQ = 2;
/** And a word. */
const CAUSE_INDEX = 6;

const PLAIN_UNITS = 1;
const BARRED_UNITS = 4;

/** States from this on are barred. */
const FIRST_BARRED = (LIFECYCLE_STATES.indexOf('disabled') + 1) << LIFE_SHIFT;

export interface Lifecycle {
  readonly state: LifecycleState;
  /** Sequence of the registry's entry. */
  readonly registrySeq: number;
  /** Of a device that is barred: since when (log time), and the event that says so. */
  readonly since: { readonly ms: number; readonly seq: number; readonly index: number } | undefined;
}

/** The state of a device that is barred. Asked for every event of a device that is there. */
export function barringState(store: TwinStore, device: number): LifecycleState | undefined {
  const bits = (store.wordsAt(device)[(device & PAGE_UNITS_MASK) * 2 + FLAGS] as number) & LIFE_BITS;
  return bits < FIRST_BARRED ? undefined : LIFECYCLE_STATES[(bits >>> LIFE_SHIFT) - 1];
}

/** Undefined where the registry said nothing of it yet. */
export function lifecycleOf(store: TwinStore, device: number): Lifecycle | undefined {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  const state = LIFECYCLE_STATES[(((words[word + FLAGS] as number) & LIFE_BITS) >>> LIFE_SHIFT) - 1];
  if (state === undefined) return undefined;
  const block = words[word + LIFECYCLE] as number;
  const doubles = store.doublesAt(block);
  const unit = block & PAGE_UNITS_MASK;
  const registrySeq = doubles[unit + REGISTRY_SEQ] as number;
  if (!isBarred(state)) return { state, registrySeq, since: undefined };
  const index = store.wordsAt(block)[unit * 2 + CAUSE_INDEX] as number;
  return { state, registrySeq, since: { ms: doubles[unit + SINCE_MS] as number, seq: doubles[unit + CAUSE_SEQ] as number, index } };
}

/** `since` counts only of a state that is barred. */
export function setLifecycle(store: TwinStore, device: number, lifecycle: Lifecycle): void {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  const flags = words[word + FLAGS] as number;
  const bits = (LIFECYCLE_STATES.indexOf(lifecycle.state) + 1) << LIFE_SHIFT;
  const flagsAfter = (flags & ~LIFE_BITS) | bits;
  let block = words[word + LIFECYCLE] as number;
  const units = lifecycleUnits(flagsAfter);
  if (block === 0 || lifecycleUnits(flags) !== units) {
    if (block !== 0) store.arena.release(block, lifecycleUnits(flags));
    block = store.arena.allocate(units);
    words[word + LIFECYCLE] = block;
  }
  words[word + FLAGS] = flagsAfter;
  const doubles = store.doublesAt(block);
  const unit = block & PAGE_UNITS_MASK;
  doubles[unit + REGISTRY_SEQ] = lifecycle.registrySeq;
  if (units === PLAIN_UNITS) return;
  doubles[unit + SINCE_MS] = lifecycle.since?.ms ?? 0;
  doubles[unit + CAUSE_SEQ] = lifecycle.since?.seq ?? 0;
  store.wordsAt(block)[unit * 2 + CAUSE_INDEX] = lifecycle.since?.index ?? 0;
}

/** Of the block of a record with such flags. */
export function lifecycleUnits(flags: number): number {
  return (flags & LIFE_BITS) < FIRST_BARRED ? PLAIN_UNITS : BARRED_UNITS;
}

/** As a snapshot has it: the body of a `TwinSection` whose version is the entry's sequence. */
export function lifecycleText({ state, since }: Lifecycle): string {
  return since === undefined ? `{"state":"${state}"}` : `{"state":"${state}","ms":${since.ms},"seq":${since.seq},"index":${since.index}}`;
}

/** Undefined where it is none of that. */
export function parseLifecycle(text: string, registrySeq: number): Lifecycle | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('state' in value)) return undefined;
  const state = LIFECYCLE_STATES.find((one) => one === value.state);
  if (state === undefined) return undefined;
  if (!isBarred(state)) return { state, registrySeq, since: undefined };
  if (!('ms' in value) || !('seq' in value) || !('index' in value)) return undefined;
  const { ms, seq, index } = value;
  if (typeof ms !== 'number' || typeof seq !== 'number' || typeof index !== 'number') return undefined;
  return { state, registrySeq, since: { ms, seq, index } };
}
