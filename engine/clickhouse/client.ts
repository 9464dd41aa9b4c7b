/**
 * How this program talks to ClickHouse: one HTTP client a purpose, every setting that a promise rests on spelled out,
 * because the server's defaults change between versions.
 */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { TwinfoldError } from '../kernel/errors.ts';

export interface ClickHouseTarget {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Silence on a socket that is waited on; a server that is busy for longer is treated as away. */
const SILENCE_MS_MAX = 30_000;
/** A whole call, whatever happens on the socket meanwhile. */
export const CALL_MS_MAX = 45_000;
/** One block is under way at a time; fences, questions and the API's reads go beside it. */
const CONNECTIONS_MAX = 8;

export function connect(target: ClickHouseTarget): ClickHouseClient {
  return createClient({
    url: target.url,
    username: target.user,
    password: target.password,
    application: 'twinfold',
    request_timeout: SILENCE_MS_MAX,
    max_open_connections: CONNECTIONS_MAX,
    // Failures are told to the caller, who knows which of them matter.
    log: { level: ClickHouseLogLevel.OFF },
    // Compressing costs more than the loopback or a rack's network does.
    compression: { request: false, response: false },
  });
}

export interface Call {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly settings?: ClickHouseSettings;
  readonly queryId?: string;
}

/** Runs a statement that answers nothing. */
export async function run(client: ClickHouseClient, statement: string, call: Call = {}): Promise<void> {
  await withinLimit(async (signal) => client.command({ query: statement, ...common(call, signal) }));
}

/** The rows of a query, 64-bit integers as text so that none loses bits. */
export async function rows<T>(client: ClickHouseClient, query: string, call: Call = {}): Promise<readonly T[]> {
  const settings = { output_format_json_quote_64bit_integers: 1, ...call.settings } as const;
  return withinLimit(async (signal) => {
    const result = await client.query({ query, format: 'JSONEachRow', ...common({ ...call, settings }, signal) });
    return result.json<T>();
  });
}

export interface InsertCall extends Call {
  /** Rows in the format that the statement names. */
  readonly block: readonly Uint8Array[];
}

/** One INSERT with bytes that are encoded already. Resolves when the server says that it is written. */
export async function send(client: ClickHouseClient, statement: string, call: InsertCall): Promise<void> {
  const buffers = call.block.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const answer = await withinLimit(async (signal) => {
    const { stream } = await client.exec({
      query: statement,
      values: Readable.from(buffers, { objectMode: false }),
      ...common(call, signal),
    });
    return text(stream);
  });
  // With `wait_end_of_query` a success has nothing to say; anything else came from something that isn't ClickHouse.
  if (answer.trim() !== '')
    throw new TwinfoldError('sink-unknown', `unexpected answer to an insert: ${answer.slice(0, 200)}`, {
      domain: 'external',
      retryable: true,
    });
}

/**
 * Ends the call after its time. The signal goes with the call: one that waits for its time-out, as `AbortSignal.timeout`
 * does, holds on to what listens to it, which is every block of rows of the last minute.
 */
async function withinLimit<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('the call took too long', 'TimeoutError')), CALL_MS_MAX);
  try {
    return await call(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

function common(call: Call, signal: AbortSignal) {
  return {
    ...(call.params === undefined ? {} : { query_params: { ...call.params } }),
    ...(call.queryId === undefined ? {} : { query_id: call.queryId }),
    clickhouse_settings: { ...call.settings },
    abort_signal: signal,
  };
}
