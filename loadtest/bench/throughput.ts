/**
 * Events a second from socket to row, sustained: the generator sends as fast as acknowledgements come, but never runs
 * ahead of the rows by more than a bound, so the figure is what the slowest part can do for as long as one likes. The
 * clock stops when the last row is there, and every row is counted and summed.
 */
import { sleep, waitFor } from '../product/wait.ts';
import type { Load } from './generator-protocol.ts';
import { Generator } from './generator-process.ts';
import type { Measured } from './rows.ts';
import { percentile } from './rows.ts';
import { cpuText, TENANT } from './target.ts';
import type { Target } from './target.ts';

/** Acknowledged events without a row at which the generator pauses; about a second's worth. */
const BEHIND_MAX = 150_000;
const WATCH_MS = 200;
const SETTLE_MS_MAX = 60_000;
const ROWS_MS_MAX = 120_000;

/** Devices that gateways speak for. */
const GATEWAY_DEVICES = 4_000;
const GATEWAY_CONNECTIONS = 8;
const SAMPLES_PER_REQUEST = 500;
/** Devices with a connection of their own. */
const MQTT_DEVICES = 1_000;

export type Source = 'protobuf' | 'ndjson' | 'mqtt';

export interface ThroughputWish {
  readonly source: Source;
  readonly seconds: number;
  /** Messages that an MQTT device has in flight. */
  readonly mqttInFlight: number;
}

export async function throughput(target: Target, wish: ThroughputWish): Promise<Measured> {
  const { seconds, source } = wish;
  const boot = target.nextBoot();
  const generator = await Generator.start(await loadOf(target, wish, boot));
  try {
    const kept = await target.rowsKept();
    const cpuBefore = target.cpu();
    const generatorBefore = (await generator.progress()).cpuMs;
    const begun = performance.now();
    const pauses = await hold(target, generator, { seconds, kept });
    const sent = await generator.settle(SETTLE_MS_MAX);
    await rowsOf(target, boot, sent.acked);
    const elapsedS = (performance.now() - begun) / 1_000;
    const cpuAfter = target.cpu();
    const wrong = await verify(target, boot, sent);
    if (wrong !== undefined) return { notMeasured: `the rows are wrong: ${wrong}` };
    const generatorUs = ((sent.cpuMs - generatorBefore) * 1_000) / sent.acked;
    const ack = `ack p50 ${percentile(generator.latencies, 0.5).toFixed(1)} p99 ${percentile(generator.latencies, 0.99).toFixed(1)} ms`;
    const sockets = source === 'mqtt' ? `${MQTT_DEVICES} connections, ${wish.mqttInFlight} in flight; ` : '';
    const detail = `${sockets}${sent.acked.toLocaleString('en')} events in ${elapsedS.toFixed(1)} s, counted and summed; µs/event: ${cpuText(cpuBefore, cpuAfter, sent.acked)}, generator ${generatorUs.toFixed(2)}; ${ack}; held back ${pauses}x`;
    return {
      value: sent.acked / elapsedS,
      detail: sent.refused > 0 ? `${detail}; ${sent.refused} refused, first: ${sent.firstRefusal}` : detail,
    };
  } finally {
    generator.stop();
  }
}

async function loadOf(target: Target, { mqttInFlight, source }: ThroughputWish, boot: number): Promise<Load> {
  if (source === 'mqtt') {
    const devices = await target.devices('mq', MQTT_DEVICES);
    return {
      kind: 'mqtt',
      ...target.product.mqtt(),
      tenant: TENANT,
      devices: devices.map(({ id, token }) => ({ name: id, token })),
      boot,
      inFlight: mqttInFlight,
      topic: 'v1/telemetry',
    };
  }
  const devices = await target.devices('gw', GATEWAY_DEVICES);
  return {
    kind: 'gateway',
    url: target.product.httpUrl(),
    key: target.key,
    format: source,
    devices: devices.map(({ id }) => id),
    boot,
    connections: GATEWAY_CONNECTIONS,
    samplesPerRequest: SAMPLES_PER_REQUEST,
  };
}

/** Lets the generator run for the time, held to the pace of the rows; answers how often it had to be. */
async function hold(target: Target, generator: Generator, run: { readonly seconds: number; readonly kept: number }): Promise<number> {
  const end = performance.now() + run.seconds * 1_000;
  let paused = false;
  let pauses = 0;
  generator.go();
  while (performance.now() < end) {
    await sleep(WATCH_MS);
    const [{ acked }, rows] = await Promise.all([generator.progress(), target.rowsKept()]);
    const behind = acked - (rows - run.kept);
    if (!paused && behind > BEHIND_MAX) {
      generator.pause();
      paused = true;
      pauses += 1;
    } else if (paused && behind < BEHIND_MAX / 2) {
      generator.go();
      paused = false;
    }
  }
  return pauses;
}

function countOf(target: Target, boot: number): Promise<number> {
  return target.clickhouse.number(`SELECT count() FROM events WHERE tenant = '${TENANT}' AND boot_id = ${boot} AND outcome = 'accepted'`);
}

async function rowsOf(target: Target, boot: number, acked: number): Promise<void> {
  await waitFor(
    async () => {
      const rows = await countOf(target, boot);
      if (rows < acked) throw new Error(`${rows} of ${acked}`);
      return true;
    },
    { what: 'a row for every acknowledged event', limitMs: ROWS_MS_MAX, everyMs: 100 },
  );
}

/** Rows are told apart a slice of the devices at a time: those of a minute together outgrow what one query may take. */
const SLICES = 8;

/** Says what is wrong with the rows; undefined when nothing is. */
export async function verify(
  target: Target,
  boot: number,
  sent: { readonly acked: number; readonly sum: number },
): Promise<string | undefined> {
  let [count, unique, sum] = [0, 0, 0];
  for (let slice = 0; slice < SLICES; slice++) {
    const [row] = await target.clickhouse.rows(
      `SELECT count(), uniqExact(device, device_seq), sum(metrics['v']) FROM events WHERE tenant = '${TENANT}' AND boot_id = ${boot} ` +
        `AND outcome = 'accepted' AND cityHash64(device) % ${SLICES} = ${slice}`,
    );
    const [rows = 0, distinct = 0, values = 0] = (row ?? []).map(Number);
    count += rows;
    unique += distinct;
    sum += values;
  }
  if (count !== sent.acked) return `${count} rows for ${sent.acked} acknowledged events`;
  if (unique !== sent.acked) return `${sent.acked - unique} rows are double`;
  return sum === sent.sum ? undefined : `the values sum up to ${sum} instead of ${sent.sum}`;
}
