/** Takes a device out of the store with all that it holds; its memory is overwritten before it is given back. */
import { OLDER_BOOT_UNITS } from './deduplication.ts';
import { claimsUnits } from './claimed-ids.ts';
import { PAGE_UNITS_MASK } from './twin-arena.ts';
import { LEAF_TEXT } from './telemetry-sample.ts';
import { blockSize, LEAF_UNITS } from './twin-latest.ts';
import { lifecycleUnits } from './twin-lifecycle.ts';
import {
  CLAIMED_IDS,
  FLAG_MIXED,
  FLAGS,
  LEAF_CAPACITY,
  LEAF_COUNT,
  LEAVES,
  LIFECYCLE,
  OLDER_BOOT,
  type DeviceKey,
  type TwinStore,
} from './twin-store.ts';
import { releaseText, textOf } from './twin-text.ts';

/** Whether it was there. */
export function eraseTwin(store: TwinStore, key: DeviceKey): boolean {
  const device = store.find(key);
  if (device === 0) return false;
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  eraseLeaves(store, device);
  const boot = words[word + OLDER_BOOT] as number;
  if (boot !== 0) giveBack(store, boot, OLDER_BOOT_UNITS);
  const claims = words[word + CLAIMED_IDS] as number;
  if (claims !== 0) giveBack(store, claims, claimsUnits(store.arena, claims));
  const lifecycle = words[word + LIFECYCLE] as number;
  if (lifecycle !== 0) giveBack(store, lifecycle, lifecycleUnits(words[word + FLAGS] as number));
  giveBack(store, device, store.forget(key));
  return true;
}

function eraseLeaves(store: TwinStore, device: number): void {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  const block = words[word + LEAVES] as number;
  const capacity = words[word + LEAF_CAPACITY] as number;
  if (capacity === 0) return;
  const leafWords = store.wordsAt(block);
  for (let i = 0; i < (words[word + LEAF_COUNT] as number); i++) {
    const leaf = { words: leafWords, word: ((block & PAGE_UNITS_MASK) + i * LEAF_UNITS) * 2 };
    if ((leafWords[leaf.word + 3] as number) < LEAF_TEXT) continue;
    const { bytes, end, start } = textOf(store.arena, leaf);
    bytes.fill(0, start, end);
    releaseText(store.arena, leaf);
  }
  giveBack(store, block, blockSize(capacity, ((words[word + FLAGS] as number) & FLAG_MIXED) !== 0));
}

function giveBack(store: TwinStore, address: number, units: number): void {
  const unit = address & PAGE_UNITS_MASK;
  store.doublesAt(address).fill(0, unit, unit + units);
  store.arena.release(address, units);
}
