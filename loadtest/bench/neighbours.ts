/** What devices feel of others: of limits that hold for them, of a fleet that reconnects, of a tenant that sends too much. */
import type { ProductApi } from '../product/api.ts';
import { sleep } from '../product/wait.ts';
import type { GatewayLoad, MqttLoad } from './generator-protocol.ts';
import { Generator } from './generator-process.ts';
import type { Measured, RowName } from './rows.ts';
import { percentile } from './rows.ts';
import { TENANT } from './target.ts';
import type { Target } from './target.ts';

type Results = ReadonlyMap<RowName, Measured>;

const SETTLE_MS_MAX = 60_000;
const WARM_UP_MS = 2_000;

type Device = MqttLoad['devices'][number];

async function devicesOf(api: ProductApi, prefix: string, count: number): Promise<readonly Device[]> {
  const made = await api.importDevices(Array.from({ length: count }, (_, index) => `${prefix}-${index}`));
  return made.map(({ id, token }) => ({ name: id, token }));
}

function loadOf(target: Target, tenant: string, devices: readonly Device[]): MqttLoad {
  return { kind: 'mqtt', ...target.product.mqtt(), tenant, devices, boot: target.nextBoot(), inFlight: 1, topic: 'v1/telemetry' };
}

const PAIRS = 10;
const PAIR_DEVICES = 500;
const MUCH = '10M/s burst 100M, 10G/h';

/** Two tenants in turns, of which one has everything that can be asked about a message. */
export async function limitsOnOff(target: Target, seconds: number): Promise<Results> {
  const [free, limited] = await Promise.all([target.tenant('free'), target.tenant('limited')]);
  const limits = { messages: MUCH, bytes: '10G/s burst 10G', points: '100M/s burst 1G', perDay: { messages: 1e12 } };
  await limited.limitTenant({ ...limits, eachDevice: { messages: MUCH, bytes: '1G/s' } });
  const policy = { allow: ['topic:plant/${device}/#:pubsub', 'telemetry:write', 'twin:read'], deny: ['command:send'] };
  const answer = await limited.call('PATCH', '/v1/tenants/limited', { policy });
  if (answer.status !== 200) throw new Error(`PATCH /v1/tenants/limited: ${answer.status} ${answer.body.toString('utf8')}`);
  const off = await Generator.start(loadOf(target, 'free', await devicesOf(free, 'f', PAIR_DEVICES)));
  const on = await Generator.start(loadOf(target, 'limited', await devicesOf(limited, 'l', PAIR_DEVICES)));
  try {
    const shares: number[] = [];
    await ratePerS(off, seconds);
    await ratePerS(on, seconds);
    for (let pair = 0; pair < PAIRS; pair++) {
      // Neither has the better place.
      const [first, second] = pair % 2 === 0 ? [on, off] : [off, on];
      const rates = [await ratePerS(first, seconds), await ratePerS(second, seconds)] as const;
      shares.push(pair % 2 === 0 ? rates[0] / rates[1] : rates[1] / rates[0]);
    }
    const sorted = shares.map((share) => Math.round(share * 100)).toSorted((a, b) => a - b);
    return new Map([
      ['limits-on-off', { value: percentile(shares, 0.5) * 100, detail: `pairs ${sorted.join(' ')}; ${PAIR_DEVICES} connections each` }],
    ]);
  } finally {
    for (const generator of [off, on]) generator.stop();
    for (const api of [free, limited]) api.close();
  }
}

async function ratePerS(generator: Generator, seconds: number): Promise<number> {
  generator.go();
  await sleep(300);
  const { acked: from } = await generator.progress();
  const begun = performance.now();
  await sleep(seconds * 1_000);
  const { acked: to } = await generator.progress();
  const took = performance.now() - begun;
  await generator.settle(SETTLE_MS_MAX);
  return ((to - from) * 1_000) / took;
}

const STORM_DEVICES = 10_000;
const STORM_S = 10;
const STEADY_DEVICES = 500;
const STEADY_PER_S = 2_000;

/** All of a fleet is cut off at once and comes back in ten seconds, beside devices that send on. */
export async function connectStorm(target: Target, seconds: number): Promise<Results> {
  const steady = await Generator.start(loadOf(target, TENANT, named(await target.devices('steady', STEADY_DEVICES))));
  const fleet = loadOf(target, TENANT, named(await target.devices('fleet', STORM_DEVICES)));
  let storm = await Generator.start(fleet);
  try {
    steady.go(STEADY_PER_S);
    await sleep(WARM_UP_MS);
    const before = await latenciesOf(steady, () => sleep(seconds * 1_000));
    const cpuFrom = target.cpu().get('edge') ?? 0;
    storm.stop();
    let tookMs = 0;
    const during = await latenciesOf(steady, async () => {
      const begun = performance.now();
      storm = await Generator.start({ ...fleet, connectsPerS: STORM_DEVICES / STORM_S });
      tookMs = performance.now() - begun;
    });
    const cpuUs = (((target.cpu().get('edge') ?? 0) - cpuFrom) * 1_000) / STORM_DEVICES;
    await steady.settle(SETTLE_MS_MAX);
    const [calm, stormy] = [percentile(before, 0.99), percentile(during, 0.99)];
    const detail = `p99 ${calm.toFixed(1)} ms before, ${stormy.toFixed(1)} ms in the storm; all ${STORM_DEVICES.toLocaleString('en')} were let in within ${(tookMs / 1_000).toFixed(1)} s; ${STEADY_PER_S} messages/s beside; edge ${cpuUs.toFixed(0)} µs a connection, both together`;
    return new Map([['connect-storm', { value: stormy / calm, detail }]]);
  } finally {
    steady.stop();
    storm.stop();
  }
}

