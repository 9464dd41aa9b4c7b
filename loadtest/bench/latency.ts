/** How long things take: acknowledgements at a low rate, and from an acknowledgement to twin and row under load. */
import { exchange, keptAlive } from '../simulator/http-exchange.ts';
import { textOf } from '../product/clickhouse.ts';
import { sleep } from '../product/wait.ts';
import { Generator } from './generator-process.ts';
import type { Measured, RowName } from './rows.ts';
import { percentile } from './rows.ts';
import { TENANT } from './target.ts';
import type { Target } from './target.ts';

type Results = ReadonlyMap<RowName, Measured>;

const SETTLE_MS_MAX = 60_000;
const ACK_RATE = 100;
const ACK_DEVICES = 50;
/** Connections and first batches are not what is measured. */
const WARM_UP_MS = 3_000;

/** Acknowledgements of single messages at 100 a second over MQTT. */
export async function ackLatency(target: Target, seconds: number): Promise<Results> {
  const devices = (await target.devices('mq', ACK_DEVICES)).map(({ id, token }) => ({ name: id, token }));
  const generator = await Generator.start({
    kind: 'mqtt',
    ...target.product.mqtt(),
    tenant: TENANT,
    devices,
    boot: target.nextBoot(),
    inFlight: 1,
    topic: 'v1/telemetry',
  });
  try {
    generator.go(ACK_RATE);
    await sleep(WARM_UP_MS);
    await generator.progress();
    generator.latencies.length = 0;
    await sleep(seconds * 1_000);
    await generator.settle(SETTLE_MS_MAX);
    const detail = `${generator.latencies.length} messages of ${ACK_DEVICES} devices`;
    return new Map([
      ['ack-p50-at-100', { value: percentile(generator.latencies, 0.5), detail }],
      ['ack-p99-at-100', { value: percentile(generator.latencies, 0.99), detail }],
    ]);
  } finally {
    generator.stop();
  }
}

const LOAD_DEVICES = 4_000;
const PROBES = 8;
const PROBE_PAUSE_MS = 50;
/** Rows are looked for this often, so a figure is up to this and a query too high. */
const ROW_POLL_MS = 25;
const ANSWER_MS = 10_000;

interface Waiting {
  readonly seq: number;
  readonly ackedMs: number;
  readonly done: () => void;
}

/** Probe devices send, hear the acknowledgement, read their twin and look for their row, beside a steady load. */
export async function visibility(target: Target, seconds: number, eventsPerS: number): Promise<Results> {
  const devices = (await target.devices('gw', LOAD_DEVICES)).map(({ id }) => id);
  const load = { kind: 'gateway', url: target.product.httpUrl(), key: target.key, format: 'protobuf', devices } as const;
  const generator = await Generator.start({ ...load, boot: target.nextBoot(), connections: 8, samplesPerRequest: 100 });
  const probes = new Probes(target, await target.devices('probe', PROBES), target.nextBoot());
  try {
    generator.go(eventsPerS);
    await sleep(WARM_UP_MS);
    const { acked: from } = await generator.progress();
    await probes.run(seconds * 1_000);
    const { acked: to } = await generator.progress();
    await generator.settle(SETTLE_MS_MAX);
    const detail = `${probes.twinMs.length} probes beside ${Math.round((to - from) / seconds).toLocaleString('en')} events/s, p50 `;
    return new Map([
      ['ack-to-twin-p99', { value: percentile(probes.twinMs, 0.99), detail: `${detail}${percentile(probes.twinMs, 0.5).toFixed(1)} ms` }],
      ['ack-to-row-p99', { value: percentile(probes.rowMs, 0.99), detail: `${detail}${percentile(probes.rowMs, 0.5).toFixed(0)} ms` }],
    ]);
  } finally {
    generator.stop();
    probes.close();
  }
}

class Probes {
  readonly twinMs: number[] = [];
  readonly rowMs: number[] = [];
  readonly #target: Target;
  readonly #devices: readonly { readonly id: string; readonly token: string }[];
  readonly #boot: number;
  readonly #agent = keptAlive(PROBES);
  readonly #waiting = new Map<string, Waiting>();
  #running = true;

  constructor(target: Target, devices: readonly { readonly id: string; readonly token: string }[], boot: number) {
    this.#target = target;
    this.#devices = devices;
    this.#boot = boot;
  }

  async run(forMs: number): Promise<void> {
    const end = performance.now() + forMs;
    const looking = this.#lookForRows();
    await Promise.all(this.#devices.map((device, index) => this.#probe(device, { end, startMs: (index * PROBE_PAUSE_MS) / PROBES })));
    this.#running = false;
    await looking;
  }

  close(): void {
    this.#running = false;
    this.#agent.destroy();
  }

  async #probe(
    device: { readonly id: string; readonly token: string },
    times: { readonly end: number; readonly startMs: number },
  ): Promise<void> {
    await sleep(times.startMs);
    const url = this.#target.product.httpUrl();
    for (let seq = 1; performance.now() < times.end; seq++) {
      const body = `{"boot":${this.#boot},"seq":${seq},"metrics":{"v":${seq}}}`;
      const headers = { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' };
      const answer = await exchange(`${url}/telemetry`, { method: 'POST', headers, body, agent: this.#agent, limitMs: ANSWER_MS });
      if (answer.status !== 202) throw new Error(`a probe was answered ${answer.status} ${answer.body.toString('utf8').slice(0, 200)}`);
      const ackedMs = performance.now();
      const row = new Promise<void>((done) => this.#waiting.set(device.id, { seq, ackedMs, done }));
      await this.#readTwin(device.id, { seq, ackedMs, position: String(answer.headers['twinfold-position']) });
      await Promise.race([row, sleep(ANSWER_MS)]);
      await sleep(PROBE_PAUSE_MS);
    }
  }

  async #readTwin(device: string, probe: { readonly seq: number; readonly ackedMs: number; readonly position: string }): Promise<void> {
    const headers = { authorization: `Bearer ${this.#target.key}`, 'twinfold-position': probe.position };
    const answer = await exchange(`${this.#target.product.httpUrl()}/v1/devices/${device}/twin`, {
      method: 'GET',
      headers,
      agent: this.#agent,
      limitMs: ANSWER_MS,
    });
    const twin =
      answer.status === 200
        ? (JSON.parse(answer.body.toString('utf8')) as { latest: Record<string, { value: unknown } | undefined> })
        : undefined;
    if (twin?.latest['v']?.value !== probe.seq)
      throw new Error(
        `the twin of ${device} shows ${JSON.stringify(twin?.latest['v'])} after ${probe.seq} was acknowledged (${answer.status})`,
      );
    this.twinMs.push(performance.now() - probe.ackedMs);
  }

  /** One query for all probes at a time. */
  async #lookForRows(): Promise<void> {
    const names = this.#devices.map(({ id }) => `'${id}'`).join(',');
    const sql = `SELECT device, max(device_seq) FROM events WHERE tenant = '${TENANT}' AND device IN (${names}) AND boot_id = ${this.#boot} GROUP BY device`;
    while (this.#running) {
      const rows = await this.#target.clickhouse.rows(sql);
      const nowMs = performance.now();
      for (const [device, seq] of rows) {
        const waiting = this.#waiting.get(textOf(device));
        if (waiting === undefined || Number(seq) < waiting.seq) continue;
        this.#waiting.delete(textOf(device));
        this.rowMs.push(nowMs - waiting.ackedMs);
        waiting.done();
      }
      await sleep(ROW_POLL_MS);
    }
  }
}
