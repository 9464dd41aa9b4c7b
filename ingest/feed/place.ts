/**
 * Places in the feed, and the tokens that name one for each partition. A place is the first item that is still wanted:
 * a message's sequence, and within it a slot, which grows with the event's index and with the item's number among those of
 * the event. Tokens are opaque to whoever holds them; what they hold is no secret, and no proof of anything.
 */
import { parsePosition } from '../../engine/kernel/position.ts';

export interface Place {
  readonly seq: number;
  readonly slot: number;
}

/** Places by partition; a partition that isn't named has none. */
export type Places = ReadonlyMap<number, Place>;

/** More items than an event gives. */
const ITEM_SPAN = 65_536;
const VERSION = 1;
/** A partition, a sequence, an index and an item's number. */
const NUMBERS_A_PLACE = 4;
const PARTITIONS_MAX = 4_096;
/** What so many partitions take, and no more is looked at. */
export const TOKEN_CHARS_MAX = 8_192;
const TOKEN = /^[A-Za-z0-9_-]+$/;

export function slotOf(index: number, item: number): number {
  return index * ITEM_SPAN + item;
}

export function isBefore(place: Place, seq: number, slot: number): boolean {
  return place.seq < seq || (place.seq === seq && place.slot < slot);
}

export function encodeToken(places: Iterable<readonly [number, Place]>): string {
  const bytes: number[] = [VERSION];
  for (const [partition, { seq, slot }] of places) {
    pushVarint(bytes, partition);
    pushVarint(bytes, seq);
    pushVarint(bytes, Math.floor(slot / ITEM_SPAN));
    pushVarint(bytes, slot % ITEM_SPAN);
  }
  return Buffer.from(bytes).toString('base64url');
}

/** Undefined: the text is no token of a deployment of so many partitions. */
export function decodeToken(token: string, partitions: number): Places | undefined {
  if (token.length > TOKEN_CHARS_MAX || !TOKEN.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes[0] !== VERSION) return undefined;
  const numbers = readVarints(bytes, 1);
  if (numbers === undefined || numbers.length % NUMBERS_A_PLACE !== 0) return undefined;
  const places = new Map<number, Place>();
  for (let i = 0; i < numbers.length; i += NUMBERS_A_PLACE) {
    const [partition = 0, seq = 0, index = 0, item = 0] = numbers.slice(i, i + NUMBERS_A_PLACE);
    if (partition >= Math.min(partitions, PARTITIONS_MAX) || places.has(partition)) return undefined;
    if (seq < 1 || index >= ITEM_SPAN || item >= ITEM_SPAN) return undefined;
    places.set(partition, { seq, slot: slotOf(index, item) });
  }
  return places;
}

/** A position as a token: what comes after the event. Undefined: it is none, or of no partition that there is. */
export function placesAfter(position: string, partitions: number): Places | undefined {
  const parsed = parsePosition(position);
  if (parsed === undefined || parsed.partition >= partitions) return undefined;
  return new Map([[parsed.partition, { seq: parsed.seq, slot: slotOf(parsed.index + 1, 0) }]]);
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

/** Undefined: the last number doesn't end, or one is too large to be exact. */
function readVarints(bytes: Uint8Array, start: number): readonly number[] | undefined {
  const numbers: number[] = [];
  let value = 0;
  let weight = 1;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * weight;
    if (!Number.isSafeInteger(value)) return undefined;
    weight *= 0x80;
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
    weight = 1;
  }
  return weight === 1 ? numbers : undefined;
}
