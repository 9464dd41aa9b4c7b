/** Bytes that were right once: cut, bent, doubled and filled up, in a way that a seed repeats. */
import type { Random } from '../../loadtest/simulator/random.ts';

/** What parsers have stumbled over: ends and beginnings in wrong places, numbers beyond their range, names with a meaning. */
const TRICKY = [
  '{',
  '}',
  '[',
  '"',
  '\\u0000',
  '\\ud800',
  '\n\n',
  '\u0000',
  '1e999',
  '-0',
  '18446744073709551616',
  '{"__proto__":{"t":1}}',
  '[[[[[[[[[[[[[[[[',
].map((text) => Buffer.from(text));
const BYTES = [[0xff, 0xff, 0xff, 0x7f], [0x80, 0x80, 0x80, 0x80, 0x80], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0x00]].map((bytes) =>
  Buffer.from(bytes),
);
const INSERTS: readonly Buffer[] = [...TRICKY, ...BYTES];
/** So that long inputs meet the limits on sizes, and a run of thousands stays quick. */
const REPEATED_BYTES_MAX = 300 * 1024;
const LONG_ONE_IN = 40;

/** One to three changes; never empty. */
export function mutate(seed: Uint8Array, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(seed);
  for (let left = random.between(1, 3); left > 0; left--) bytes = change(bytes, random);
  return bytes.length === 0 ? Buffer.from(seed) : bytes;
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = random.between(0, Math.max(0, bytes.length - 1));
  const to = Math.min(bytes.length, at + random.between(1, 16));
  const before = bytes.subarray(0, at);
  switch (random.between(0, 6)) {
    case 0:
    case 1:
      // One bit.
      return Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ (1 << random.between(0, 7))), bytes.subarray(at + 1)]);
    case 2:
      return Buffer.concat([before, Buffer.of(random.between(0, 255)), bytes.subarray(at + 1)]);
    case 3:
      return Buffer.from(before);
    case 4:
      return Buffer.concat([before, bytes.subarray(to)]);
    case 5:
      return Buffer.concat([before, repeated(bytes.subarray(at, to), random), bytes.subarray(at)]);
    default:
      return Buffer.concat([before, INSERTS[random.between(0, INSERTS.length - 1)] ?? Buffer.alloc(0), bytes.subarray(at)]);
  }
}

function repeated(piece: Buffer, random: Random): Buffer {
  const times = random.between(1, LONG_ONE_IN) === 1 ? random.between(1_000, 20_000) : random.between(1, 8);
  return Buffer.concat(Array.from({ length: Math.min(times, Math.ceil(REPEATED_BYTES_MAX / Math.max(1, piece.length))) }, () => piece));
}
