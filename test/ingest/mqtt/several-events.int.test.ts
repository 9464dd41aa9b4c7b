/** A PUBLISH that holds several events: split as a body of `POST /telemetry` is, stored all or none, acknowledged as one. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { MemoryAppender, type Fate } from '../../../engine/memory/memory-appender.ts';
import { LogPublisher } from '../../../ingest/publish.ts';
import { CONTENT_TYPE, VIA } from '../../../schemas/envelope.ts';
import {
  decodeEventBatch,
  decodeTelemetrySample,
  encodeTelemetryBatch,
  encodeTelemetrySample,
  type Event,
} from '../../../schemas/gen/lean.ts';
import { publishPacket, text, type PublishInit } from './client-codec.ts';
import { startEdge, systemClock, until, type Edge } from './fixtures.ts';
import type { Wire } from './vectors.ts';

const CLOSE_MS_MAX = 5_000;

/** The listener before the real intake, whose log is in memory. */
interface LogEdge extends Edge {
  readonly appender: MemoryAppender;
  fate: Fate;
  batches(): Event[][];
}

async function withEdge(run: (edge: LogEdge) => Promise<void>): Promise<void> {
  const appender = new MemoryAppender({ partitions: 4, fate: () => edge.fate });
  const intake = new LogPublisher({ partitions: 4, edgeEpoch: 1, edge: 'edge-1', appender, clock: systemClock, serverId: 'S' });
  const edge: LogEdge = {
    ...(await startEdge({ intake })),
    appender,
    fate: { kind: 'store' },
    batches: () => appender.logs.flatMap((log) => log.map(({ data }) => [...(decodeEventBatch(data)?.events ?? [])])),
  };
  try {
    await run(edge);
  } finally {
    await edge.close();
    await intake.drain(100);
  }
}

interface Ack {
  readonly id: number;
  readonly reason: number;
  readonly text: string;
}

async function puback(wire: Wire): Promise<Ack> {
  const packet = await wire.packet();
  assert.equal(packet?.[0], 0x40, `expected PUBACK, got ${packet?.toString('hex')}`);
  const reason = (packet?.length ?? 0) > 4 ? (packet?.[4] ?? 0) : 0;
  return { id: ((packet?.[2] ?? 0) << 8) | (packet?.[3] ?? 0), reason, text: packet?.toString('latin1') ?? '' };
}

const contentType = (name: string): Uint8Array => Buffer.concat([Uint8Array.of(3), text(name)]);
const payloads = (events: readonly Event[] | undefined): string[] => (events ?? []).map(({ payload }) => Buffer.from(payload).toString());

test('an array is an event an element, in one batch, and has one acknowledgement with the position of the first', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    edge.fate = { kind: 'hold' };
    wire.send(publishPacket({ level: 5, packetId: 7, payload: ' \r\n[{"t":1}, {"metrics":{"t":2},"device":"urn:dev-1"},\n{"t":3}] ' }));
    // Long enough for an acknowledgement that should not come.
    assert.equal(await wire.packet(50), undefined);
    edge.fate = { kind: 'store' };
    edge.appender.release();
    const ack = await puback(wire);
    assert.deepEqual([ack.id, ack.reason], [7, 0]);
    assert.match(ack.text, /position..\d\.1\.0$/s);
    const [batch, ...more] = edge.batches();
    assert.deepEqual(more, []);
    assert.deepEqual(payloads(batch), ['{"t":1}', '{"metrics":{"t":2},"device":"urn:dev-1"}', '{"t":3}']);
    for (const event of batch ?? [])
      assert.deepEqual([event.tenant, event.device, event.contentType, event.via], ['demo', 'dev-1', CONTENT_TYPE.json, VIA.mqtt]);
    // The acknowledgement was the only one: the next is that of the next message.
    wire.send(publishPacket({ level: 5, packetId: 8 }));
    assert.equal((await puback(wire)).id, 8);
    assert.deepEqual(edge.refusals, []);
  }),
);

