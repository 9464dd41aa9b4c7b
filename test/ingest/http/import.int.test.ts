/** `POST /v1/devices:import`, plain and compressed: the same lines have the same outcomes, and no bomb goes off. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Answer, assertProblem, type Edge, makeTenant, send, startEdge, type Tenant } from './edge.ts';

let edge: Edge;
let tenant: Tenant;

before(async () => {
  edge = await startEdge();
  tenant = await makeTenant(edge, 'demo', 1);
});
after(async () => edge.stop());

type Coding = 'identity' | 'gzip' | 'zstd';

const CODINGS: Readonly<Record<Coding, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};
const COMPRESSED = ['gzip', 'zstd'] as const;

interface Outcome {
  readonly line?: number;
  readonly id?: string;
  readonly outcome?: string;
  readonly token?: string;
  readonly done?: boolean;
  readonly lines?: number;
  readonly created?: number;
  readonly code?: string;
  readonly limit?: string;
  readonly detail?: string;
}

const post = async (body: Uint8Array | ReadableStream, coding: string): Promise<Answer> =>
  send(edge, '/v1/devices:import', {
    token: tenant.key,
    body,
    headers: { 'content-type': 'application/x-ndjson', ...(coding === 'identity' ? {} : { 'content-encoding': coding }) },
  });

const outcomesOf = ({ text }: Answer): readonly Outcome[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);

async function imported(
  body: Uint8Array | ReadableStream,
  coding: string,
): Promise<{ readonly lines: readonly Outcome[]; readonly end: Outcome }> {
  const answer = await post(body, coding);
  assert.equal(answer.status, 200, answer.text);
  const outcomes = outcomesOf(answer);
  return { lines: outcomes.slice(0, -1), end: outcomes.at(-1) ?? {} };
}

const linesOf = (prefix: string, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, i) => `${JSON.stringify({ id: `${prefix}-${i}`, tags: { n: i } })}\n`).join(''));

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('an import', () => {
  for (const coding of ['identity', 'gzip', 'zstd'] as const) {
    it(`as ${coding} has an outcome a line, in any pieces, and may be sent again`, async () => {
      const text = `{"id":"${coding}-1"}\r\n\nno json\n{"id":"${coding}-1"}\n{"id":"${coding}-2","tags":{"x":"é"}}\n{"id":"${coding}-3"}`;
      const bytes = CODINGS[coding](Buffer.from(text));
      const shape = ({ lines }: { readonly lines: readonly Outcome[] }): unknown => lines.map(({ line, outcome }) => [line, outcome]);
      const first = await imported(ReadableStream.from(inPieces(bytes, 3)) as ReadableStream, coding);
      assert.deepEqual(shape(first), [
        [1, 'created'],
        [3, 'refused'],
        [4, 'exists'],
        [5, 'created'],
        [6, 'created'],
      ]);
      assert.deepEqual([first.end.done, first.end.lines, first.end.created], [true, 5, 3]);
      assert.equal((await send(edge, '/telemetry', { json: { t: 1 }, token: first.lines[0]?.token })).status, 202);
      assert.deepEqual(edge.registry.device('demo', `${coding}-2`)?.entry.tags, { x: 'é' });
      const again = await imported(bytes, coding);
      assert.deepEqual(
        again.lines.map(({ outcome }) => outcome),
        ['exists', 'refused', 'exists', 'exists', 'exists'],
      );
    });

    it(`as ${coding} of many batches keeps the order of its lines`, async () => {
      const { end, lines } = await imported(CODINGS[coding](linesOf(`many-${coding}`, 3_000)), coding);
      assert.deepEqual([end.done, end.created], [true, 3_000]);
      assert.deepEqual(
        lines.map(({ id, line, outcome }) => [id, line, outcome]),
        Array.from({ length: 3_000 }, (_, i) => [`many-${coding}-${i}`, i + 1, 'created']),
      );
      assert.deepEqual((await imported(new Uint8Array(CODINGS[coding](Buffer.alloc(0))), coding)).end.lines, 0);
    });

    it(`as ${coding} ends at a line without an end`, async () => {
      const bytes = CODINGS[coding](Buffer.concat([linesOf(`endless-${coding}`, 2), Buffer.alloc(300_000, 'x')]));
      const { end, lines } = await imported(bytes, coding);
      assert.deepEqual(
        lines.map(({ outcome }) => outcome),
        ['created', 'created', 'refused'],
      );
      assert.deepEqual([end.done, end.code, end.limit], [false, 'too-large', 'line-bytes']);
    });

    it(`as ${coding} refuses a long line, and goes on`, async () => {
      const long = Buffer.from(`{"id":"long","tags":{"x":"${'y'.repeat(90_000)}"}}\n`);
      const { end, lines } = await imported(CODINGS[coding](Buffer.concat([long, linesOf(`after-${coding}`, 1)])), coding);
      assert.deepEqual(
        lines.map(({ line, outcome }) => [line, outcome]),
        [
          [1, 'refused'],
          [2, 'created'],
        ],
      );
      assert.equal(end.done, true);
      assert.equal(edge.registry.device('demo', 'long'), undefined);
    });
  }

  for (const coding of COMPRESSED) {
    it(`as ${coding} that was cut off is sent again: what is there stays`, async () => {
      const file = linesOf(`cut-${coding}`, 4_000);
      const bytes = CODINGS[coding](file);
      const { end } = await imported(bytes.subarray(0, Math.floor(bytes.length * 0.6)), coding);
      assert.deepEqual([end.done, end.code], [false, 'malformed']);
      assert.match(String(end.detail), /send the file again/);
      const again = await imported(bytes, coding);
      assert.deepEqual([again.end.done, again.end.lines, again.end.created], [true, 4_000, 4_000 - Number(end.created)]);
    });

    it(`as ${coding} is no bomb`, async () => {
      const refusedBefore = edge.metrics.render();
      const { end, lines } = await imported(CODINGS[coding](Buffer.alloc(64 * 1024 * 1024, '\n')), coding);
      assert.deepEqual([end.done, end.code, end.limit, lines.length], [false, 'too-large', 'body-expansion', 0]);
      assert.ok(!refusedBefore.includes('limit="body-expansion"') || coding === 'zstd');
      assert.match(edge.metrics.render(), /twinfold_refusals_total\{[^}]*limit="body-expansion"/);
      const line = await imported(CODINGS[coding](Buffer.concat([linesOf(`bomb-${coding}`, 1), Buffer.alloc(900_000, 'x')])), coding);
      assert.deepEqual([line.end.limit, line.lines.length], ['line-bytes', 2]);
      // The edge takes the next one.
      assert.equal((await imported(CODINGS[coding](linesOf(`next-${coding}`, 3)), coding)).end.created, 3);
    });

    it(`that says ${coding} and isn't is malformed`, async () => {
      const { end, lines } = await imported(linesOf(`plain-${coding}`, 5), coding);
      assert.deepEqual([end.done, end.code, lines.length], [false, 'malformed', 0]);
    });
  }

  it('of another coding, or of no lines at all, is refused', async () => {
    for (const coding of ['br', 'gzip, gzip', 'deflate']) assertProblem(await post(linesOf('other', 1), coding), 'unsupported-media-type');
    const json = await send(edge, '/v1/devices:import', { token: tenant.key, json: { id: 'x' } });
    assertProblem(json, 'unsupported-media-type');
    assert.equal(edge.registry.device('demo', 'other-0'), undefined);
  });
});
