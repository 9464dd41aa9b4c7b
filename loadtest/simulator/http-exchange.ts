/** One HTTP exchange over kept-alive connections, with a time limit, answering what a device needs to know and no more. */
import { Agent, request } from 'node:http';

export interface Exchange {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface ExchangeRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly agent: Agent;
  readonly limitMs: number;
}

/** Rejects when no whole answer came in time: then nobody knows what became of the request. */
export function exchange(url: string, options: ExchangeRequest): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const length = options.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(options.body)) };
    const call = request(url, { method: options.method, agent: options.agent, headers: { ...options.headers, ...length } });
    const limit = setTimeout(() => call.destroy(new Error(`no answer within ${options.limitMs} ms`)), options.limitMs);
    const fail = (error: Error): void => {
      clearTimeout(limit);
      reject(error);
    };
    call.on('error', fail);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(limit);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), headers: response.headers });
      });
    });
    call.end(options.body);
  });
}

export function keptAlive(socketsMax: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: socketsMax });
}

/** What a refusal asks for: `Retry-After` in seconds, else undefined. */
export function retryAfterMs(answer: Exchange): number | undefined {
  const header = answer.headers['retry-after'];
  const seconds = typeof header === 'string' ? Number(header) : Number.NaN;
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