test('lines and a TelemetryBatch are split too, and what is one event stays as it came', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    const samples = [
      { device: 'dev-1', seq: 1, metrics: [{ name: 't', number: 1 }] },
      { seq: 2, metrics: [] },
    ];
    const one = encodeTelemetrySample({ device: 'dev-1', seq: 3, metrics: [] });
    const table: readonly (readonly [PublishInit, readonly string[] | number])[] = [
      [{ level: 5, properties: contentType('application/x-ndjson'), payload: '{"t":1}\n\n{"t":2}\n' }, ['{"t":1}', '{"t":2}']],
      [{ level: 5, properties: contentType('application/jsonl'), payload: '{"t":1}' }, ['{"t":1}']],
      [{ level: 5, payload: '[{"t":1}]' }, ['{"t":1}']],
      // Not an array, so the fold's to judge.
      [{ level: 5, payload: ' {"t": 1}' }, [' {"t": 1}']],
      [{ level: 5, payload: 'nonsense' }, ['nonsense']],
      [{ level: 5, payload: '' }, ['']],
      [{ level: 5, topic: 'v1/telemetry/cbor', payload: '[1]' }, ['[1]']],
      [{ level: 5, topic: 'v1/telemetry/proto', payload: encodeTelemetryBatch({ samples }) }, 2],
      [{ level: 5, topic: 'v1/telemetry/proto', payload: one }, 1],
    ];
    for (const [i, [init, expected]] of table.entries()) {
      wire.send(publishPacket({ ...init, packetId: i + 1 }));
      const ack = await puback(wire);
      assert.deepEqual([ack.id, ack.reason], [i + 1, 0], ack.text);
      const all = edge
        .batches()
        .flat()
        .slice(-(typeof expected === 'number' ? expected : expected.length));
      if (typeof expected !== 'number') assert.deepEqual(payloads(all), expected);
      else
        assert.deepEqual(
          all.map(({ contentType: type, payload }) => [type, decodeTelemetrySample(payload)?.seq]),
          (expected === 2 ? [1, 2] : [3]).map((seq) => [CONTENT_TYPE.protobuf, seq]),
        );
    }
  }),
);

test('one bad event refuses all of them, with its reason, and the connection stays', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    const table: readonly (readonly [Omit<PublishInit, 'level'>, number, RegExp])[] = [
      [{ payload: '[{"t":1},{"t":}]' }, 0x99, /malformed JSON at byte 14/],
      [{ payload: '[{"t":1},' }, 0x99, /malformed JSON/],
      [{ payload: '[{"t":1}]x' }, 0x99, /something follows/],
      [{ payload: '[]' }, 0x99, /holds no event/],
      [{ payload: '[1]' }, 0x99, /an event is a JSON object/],
      [{ payload: Buffer.from([0x5b, 0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x5d]) }, 0x99, /not UTF-8/],
      [{ payload: '[{"t":1},{"ts":1790000000,"metrics":{}}]' }, 0x99, /"ts" 1790000000 looks like seconds: send milliseconds/],
      [{ payload: '[{"t":1},{"device":"dev-2","metrics":{}}]' }, 0x87, /may not speak for "dev-2"/],
      [{ payload: '[{"device":"\u65e5\u672c\ud83d\ude00","metrics":{}}]' }, 0x87, /may not speak for "\?+"/],
      [{ payload: `[{"token":"${'x'.repeat(90)}","payload":{}}]` }, 0x87, /must be the token of the request/],
      [{ payload: '', properties: contentType('application/x-ndjson') }, 0x99, /holds no event/],
      [{ payload: '{"t":1}\n{', properties: contentType('application/x-ndjson') }, 0x99, /line 2/],
      [{ payload: Uint8Array.of(0x0a, 1, 0x32), topic: 'v1/telemetry/proto' }, 0x99, /no TelemetrySample/],
      // Small on the wire, and too much together in the log.
      [{ payload: `[${'{},'.repeat(20_000)}{}]` }, 0x97, /limit..together-bytes/s],
    ];
    for (const [i, [init, reason, told]] of table.entries()) {
      wire.send(publishPacket({ level: 5, ...init, packetId: i + 1 }));
      const ack = await puback(wire);
      assert.deepEqual([ack.id, ack.reason], [i + 1, reason], ack.text);
      assert.match(ack.text, told);
    }
    assert.deepEqual(edge.batches(), []);
    assert.equal(edge.refusals.filter((why) => why === 'malformed-payload').length, 9);
    assert.equal(edge.refusals.filter((why) => why === 'timestamp-in-seconds').length, 1);
    wire.send(publishPacket({ level: 5, packetId: 99 }));
    assert.equal((await puback(wire)).id, 99);
  }),
);

