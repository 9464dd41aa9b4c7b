/**
 * Knowing what was said before. A device's own retries are recognised by (boot, sequence): of its last two boots the
 * highest sequence and which of the 64 up to it were seen. A sequence without a boot belongs to boot 0, so a device whose
 * counter starts again has to say so by a new boot. Only accepted events leave a trace here.
 */
import { PAGE_UNITS_MASK } from './twin-arena.ts';
import { BOOT_HIGHEST, BOOT_ID, FLAG_BOOT, FLAGS, OLDER_BOOT, WINDOW_HIGH, WINDOW_LOW } from './twin-store.ts';
import type { TwinStore } from './twin-store.ts';

export type SequenceVerdict = 'new' | 'repeated' | 'below-window';

const WINDOW_BITS = 64;
/** The older boot's block: boot, highest sequence, window. */
export const OLDER_BOOT_UNITS = 3;

/** Of each boot the 64 sequences up to the highest: 24 bytes, as a device's buffer rarely sends further back. */
export interface BootState {
  readonly boot: number;
  readonly highest: number;
  readonly low: number;
  readonly high: number;
}

/** Whether the device (0: never heard of) has sent this before. Changes nothing. */
export function checkSequence(store: TwinStore, device: number, id: { readonly boot: number; readonly seq: number }): SequenceVerdict {
  if (device === 0) return 'new';
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  if (((words[word + FLAGS] as number) & FLAG_BOOT) === 0) return 'new';
  const doubles = store.doublesAt(device);
  const unit = device & PAGE_UNITS_MASK;
  if (doubles[unit + BOOT_ID] === id.boot) {
    return inWindow(
      id.seq - (doubles[unit + BOOT_HIGHEST] as number),
      words[word + WINDOW_LOW] as number,
      words[word + WINDOW_HIGH] as number,
    );
  }
  const older = words[word + OLDER_BOOT] as number;
  if (older === 0) return 'new';
  const olderDoubles = store.doublesAt(older);
  const olderUnit = older & PAGE_UNITS_MASK;
  if (olderDoubles[olderUnit] !== id.boot) return 'new';
  const olderWords = store.wordsAt(older);
  return inWindow(
    id.seq - (olderDoubles[olderUnit + 1] as number),
    olderWords[olderUnit * 2 + 4] as number,
    olderWords[olderUnit * 2 + 5] as number,
  );
}

/** Remembers a sequence that `checkSequence` found new. */
export function markSequence(store: TwinStore, device: number, id: { readonly boot: number; readonly seq: number }): void {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  const doubles = store.doublesAt(device);
  const unit = device & PAGE_UNITS_MASK;
  const hasBoot = ((words[word + FLAGS] as number) & FLAG_BOOT) !== 0;
  if (hasBoot && doubles[unit + BOOT_ID] === id.boot) {
    moveWindow({ doubles, highest: unit + BOOT_HIGHEST, words, window: word + WINDOW_LOW }, id.seq);
    return;
  }
  const older = words[word + OLDER_BOOT] as number;
  if (older !== 0 && store.doublesAt(older)[older & PAGE_UNITS_MASK] === id.boot) {
    const olderUnit = older & PAGE_UNITS_MASK;
    moveWindow({ doubles: store.doublesAt(older), highest: olderUnit + 1, words: store.wordsAt(older), window: olderUnit * 2 + 4 }, id.seq);
    return;
  }
  if (hasBoot) keepOlderBoot(store, device);
  setBoot(store, device, { boot: id.boot, highest: id.seq, low: 1, high: 0 });
}

/** Puts a boot into a record as the newest one, as it was read from a snapshot; older boots come first. */
export function restoreBoot(store: TwinStore, device: number, boot: BootState): void {
  const flags = store.wordsAt(device)[(device & PAGE_UNITS_MASK) * 2 + FLAGS] as number;
  if ((flags & FLAG_BOOT) !== 0) keepOlderBoot(store, device);
  setBoot(store, device, boot);
}

