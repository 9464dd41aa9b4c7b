/**
 * As power loss does it: nats-server's input log and control log come back without their ends, ClickHouse with more than
 * both. The engine goes on by itself, reports exactly what is gone, and gives no position away twice.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { NatsAskClient } from '../../../engine/nats/ask-client.ts';
import { NatsBatchAppender } from '../../../engine/nats/batch-appender.ts';
import { connectNats } from '../../../engine/nats/connection.ts';
import { NatsInputLog } from '../../../engine/nats/input-log.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import type { AppendResult } from '../../../engine/ports/input-log.ts';
import { UNKNOWN_MESSAGES_MAX } from '../../../engine/runtime/log-ends.ts';
import { decodeControlRecord } from '../../../schemas/envelope.ts';
import { cutEnd } from '../../../loadtest/faults/lost-ends.ts';
import { startEngineNode } from '../../support/engine-node.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import { until } from '../../support/processes.ts';
import { withClickHouse, withNats, type TestClickHouse, type TestNats } from '../../support/servers.ts';

const MESSAGES = 60;
const EVENTS_A_MESSAGE = 5;
const LOG_BYTES_MAX = 256 * 1024 * 1024;

/** Connected to nats-server as an edge is. */
class Writer {
  readonly asks: NatsAskClient;
  readonly input: NatsInputLog;
  readonly serverId: string;
  readonly #publisher: AckedPublisher;
  readonly #connection: Awaited<ReturnType<typeof connectNats>>;
  readonly #epoch: number;
  #counter = 0;

  private constructor(parts: { connection: Awaited<ReturnType<typeof connectNats>>; input: NatsInputLog; epoch: number }) {
    this.#connection = parts.connection;
    this.#publisher = new AckedPublisher(parts.connection);
    this.#epoch = parts.epoch;
    this.input = parts.input;
    this.asks = new NatsAskClient(parts.connection);
    this.serverId = parts.connection.info?.server_id ?? '';
  }

  static async on(nats: TestNats, epoch: number): Promise<Writer> {
    const connection = await connectNats({ url: nats.url, token: nats.token, name: `edge-${epoch}` });
    await ensureStreams(connection, { partitions: 1, replicas: 1, logBytesMax: LOG_BYTES_MAX });
    return new Writer({ connection, input: await NatsInputLog.on(connection), epoch });
  }

  async send(n: number): Promise<number> {
    const events = Array.from({ length: EVENTS_A_MESSAGE }, (_, i) => jsonEvent('d1', { n: n * EVENTS_A_MESSAGE + i }));
    const data = batchOf({ edgeEpoch: this.#epoch, counter: ++this.#counter, events });
    const result = await new Promise<AppendResult>((resolve) => new NatsBatchAppender(this.#publisher).append(0, data, resolve));
    assert.ok(result.ok);
    return result.seq;
  }

  async status(): Promise<Record<string, unknown>> {
    const asked = await this.asks.status(0, { minSeq: 0, timeoutMs: 300 });
    return asked.ok ? (JSON.parse(Buffer.from(asked.value).toString()) as Record<string, unknown>) : {};
  }

  async written(seq: number): Promise<void> {
    await until(async () => ((await this.status())['sink'] as { hwmLogSeq?: number } | undefined)?.hwmLogSeq === seq, `rows up to ${seq}`);
  }

  /** What the control log's last record covers. */
  async coveredSeq(): Promise<number> {
    const { lastSeq } = await this.input.boundsOfStream('RS_00');
    const record = await this.input.getOfStream('RS_00', lastSeq);
    assert.ok(record !== undefined);
    return decodeControlRecord(record.data).last?.seq ?? 0;
  }

  async close(): Promise<void> {
    this.#publisher.close();
    await this.#connection.close();
  }
}

async function assertNoRowTwice(clickhouse: TestClickHouse, rows: number): Promise<void> {
  const events = `${clickhouse.database}.events`;
  assert.equal(await clickhouse.query(`SELECT count(), uniqExact(log_seq, batch_index, item) FROM ${events}`), `${rows}\t${rows}`);
}

test('both logs come back without their ends, and the engine goes on behind what ClickHouse has', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-ends-'));
  const clickhouse = await withClickHouse();
  const closing: (() => Promise<void>)[] = [];
  const later = (close: () => Promise<void>): void => void closing.unshift(close);
  t.after(async () => {
    for (const close of closing) await close();
    await clickhouse.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const dataDir = join(folder, 'nats');
  const first = await withNats({ folder: dataDir });
  later(() => first.stop());
  const writer = await Writer.on(first, 1);
  later(() => writer.close());
  const a = await startEngineNode('a', { nats: first, clickhouse, partitions: 1 });
  later(() => a.cutOff());
  let lastSeq = 0;
  for (let n = 0; n < MESSAGES; n++) {
    lastSeq = await writer.send(n);
    // Some records before the end, so that a part of them can go.
    if (n % 4 === 0) await until(async () => Number((await writer.status())['checkpoint']) >= lastSeq, 'the message to be covered');
  }
  await writer.written(lastSeq);
  await a.cutOff();
  await writer.close();
  await first.stop();
  cutEnd(folder, 'EV_00', { share: 0.2, bytesMax: 1_000_000 });
  cutEnd(folder, 'RS_00', { share: 0.6, bytesMax: 1_000_000 });

  const second = await withNats({ folder: dataDir });
  later(() => second.stop());
  const again = await Writer.on(second, 2);
  later(() => again.close());
  const kept = (await again.input.bounds(0)).lastSeq;
  assert.ok(kept < lastSeq && kept > 0, `the input log ends at ${kept} of ${lastSeq}`);
  assert.ok((await again.coveredSeq()) < kept, 'the control log ends earlier');
  const b = await startEngineNode('a', { nats: second, clickhouse, partitions: 1 });
  later(() => b.cutOff());
  const mayWrite = async (): Promise<boolean> =>
    (await again.asks.confirmEnd(0, { serverId: again.serverId, ackedSeq: 0 })) === 'confirmed';
  await until(mayWrite, 'the end to be mended and confirmed');
  const resumedSeq = lastSeq + 1 + UNKNOWN_MESSAGES_MAX;
  assert.equal(await again.send(MESSAGES), resumedSeq);
  await again.written(resumedSeq);

  const facts = b.said.filter(({ what }) => what === 'log-lost-its-end').map((entry) => entry.facts);
  assert.deepEqual(facts, [{ partition: 0, keptSeq: kept, lostTo: lastSeq, resumedSeq }]);
  assert.equal(b.said.filter(({ what }) => what === 'control-log-lost-its-end').length, 1);
  const [loss] = (await again.status())['losses'] as readonly Record<string, unknown>[];
  assert.deepEqual(loss, { partition: 0, log: 'input', fromSeq: kept + 1, toSeq: lastSeq, resumedSeq });
  await assertNoRowTwice(clickhouse, (MESSAGES + 1) * EVENTS_A_MESSAGE);
  const twin = await again.asks.twin(0, { tenant: 't', device: 'd1' }, { minSeq: resumedSeq, timeoutMs: 10_000 });
  assert.ok(twin.ok && twin.value !== undefined);
  assert.match(Buffer.from(twin.value).toString(), new RegExp(`"value":${MESSAGES * EVENTS_A_MESSAGE + EVENTS_A_MESSAGE - 1}[,}]`));
  await b.stop();
});
