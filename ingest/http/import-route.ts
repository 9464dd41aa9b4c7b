/**
 * `POST /v1/devices:import`: a stream of lines in, a stream of outcomes out. A few batches are under way at once; while the
 * client doesn't read its outcomes, its lines aren't read either.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { DeviceImport, IMPORT_BATCH_LINES, IMPORT_LINE_BYTES_MAX, type ImportedLine, type ImportLine } from '../registry/device-import.ts';
import { refusal } from '../refusal.ts';
import { tenantCaller } from './access.ts';
import type { RegistryRoutesDeps } from './registry-answers.ts';
import { refuse } from './reply.ts';
import { WHY } from './registry-bodies.ts';

const NDJSON = 'application/x-ndjson';
/** Half a second of decisions at the speed that is aimed at. */
const BATCHES_MAX = 4;
/** Whoever sends nothing for so long is gone. */
const SILENT_MS_MAX = 30_000;
const NEWLINE = 0x0a;

interface Counts {
  created: number;
  reissued: number;
  exists: number;
  refused: number;
  unknown: number;
}

export function importRoute(app: FastifyInstance, { authenticator, commands, registry }: RegistryRoutesDeps): void {
  void app.register((scope) => {
    scope.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
    scope.post('/v1/devices::import', async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      if (!registry.hasTenant(caller.tenant)) return refuse(reply, WHY['unknown-tenant']);
      if (request.headers['content-type']?.split(';', 1)[0] !== NDJSON)
        return refuse(reply, refusal('unsupported-media-type', `an import is a stream of lines: ${NDJSON}`));
      if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
        return refuse(reply, refusal('unsupported-media-type', 'an import is not compressed'));
      const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
      const deviceImport = new DeviceImport({
        writer: commands.registryWriter,
        commands,
        tenant: caller.tenant,
        actor: caller.principal.credential,
        reissue: query.get('tokens') === 'reissue',
      });
      reply.hijack();
      await run(request.raw, reply.raw, deviceImport);
      return reply;
    });
    return Promise.resolve();
  });
}

async function run(request: IncomingMessage, response: ServerResponse, deviceImport: DeviceImport): Promise<void> {
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
  let failure: string | undefined;
  request.setTimeout(SILENT_MS_MAX, () => request.destroy());
  try {
    for await (const batch of batchesOf(request)) {
      lines += batch.length;
      underWay.push(deviceImport.decide(batch));
      while (underWay.length >= BATCHES_MAX) await tellFirst();
    }
  } catch {
    failure = 'the body ended early: send the file again, what is there already stays';
  }
  // What was begun is finished: it may be in the log.
  while (underWay.length > 0) await tellFirst();
  response.end(
    `${JSON.stringify({ done: failure === undefined, lines, ...counts, ...(failure === undefined ? {} : { detail: failure }) })}\n`,
  );
}

/** Lines in batches; a batch goes when it is full, or when the client pauses. */
async function* batchesOf(request: IncomingMessage): AsyncGenerator<readonly ImportLine[]> {
  let batch: ImportLine[] = [];
  let line = 0;
  let rest: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer): void => {
    line++;
    const text = bytes.toString('utf8').trim();
    // A line too long is refused as no JSON would be; an empty one is none.
    if (text !== '') batch.push({ line, text: bytes.length > IMPORT_LINE_BYTES_MAX ? '' : text });
  };
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      take(bytes.subarray(start, end));
      start = end + 1;
      if (batch.length < IMPORT_BATCH_LINES) continue;
      yield batch;
      batch = [];
    }
    rest = bytes.subarray(start);
    if (rest.length > IMPORT_LINE_BYTES_MAX) {
      take(rest);
      yield batch;
      throw new Error('a line has no end');
    }
    if (batch.length > 0 && request.readableLength === 0) {
      yield batch;
      batch = [];
    }
  }
  if (rest.length > 0) take(rest);
  if (batch.length > 0) yield batch;
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