/** The device's boots, older first. */
export function bootsOf(store: TwinStore, device: number): readonly BootState[] {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  if (((words[word + FLAGS] as number) & FLAG_BOOT) === 0) return [];
  const doubles = store.doublesAt(device);
  const unit = device & PAGE_UNITS_MASK;
  const newest: BootState = {
    boot: doubles[unit + BOOT_ID] as number,
    highest: doubles[unit + BOOT_HIGHEST] as number,
    low: words[word + WINDOW_LOW] as number,
    high: words[word + WINDOW_HIGH] as number,
  };
  const older = words[word + OLDER_BOOT] as number;
  if (older === 0) return [newest];
  const olderUnit = older & PAGE_UNITS_MASK;
  const olderDoubles = store.doublesAt(older);
  const olderWords = store.wordsAt(older);
  return [
    {
      boot: olderDoubles[olderUnit] as number,
      highest: olderDoubles[olderUnit + 1] as number,
      low: olderWords[olderUnit * 2 + 4] as number,
      high: olderWords[olderUnit * 2 + 5] as number,
    },
    newest,
  ];
}

function setBoot(store: TwinStore, device: number, boot: BootState): void {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  const doubles = store.doublesAt(device);
  const unit = device & PAGE_UNITS_MASK;
  doubles[unit + BOOT_ID] = boot.boot;
  doubles[unit + BOOT_HIGHEST] = boot.highest;
  words[word + WINDOW_LOW] = boot.low;
  words[word + WINDOW_HIGH] = boot.high;
  words[word + FLAGS] = (words[word + FLAGS] as number) | FLAG_BOOT;
}

/** The record's boot becomes the older one; what was the older one is forgotten. */
function keepOlderBoot(store: TwinStore, device: number): void {
  const words = store.wordsAt(device);
  const word = (device & PAGE_UNITS_MASK) * 2;
  const doubles = store.doublesAt(device);
  const unit = device & PAGE_UNITS_MASK;
  let older = words[word + OLDER_BOOT] as number;
  if (older === 0) {
    older = store.arena.allocate(OLDER_BOOT_UNITS);
    words[word + OLDER_BOOT] = older;
  }
  const olderUnit = older & PAGE_UNITS_MASK;
  const olderDoubles = store.doublesAt(older);
  const olderWords = store.wordsAt(older);
  olderDoubles[olderUnit] = doubles[unit + BOOT_ID] as number;
  olderDoubles[olderUnit + 1] = doubles[unit + BOOT_HIGHEST] as number;
  olderWords[olderUnit * 2 + 4] = words[word + WINDOW_LOW] as number;
  olderWords[olderUnit * 2 + 5] = words[word + WINDOW_HIGH] as number;
}

/** Bit i of the window says whether `highest - i` was seen; `ahead` is the sequence less the highest. */
function inWindow(ahead: number, low: number, high: number): SequenceVerdict {
  if (ahead > 0) return 'new';
  const back = -ahead;
  if (back >= WINDOW_BITS) return 'below-window';
  const seen = back < 32 ? (low >>> back) & 1 : (high >>> (back - 32)) & 1;
  return seen === 1 ? 'repeated' : 'new';
}

interface WindowPlace {
  readonly doubles: Float64Array;
  readonly highest: number;
  readonly words: Uint32Array;
  readonly window: number;
}

function moveWindow(place: WindowPlace, seq: number): void {
  const { doubles, highest, words, window } = place;
  const ahead = seq - (doubles[highest] as number);
  let low = words[window] as number;
  let high = words[window + 1] as number;
  if (ahead <= 0) {
    const back = -ahead;
    if (back < 32) words[window] = low | (1 << back);
    else words[window + 1] = high | (1 << (back - 32));
    return;
  }
  // A shift by 32 or more is none in this language.
  if (ahead >= WINDOW_BITS) {
    low = 0;
    high = 0;
  } else if (ahead >= 32) {
    high = low << (ahead - 32);
    low = 0;
  } else {
    high = (high << ahead) | (low >>> (32 - ahead));
    low <<= ahead;
  }
  words[window] = low | 1;
  words[window + 1] = high;
  doubles[highest] = seq;
}