test('a 3.1.1 client gets no acknowledgement for a bad array, and is closed after those before it', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(4, 'dev-1');
    wire.send(publishPacket({ level: 4, packetId: 1, payload: '[{"t":1},{"t":2}]' }));
    wire.send(publishPacket({ level: 4, qos: 0, payload: '[{"t":}]' }));
    wire.send(publishPacket({ level: 4, packetId: 2, payload: '[{"t":}]' }));
    assert.equal((await puback(wire)).id, 1);
    assert.ok(await wire.ends(CLOSE_MS_MAX));
    assert.deepEqual(payloads(edge.batches().flat()), ['{"t":1}', '{"t":2}']);
    assert.deepEqual(edge.refusals, ['malformed-payload', 'malformed-payload']);
  }),
);

test('the token of the connection is not stored', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    wire.send(publishPacket({ level: 5, packetId: 1, payload: '[{"token":"device:dev-1","payload":{"t":1}},{"t":2}]' }));
    assert.equal((await puback(wire)).reason, 0);
    assert.deepEqual(payloads(edge.batches()[0]), ['{"payload":{"t":1}}', '{"t":2}']);
    wire.send(publishPacket({ level: 5, packetId: 2, payload: '{"payload":{"t":3},"token":"device:dev-1"}' }));
    assert.equal((await puback(wire)).reason, 0);
    assert.deepEqual(payloads(edge.batches()[1]), ['{"payload":{"t":3}}']);
    wire.send(publishPacket({ level: 5, packetId: 3, payload: '{"token":"device:dev-2","payload":{"t":3}}' }));
    assert.equal((await puback(wire)).reason, 0x87);
    wire.send(publishPacket({ level: 5, packetId: 4, payload: '{"attr":"a token of esteem"}' }));
    assert.equal((await puback(wire)).reason, 0);
    assert.deepEqual(payloads(edge.batches()[2]), ['{"attr":"a token of esteem"}']);
  }),
);

test('an array waits for a lane with room for all of it, and keeps its place among the messages', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(4, 'dev-1');
    edge.fate = { kind: 'hold' };
    wire.send(publishPacket({ level: 4, packetId: 1, payload: '{"n":"first"}' }));
    await until(() => edge.listener.inFlight() === 1);
    // Fills the batch behind the one that is held: 9 of 60,000 bytes are more than it takes.
    const large = (n: number): string => `[{"n":${n},"pad":"${'x'.repeat(30_000)}"},{"n":"${n}b","pad":"${'x'.repeat(30_000)}"}]`;
    const packets = Array.from({ length: 12 }, (_, n) => publishPacket({ level: 4, packetId: n + 2, payload: large(n) }));
    wire.send(Buffer.concat(packets));
    await until(() => edge.listener.inFlight() > 1);
    edge.fate = { kind: 'store' };
    edge.appender.release();
    for (let id = 1; id <= 13; id++) assert.equal((await puback(wire)).id, id);
    const batches = edge.batches();
    assert.ok(batches.length > 2);
    const numbers = payloads(batches.flat()).map((payload) => (JSON.parse(payload) as { n: unknown }).n);
    assert.deepEqual(numbers, ['first', ...Array.from({ length: 12 }, (_, n) => [n, `${n}b`]).flat()]);
    // Of no array is one half in one batch and one in the next.
    for (const batch of batches.slice(1)) assert.equal(batch.length % 2, 0);
  }),
);

test('a log that is full refuses the whole array', { timeout: 20_000 }, () =>
  withEdge(async (edge) => {
    const wire = await edge.device(5, 'dev-1');
    edge.fate = { kind: 'refuse', why: 'full' };
    wire.send(publishPacket({ level: 5, packetId: 1, payload: '[{"t":1},{"t":2}]' }));
    const ack = await puback(wire);
    assert.deepEqual([ack.id, ack.reason], [1, 0x97]);
    assert.match(ack.text, /limit..log-bytes/s);
    assert.deepEqual(edge.batches(), []);
  }),
);
