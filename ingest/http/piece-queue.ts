/**
 * A body in pieces for one who reads them one after the other: decompressed, and while nobody takes them the socket isn't
 * read.
 */
import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../refusal.ts';
import { type BodySource, readPieces } from './body.ts';

/** Ahead of the reader; a piece has at most 64 KB. */
const PIECES_AHEAD = 4;

/** How a body ended before its end: refused, or its sender is gone. */
export type EarlyEnd = Refusal | 'gone';

export class PieceQueue {
  readonly #source: BodySource;
  readonly #pieces: Buffer[] = [];
  #wake: (() => void) | undefined;
  #isOver = false;
  #failure: EarlyEnd | undefined;

  constructor(request: IncomingMessage) {
    this.#source = readPieces(request, {
      piece: (bytes) => {
        this.#pieces.push(bytes);
        this.#wake?.();
        return this.#pieces.length < PIECES_AHEAD;
      },
      end: () => this.#end(undefined),
      fail: (refused) => this.#end(refused ?? 'gone'),
    });
  }

  /** Known once `next` has answered that there is no more. */
  get failure(): EarlyEnd | undefined {
    return this.#failure;
  }

  /** Whether the sender has paused, as far as a look at what has arrived can tell. */
  async isPaused(): Promise<boolean> {
    if (this.#pieces.length > 0 || this.#isOver) return false;
    await new Promise((resolve) => setImmediate(resolve));
    return this.#pieces.length === 0;
  }

  /** Undefined: there is no more. What came before a failure is given first. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (this.#pieces.length === 0) this.#source.resume();
      if (piece !== undefined || this.#isOver) return piece;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#source.stop();
  }

  #end(failure: EarlyEnd | undefined): void {
    this.#isOver = true;
    this.#failure = failure;
    this.#wake?.();
  }
}
