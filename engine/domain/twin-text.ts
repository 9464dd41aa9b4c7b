/** Text values of leaves, in blocks of the arena: a leaf holds the block's address and the text's length in bytes. */
import type { Arena } from './twin-arena.ts';
import { blockUnits, PAGE_UNITS_LOG2, PAGE_UNITS_MASK } from './twin-arena.ts';

export interface TextSpan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Writes the text into the leaf's eight bytes of value at `word` of a page. The leaf must hold no text. */
export function storeText(arena: Arena, leaf: LeafWords, text: TextSpan): void {
  const length = text.end - text.start;
  const address = arena.allocate(textUnits(length));
  copyText(arena, address, text);
  leaf.words[leaf.word] = address;
  leaf.words[leaf.word + 1] = length;
}

/** The same for a leaf that holds a text already, whose block is used again if it is of the right size. */
export function replaceText(arena: Arena, leaf: LeafWords, text: TextSpan): void {
  const length = text.end - text.start;
  const oldUnits = textUnits(leaf.words[leaf.word + 1] as number);
  if (blockUnits(oldUnits) !== blockUnits(textUnits(length))) {
    arena.release(leaf.words[leaf.word] as number, oldUnits);
    storeText(arena, leaf, text);
    return;
  }
  copyText(arena, leaf.words[leaf.word] as number, text);
  leaf.words[leaf.word + 1] = length;
}

export function releaseText(arena: Arena, leaf: LeafWords): void {
  arena.release(leaf.words[leaf.word] as number, textUnits(leaf.words[leaf.word + 1] as number));
}

/** The text that a leaf holds; valid until it is replaced. */
export function textOf(arena: Arena, leaf: LeafWords): TextSpan {
  const address = leaf.words[leaf.word] as number;
  const start = (address & PAGE_UNITS_MASK) * 8;
  return { bytes: arena.bytes[address >>> PAGE_UNITS_LOG2] as Uint8Array, start, end: start + (leaf.words[leaf.word + 1] as number) };
}

export interface LeafWords {
  readonly words: Uint32Array;
  readonly word: number;
}

function textUnits(length: number): number {
  return length === 0 ? 1 : (length + 7) >>> 3;
}

function copyText(arena: Arena, address: number, text: TextSpan): void {
  const bytes = arena.bytes[address >>> PAGE_UNITS_LOG2] as Uint8Array;
  bytes.set(text.bytes.subarray(text.start, text.end), (address & PAGE_UNITS_MASK) * 8);
}
