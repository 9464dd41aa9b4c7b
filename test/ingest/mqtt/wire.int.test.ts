/** Both ways of a wire against real sockets: bytes arrive whole and in order however slowly they are read, and ends show once. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { openWire, type Wire, type WireListener } from '../../../ingest/mqtt/wire.ts';
import { until } from './fixtures.ts';

const FORMS = [undefined, 'stream'] as const;

/** A peer's view of its connection, and ours. */
interface Pair {
  readonly client: Socket;
  readonly wire: Wire;
  readonly got: Buffer[];
  drains: number;
  closes: number;
}

async function withPairs(form: 'stream' | undefined, count: number, body: (pairs: readonly Pair[]) => Promise<void>): Promise<void> {
  const opened: Omit<Pair, 'client'>[] = [];
  const server = createServer({ noDelay: true, pauseOnConnect: true, highWaterMark: 16 * 1024 }, (socket) => {
    const state = { got: [] as Buffer[], drains: 0, closes: 0 };
    const listener: WireListener = {
      onData: (bytes, length) => void state.got.push(Buffer.from(bytes.subarray(0, length))),
      onDrain: () => void state.drains++,
      onClose: () => void state.closes++,
    };
    opened.push(Object.assign(state, { wire: openWire(socket, listener, form) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pairs: Pair[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const client = connect(port, '127.0.0.1');
      client.on('error', () => undefined);
      await once(client, 'connect');
      await until(() => opened.length === i + 1);
      const state = opened[i];
      assert.ok(state !== undefined);
      pairs.push(Object.assign(state, { client }));
    }
    await body(pairs);
  } finally {
    for (const { client, wire } of pairs) {
      client.destroy();
      wire.destroy();
    }
    server.close();
  }
}

/** Bytes that show where they belong. */
function pattern(from: number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => ((from + i) * 31 + ((from + i) >> 8)) & 0xff));
}

for (const form of FORMS) {
  const name = form ?? 'handle';

  test(
    `${name}: a client that reads late gets all of it in order, and the writer is told when to wait and when to go on`,
    { timeout: 20_000 },
    () =>
      withPairs(form, 1, async ([pair]) => {
        assert.ok(pair !== undefined);
        const chunks: Buffer[] = [];
        pair.client.on('data', (chunk: Buffer) => void chunks.push(chunk));
        pair.client.pause();
        const TOTAL = 12_000_000;
        let sent = 0;
        let held = 0;
        let freed = 0;
        while (sent < TOTAL) {
          const size = Math.min(TOTAL - sent, [4, 900, 70_000][sent % 3] ?? 4);
          const drains = pair.drains;
          const bytes = pattern(sent, size);
          const goesOn = pair.wire.write(bytes);
          sent += size;
          if (!pair.wire.isHolding) freed += bytes.fill(0xee).length;
          if (goesOn) continue;
          held++;
          if (held === 1) pair.client.resume();
          await until(() => pair.drains > drains);
        }
        assert.ok(held > 0, 'nothing ever had to wait');
        // Behind the stream nobody says when bytes are free.
        assert.equal(freed > 0, form === undefined);
        pair.wire.end(undefined);
        await once(pair.client, 'end');
        const all = Buffer.concat(chunks);
        assert.equal(all.length, TOTAL);
        assert.ok(all.equals(pattern(0, TOTAL)));
      }),
  );

  test(`${name}: many connections at once never see each other's bytes`, { timeout: 20_000 }, () =>
    withPairs(form, 20, async (pairs) => {
      for (let round = 0; round < 50; round++) {
        for (const [i, { client, wire }] of pairs.entries()) {
          client.write(Buffer.alloc(round + 1, i));
          wire.write(Buffer.alloc(2, 0x80 | i));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      for (const [i, pair] of pairs.entries()) {
        await until(() => Buffer.concat(pair.got).length === (50 * 51) / 2);
        assert.ok(Buffer.concat(pair.got).every((byte) => byte === i));
        await until(() => pair.client.bytesRead === 100);
        const back = pair.client.read() as Buffer | null;
        assert.ok(back !== null && back.every((byte) => byte === (0x80 | i)));
      }
    }),
  );

  test(`${name}: what is not read waits, and reading goes on where it stopped`, { timeout: 20_000 }, () =>
    withPairs(form, 1, async ([pair]) => {
      assert.ok(pair !== undefined);
      pair.client.write('one');
      await until(() => pair.got.length === 1);
      pair.wire.pause();
      pair.client.write('two');
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(Buffer.concat(pair.got).toString(), 'one');
      pair.wire.resume();
      await until(() => Buffer.concat(pair.got).toString() === 'onetwo');
    }),
  );

  test(`${name}: an end shows once, whoever made it, and a write after it is harmless`, { timeout: 20_000 }, () =>
    withPairs(form, 3, async ([polite, rude, ours]) => {
      assert.ok(polite !== undefined && rude !== undefined && ours !== undefined);
      polite.client.end();
      rude.client.resetAndDestroy();
      ours.wire.end(Buffer.from('bye'));
      ours.client.end();
      await until(() => polite.closes === 1 && rude.closes === 1 && ours.closes === 1);
      for (const { wire } of [polite, rude, ours]) wire.write(Buffer.from('late'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual([polite.closes, rude.closes, ours.closes], [1, 1, 1]);
      assert.equal((ours.client.read() as Buffer | null)?.toString(), 'bye');
    }),
  );
}

test('many that end at once are closed some a turn, so that others are served meanwhile', { timeout: 20_000 }, () =>
  withPairs(undefined, 400, async (pairs) => {
    const [served, ...others] = pairs;
    assert.ok(served !== undefined);
    const closed = (): number => others.reduce((sum, { closes }) => sum + closes, 0);
    for (const { client } of others) client.end();
    let most = 0;
    let answered = 0;
    served.client.on('data', () => void answered++);
    for (let before = 0; closed() < others.length;) {
      served.wire.write(Buffer.from('x'));
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, closed() - before);
      before = closed();
    }
    assert.ok(most > 0 && most <= 64, `${most} were closed in one turn`);
    await until(() => answered > 0);
    assert.deepEqual(new Set(others.map(({ closes }) => closes)), new Set([1]));
    assert.equal(served.closes, 0);
  }),
);