function named(credentials: readonly { readonly id: string; readonly token: string }[]): readonly Device[] {
  return credentials.map(({ id, token }) => ({ name: id, token }));
}

async function latenciesOf(generator: Generator, meanwhile: () => Promise<unknown>): Promise<readonly number[]> {
  await generator.progress();
  generator.latencies.length = 0;
  await meanwhile();
  await generator.progress();
  return [...generator.latencies];
}

const NOISY_PER_S = 500;
const NOISY_TIMES = 20;
/** Each is refused, waits a tenth of a second and asks again. */
const NOISY_CONNECTIONS = 100;
const NOISY_SAMPLES = 10;
const QUIET_DEVICES = 200;
const QUIET_PER_S = 1_000;

/** A machine is not the same from one moment to the next: the middle of so many counts. */
const NOISY_ROUNDS = 5;

/** A tenant within its limits, alone and beside one that sends twenty times what it may, in turns. */
export async function noisyNeighbour(target: Target, seconds: number): Promise<Results> {
  const [quiet, noisy] = await Promise.all([target.tenant('quiet'), target.tenant('noisy')]);
  await quiet.limitTenant({ messages: `${QUIET_PER_S * 2}/s` });
  await noisy.limitTenant({ messages: `${NOISY_PER_S}/s burst ${NOISY_PER_S}` });
  const flood = {
    kind: 'gateway',
    url: target.product.httpUrl(),
    key: await noisy.createKey(['telemetry:write']),
    format: 'ndjson',
    devices: (await devicesOf(noisy, 'n', NOISY_CONNECTIONS * NOISY_SAMPLES)).map(({ name }) => name),
    connections: NOISY_CONNECTIONS,
    samplesPerRequest: NOISY_SAMPLES,
  } as const;
  const good = await Generator.start(loadOf(target, 'quiet', await devicesOf(quiet, 'q', QUIET_DEVICES)));
  try {
    good.go(QUIET_PER_S);
    await sleep(WARM_UP_MS);
    const rounds: Round[] = [];
    for (let round = 0; round < NOISY_ROUNDS; round++) {
      const alone = percentile(await latenciesOf(good, () => sleep(seconds * 1_000)), 0.99);
      rounds.push({ alone, ...(await besideFlood(good, { ...flood, boot: target.nextBoot() }, seconds)) });
    }
    const ratios = rounds.map(({ alone, p99 }) => p99 / alone).toSorted((a, b) => a - b);
    const middle = (of: (round: Round) => number): number => percentile(rounds.map(of), 0.5);
    const noise = `the noisy one may send ${NOISY_PER_S}/s, sent ${middle(({ offered }) => offered).toFixed(0)}/s (${NOISY_TIMES}x is asked for), ${middle(({ taken }) => taken).toFixed(0)}/s were taken`;
    const detail = `${middle(({ alone }) => alone).toFixed(1)} ms alone, ${middle(({ p99 }) => p99).toFixed(1)} ms beside it; rounds ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`;
    return new Map<RowName, Measured>([
      ['noisy-neighbour-admitted', { value: Math.min(...rounds.map(({ admitted }) => admitted)), detail: noise }],
      ['noisy-neighbour-p99', { value: percentile(ratios, 0.5), detail }],
    ]);
  } finally {
    good.stop();
    for (const api of [quiet, noisy]) api.close();
  }
}

interface Round {
  readonly alone: number;
  readonly p99: number;
  /** Percent. */
  readonly admitted: number;
  readonly offered: number;
  readonly taken: number;
}

async function besideFlood(good: Generator, load: GatewayLoad, seconds: number): Promise<Omit<Round, 'alone'>> {
  const flood = await Generator.start(load);
  try {
    flood.go();
    await sleep(WARM_UP_MS);
    const [goodFrom, noisyFrom] = [await good.progress(), await flood.progress()];
    const p99 = percentile(await latenciesOf(good, () => sleep(seconds * 1_000)), 0.99);
    const [goodTo, noisyTo] = [await good.progress(), await flood.progress()];
    return {
      p99,
      admitted: Math.min(100, ((goodTo.acked - goodFrom.acked) / (QUIET_PER_S * seconds)) * 100),
      offered: ((noisyTo.refused - noisyFrom.refused) * NOISY_SAMPLES + noisyTo.acked - noisyFrom.acked) / seconds,
      taken: (noisyTo.acked - noisyFrom.acked) / seconds,
    };
  } finally {
    flood.stop();
  }
}

const IMPORTED = 100_000;

/** One request, one tenant, as many lines. */
export async function importRate(target: Target): Promise<Measured> {
  const api = await target.tenant('imported');
  try {
    const ids = Array.from({ length: IMPORTED }, (_, index) => `imp-${index}`);
    const begun = performance.now();
    const made = await api.importDevices(ids);
    const seconds = (performance.now() - begun) / 1_000;
    return {
      value: made.length / seconds,
      detail: `${IMPORTED.toLocaleString('en')} devices with their tokens in ${seconds.toFixed(1)} s`,
    };
  } finally {
    api.close();
  }
}
