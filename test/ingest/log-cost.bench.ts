/**
 * What an event costs the log: processor time of the writing process and of nats-server, input log only, at a steady rate
 * with the default number of partitions. The events are the size of a sample with five metrics; each batch is acknowledged.
 * `--durability process|disk`, `--rate`, `--seconds`; prints one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AckedPublisher } from '../../engine/nats/acked-publisher.ts';
import { NatsBatchAppender } from '../../engine/nats/batch-appender.ts';
import { connectNats } from '../../engine/nats/connection.ts';
import { ensureStreams } from '../../engine/nats/streams.ts';
import type { EventDraft, Receipt } from '../../ingest/message.ts';
import { LogPublisher } from '../../ingest/publish.ts';
import { CONTENT_TYPE, encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import { encodeTelemetrySample } from '../../schemas/gen/lean.ts';
import { withNats } from '../support/servers.ts';

const PARTITIONS = 4;
const LOG_BYTES = 3 * 1024 ** 3;
const TICK_MS = 1;
const WARM_UP_MS = 1_000;
const CPU_TICK_MS = 10;

const { values } = parseArgs({ options: { durability: { type: 'string' }, rate: { type: 'string' }, seconds: { type: 'string' } } });
const durability = values.durability === 'process' ? 'process' : 'disk';
const rate = Number(values.rate ?? 200_000);
const seconds = Number(values.seconds ?? 10);

/** User and system time of a process, ms. */
function cpuMsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * CPU_TICK_MS;
}

function ownCpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}

class Count implements Receipt {
  stored_ = 0;
  failed_ = 0;

  stored(): void {
    this.stored_ += 1;
  }

  failed(): void {
    this.failed_ += 1;
  }
}

function draftOf(partition: number): EventDraft {
  const metrics = ['temp', 'hum', 'volt', 'rssi', 'load'].map((name, i) => ({ name, number: 20.5 + i }));
  const payload = encodeTelemetrySample({ ts: 1_790_000_000_000, boot: 1_790_000_000, seq: 2_097_152, metrics });
  const prefix = encodeEventPrefix({
    tenant: 'bench',
    device: 'device-000001',
    kind: KIND.telemetry,
    contentType: CONTENT_TYPE.protobuf,
    via: VIA.http,
  });
  return { partition, prefix, extra: new Uint8Array(0), payload, start: 0, end: payload.length, urgent: false };
}

const server = await withNats({ durability });
try {
  const connection = await connectNats({ url: server.url, token: server.token, name: 'log-cost' });
  await ensureStreams(connection, { partitions: PARTITIONS, replicas: 1, logBytesMax: LOG_BYTES });
  const acked = new AckedPublisher(connection);
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const serverId = connection.info?.server_id ?? '';
  const publisher = new LogPublisher({
    partitions: PARTITIONS,
    edgeEpoch: 1,
    edge: 'bench',
    appender: new NatsBatchAppender(acked),
    clock,
    serverId,
  });
  const drafts = Array.from({ length: PARTITIONS }, (_, partition) => draftOf(partition));
  const count = new Count();
  let offered = 0;
  let heldBack = 0;

  const load = async (forMs: number): Promise<void> => {
    const begun = performance.now();
    const from = offered;
    for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - begun) {
      const due = from + Math.floor((elapsed * rate) / 1_000);
      while (offered < due) {
        const draft = drafts[offered % PARTITIONS];
        if (draft === undefined || !publisher.offer(draft, count, 0)) {
          heldBack += 1;
          break;
        }
        offered += 1;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, TICK_MS);
      });
    }
  };

  await load(WARM_UP_MS);
  const pid = server.pid() ?? 0;
  const [clientBefore, serverBefore, storedBefore, begun] = [ownCpuMs(), cpuMsOf(pid), count.stored_, performance.now()];
  await load(seconds * 1_000);
  const [clientAfter, serverAfter, stored, elapsedMs] = [ownCpuMs(), cpuMsOf(pid), count.stored_ - storedBefore, performance.now() - begun];
  await publisher.drain(10_000);
  const client = ((clientAfter - clientBefore) * 1_000) / stored;
  const nats = ((serverAfter - serverBefore) * 1_000) / stored;
  console.log(
    JSON.stringify({
      durability,
      cost: client + nats,
      client,
      server: nats,
      eventsPerS: (stored * 1_000) / elapsedMs,
      failed: count.failed_,
      heldBack,
    }),
  );
  acked.close();
  await connection.close();
} finally {
  await server.stop();
}
