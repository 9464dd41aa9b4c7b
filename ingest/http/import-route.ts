/**
 * `POST /v1/devices:import`: a stream of lines in, plain or compressed, a stream of outcomes out. A few batches are under
 * way at once; while the client doesn't read its outcomes, its lines aren't read either.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { DeviceImport, IMPORT_BATCH_LINES, IMPORT_LINE_BYTES_MAX, type ImportedLine, type ImportLine } from '../registry/device-import.ts';
import { refusal } from '../refusal.ts';
import { tenantCaller } from './access.ts';
import { refuseBody } from './body.ts';
import { type EarlyEnd, PieceQueue } from './piece-queue.ts';
import type { RegistryRoutesDeps } from './registry-answers.ts';
import { refuse } from './reply.ts';
import { WHY } from './registry-bodies.ts';

const NDJSON = 'application/x-ndjson';
/** Half a second of decisions at the speed that is aimed at. */
const BATCHES_MAX = 4;
const NEWLINE = 0x0a;
/** A line longer than this is no line: what follows isn't looked at. */
const PASSED_BYTES_MAX = 16 * IMPORT_LINE_BYTES_MAX;
const NO_BYTES = Buffer.alloc(0);
const ENDLESS = refusal('too-large', `a line has at most ${IMPORT_LINE_BYTES_MAX} bytes`, { limit: 'line-bytes' });
const AGAIN = 'send the file again, what is there already stays';
/** Who is refused in the middle may read so long what of it was stored, while what comes is thrown away. */
const LINGER_MS_MAX = 2_000;

interface Counts {
  created: number;
  reissued: number;
  exists: number;
  refused: number;
  unknown: number;
}

export function importRoute(app: FastifyInstance, { authenticator, commands, metrics, registry }: RegistryRoutesDeps): void {
  void app.register((scope) => {
    scope.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
    scope.post('/v1/devices::import', async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      if (!registry.hasTenant(caller.tenant)) return refuse(reply, WHY['unknown-tenant']);
      if (request.headers['content-type']?.split(';', 1)[0] !== NDJSON)
        return refuse(reply, refusal('unsupported-media-type', `an import is a stream of lines: ${NDJSON}`));
      const unreadable = refuseBody(request.raw, true);
      if (unreadable !== undefined) return refuse(reply, unreadable);
      const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
      const deviceImport = new DeviceImport({
        writer: commands.registryWriter,
        commands,
        tenant: caller.tenant,
        actor: caller.principal.credential,
        reissue: query.get('tokens') === 'reissue',
      });
      reply.hijack();
      await run(request.raw, reply.raw, { deviceImport, refused: (limit) => metrics.refused(limit) });
      return reply;
    });
    return Promise.resolve();
  });
}

interface Run {
  readonly deviceImport: DeviceImport;
  readonly refused: (limit: string) => void;
}

async function run(request: IncomingMessage, response: ServerResponse, { deviceImport, refused }: Run): Promise<void> {
  response.writeHead(200, { 'content-type': NDJSON });
  const counts: Counts = { created: 0, reissued: 0, exists: 0, refused: 0, unknown: 0 };
  const underWay: Promise<readonly ImportedLine[]>[] = [];
  let lines = 0;
  const tellFirst = async (): Promise<void> => {
    const outcomes = await underWay.shift();
    let text = '';
    for (const one of outcomes ?? []) {
      counts[one.outcome.outcome]++;
      text += `${JSON.stringify({ line: one.line, ...(one.id === undefined ? {} : { id: one.id }), ...one.outcome })}\n`;
    }
    if (!response.write(text)) await drained(response);
  };
  const pieces = new PieceQueue(request);
  const reader = new LineReader(pieces);
  for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
    lines += batch.length;
    underWay.push(deviceImport.decide(batch));
    while (underWay.length >= BATCHES_MAX) await tellFirst();
  }
  pieces.stop();
  // What was begun is finished: it may be in the log.
  while (underWay.length > 0) await tellFirst();
  const failure = failureOf(reader);
  response.end(`${JSON.stringify({ done: failure === undefined, lines, ...counts, ...failure })}\n`);
  if (failure?.code === undefined) return;
  refused(failure.limit ?? failure.code);
  request.resume();
  const lingering = setTimeout(() => request.destroy(), LINGER_MS_MAX);
  request.once('close', () => clearTimeout(lingering));
}

function failureOf({ failure }: LineReader): { readonly detail: string; readonly code?: string; readonly limit?: string } | undefined {
  if (failure === undefined) return undefined;
  if (failure === 'gone') return { detail: `the body ended early: ${AGAIN}` };
  const { code, detail, limit } = failure;
  return { detail: `${detail}: ${AGAIN}`, code, ...(limit === undefined ? {} : { limit }) };
}

/** Lines in batches; a batch goes when it is full, or when the client pauses. */
class LineReader {
  readonly #pieces: PieceQueue;
  #batch: ImportLine[] = [];
  #line = 0;
  /** Read, and not looked at. */
  #bytes: Buffer = NO_BYTES;
  /** Of a line that was refused for its length, and whose end is to come. */
  #passedBytes = 0;
  #isOver = false;
  #failure: EarlyEnd | undefined;

  constructor(pieces: PieceQueue) {
    this.#pieces = pieces;
  }

  /** Known once `next` has answered that there is no more. */
  get failure(): EarlyEnd | undefined {
    return this.#failure;
  }

  /** The next batch; undefined: there is none, or what follows can't be read. */
  async next(): Promise<readonly ImportLine[] | undefined> {
    while (!this.#takeLines() && !this.#isOver && (this.#batch.length === 0 || !(await this.#pieces.isPaused()))) await this.#more();
    const batch = this.#batch;
    this.#batch = [];
    return batch.length === 0 ? undefined : batch;
  }

  /** Whether the batch is full. */
  #takeLines(): boolean {
    const bytes = this.#bytes;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0 && this.#batch.length < IMPORT_BATCH_LINES; end = bytes.indexOf(NEWLINE, start)) {
      if (this.#passedBytes > 0) this.#passedBytes = 0;
      else this.#take(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#bytes = bytes.subarray(start);
    return this.#batch.length >= IMPORT_BATCH_LINES;
  }

  async #more(): Promise<void> {
    // A line too long is not held while its end is looked for.
    if (this.#passedBytes > 0 || this.#bytes.length > IMPORT_LINE_BYTES_MAX) {
      if (this.#passedBytes === 0) this.#take(this.#bytes);
      this.#passedBytes += this.#bytes.length;
      this.#bytes = NO_BYTES;
      if (this.#passedBytes > PASSED_BYTES_MAX) return this.#end(ENDLESS);
    }
    const piece = await this.#pieces.next();
    if (piece !== undefined) {
      this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece]);
      return;
    }
    const { failure } = this.#pieces;
    // The last line may lack its end; one that was cut off is no line.
    if (failure === undefined && this.#passedBytes === 0 && this.#bytes.length > 0) this.#take(this.#bytes);
    this.#end(failure);
  }

  #end(failure: EarlyEnd | undefined): void {
    this.#bytes = NO_BYTES;
    this.#isOver = true;
    this.#failure = failure;
  }

  #take(bytes: Buffer): void {
    this.#line++;
    const text = bytes.toString('utf8').trim();
    // A line too long is refused as no JSON would be; an empty one is none.
    if (text !== '') this.#batch.push({ line: this.#line, text: bytes.length > IMPORT_LINE_BYTES_MAX ? '' : text });
  }
}

/** Resolves also when the client is gone: then nothing is told to anybody. */
function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
