/**
 * Request bodies as bytes: plain or decompressed, bounded before they are held, and counted against what the whole process
 * may hold. A body either comes whole, or in pieces that the reader takes at its own speed: while it doesn't, the socket
 * isn't read.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { BODY_BYTES_MAX } from '../../engine/kernel/limits.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** All bodies that are being read or offered; 32 of the largest. */
export const BODIES_BYTES_MAX = 32 * BODY_BYTES_MAX;
/** A whole body that isn't there by then keeps its memory from others. */
const BODY_MS_MAX = 60_000;
/** Between two pieces of a stream. */
const PIECE_MS_MAX = 30_000;
/** JSON lines of one device compress well, but not better than this; a bomb does. */
const EXPANSION_MAX = 200;
/** Below this any ratio is harmless. */
const EXPANSION_FREE_BYTES = 1024 * 1024;
/** A zstd frame may ask for a window of gigabytes. */
const ZSTD_WINDOW_LOG_MAX = 23;

export class ByteBudget {
  readonly max: number;
  #used = 0;

  constructor(max: number) {
    this.max = max;
  }

  get used(): number {
    return this.#used;
  }

  take(bytes: number): boolean {
    if (this.#used + bytes > this.max) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}

export interface BodyReader {
  /** The next bytes; when it answers false the source is paused until `resume`. */
  piece(bytes: Buffer): boolean;
  end(): void;
  /** The body will not come: why, unless the client is gone. */
  fail(refused: Refusal | undefined): void;
}

export interface BodySource {
  resume(): void;
  /** Nothing more is wanted. */
  stop(): void;
}

/** Why a body isn't even begun; undefined when it can be read. */
export function refuseBody(request: IncomingMessage, isStream: boolean): Refusal | undefined {
  const encoding = encodingOf(request);
  if (encoding === undefined) {
    return refusal(
      'unsupported-media-type',
      `Content-Encoding ${String(request.headers['content-encoding'])} is not supported; gzip and zstd are`,
    );
  }
  if (!isStream && Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) return bodyTooLarge();
  return undefined;
}

/** Whether the body's length is known and small enough to be held whole. */
export function isShort(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return length !== undefined && Number(length) <= BODY_BYTES_MAX;
}

/** Reads in pieces, for as long as pieces come. */
export function readPieces(request: IncomingMessage, reader: BodyReader): BodySource {
  const encoding = encodingOf(request) ?? 'identity';
  const source: Readable = encoding === 'identity' ? request : request.pipe(decompressor(encoding));
  let compressed = 0;
  let expanded = 0;
  let isOver = false;
  let isPaused = false;
  let timer = setTimeout(() => fail(tooSlow(PIECE_MS_MAX)), PIECE_MS_MAX);
  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
    if (source !== request) {
      request.unpipe();
      source.destroy();
    }
  };
  const fail = (refused: Refusal | undefined): void => {
    if (isOver) return;
    stop();
    reader.fail(refused);
  };
  if (source !== request) request.on('data', (piece: Buffer) => (compressed += piece.length));
  source.on('data', (piece: Buffer) => {
    if (isOver) return;
    expanded += piece.length;
    if (source !== request && expanded > EXPANSION_FREE_BYTES && expanded > compressed * EXPANSION_MAX) {
      fail(refusal('too-large', `the body grows more than ${EXPANSION_MAX} times when it is decompressed`, { limit: 'body-expansion' }));
      return;
    }
    timer.refresh();
    if (reader.piece(piece)) return;
    // The reader is slow, not the client.
    clearTimeout(timer);
    isPaused = true;
    source.pause();
  });
  source.on('end', () => {
    if (isOver) return;
    stop();
    reader.end();
  });
  source.on('error', () => fail(source === request ? undefined : refusal('malformed', `the body is not ${encoding}`)));
  request.on('close', () => {
    if (!request.complete) fail(undefined);
  });
  return {
    resume: () => {
      if (isOver || !isPaused) return;
      isPaused = false;
      timer = setTimeout(() => fail(tooSlow(PIECE_MS_MAX)), PIECE_MS_MAX);
      source.resume();
    },
    stop,
  };
}

/**
 * Reads a whole body of at most `BODY_BYTES_MAX` and calls back once. The budget holds it until the callback's `release`
 * is called.
 */
export function readWhole(
  request: IncomingMessage,
  budget: ByteBudget,
  callback: (body: Buffer | Refusal | undefined, release: () => void) => void,
): void {
  const pieces: Buffer[] = [];
  let length = 0;
  let isOver = false;
  const release = (): void => {
    budget.give(length);
    length = 0;
  };
  const finish = (result: Buffer | Refusal | undefined): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    source.stop();
    callback(result, release);
  };
  const timer = setTimeout(() => finish(tooSlow(BODY_MS_MAX)), BODY_MS_MAX);
  const source = readPieces(request, {
    piece(bytes) {
      if (length + bytes.length > BODY_BYTES_MAX) finish(bodyTooLarge());
      else if (!budget.take(bytes.length)) finish(overloaded(budget));
      else {
        length += bytes.length;
        pieces.push(bytes);
      }
      return true;
    },
    end: () => finish(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)),
    fail: finish,
  });
}

export function overloaded(budget: ByteBudget): Refusal {
  return refusal('overloaded', `with this body more than ${budget.max} bytes of request bodies would be held at once`, {
    limit: 'bodies-bytes',
    retryAfterMs: 1_000,
  });
}

function bodyTooLarge(): Refusal {
  return refusal(
    'too-large',
    `a body has at most ${BODY_BYTES_MAX} bytes, decompressed; streams of lines (application/x-ndjson) have no limit`,
    { limit: 'body-bytes' },
  );
}

function tooSlow(ms: number): Refusal {
  return refusal('request-timeout', `the body did not come within ${ms / 1_000} s`, { limit: 'body-time' });
}

function encodingOf(request: IncomingMessage): 'identity' | 'gzip' | 'zstd' | undefined {
  switch (request.headers['content-encoding']?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'zstd':
      return 'zstd';
    default:
      return undefined;
  }
}

function decompressor(encoding: 'gzip' | 'zstd'): ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress> {
  return encoding === 'gzip' ? createGunzip() : createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } });
}
