/** The rows about the edge as a broker: what a publish, a delivery and an idle session cost, and how quickly much of it is there. */
import { cpuMsOf } from '../product/process-stat.ts';
import { sleep } from '../product/wait.ts';
import { BrokerLoad } from './broker-load.ts';
import { microsecondsAt } from './edge-cpu.ts';
import { Generator } from './generator-process.ts';
import { heldAfterCollection, heldNow } from './memory.ts';
import type { Held } from './memory.ts';
import { accessOf, median, paired } from './paired.ts';
import type { BrokerSide, BrokerUnderTest } from './paired.ts';
import { percentile } from './rows.ts';
import type { Measured } from './rows.ts';
import { Mosquitto, mosquittoProgram } from '../mqtt/mosquitto.ts';
import type { Qos } from '../mqtt/packets.ts';

const CPU_ROUNDS = 7;
const SUBSCRIBED_ROUNDS = 3;
const CPU_CONNECTIONS = 200;
const FAN_ROUNDS = 5;
const FAN_WARM_UP_S = 1;
const FAN_PAYLOAD_BYTES = 100;
/** Deliveries on their way: enough to keep a broker busy, few enough that none has to drop any. */
const FAN_AHEAD_DELIVERIES = 100;
const FAN_AHEAD_MIN = 2;
const SETTLE_MS_MAX = 60_000;
const IDLE_WARM_UP = 500;
const IDLE_SETTLE_MS = 3_000;
const KIB = 1_024;

/** A load on a topic of the tree, a topic a client. Its password is the key. */
function treeLoad(side: BrokerSide, connections: number, inFlight: number) {
  const token = side.login?.password ?? '';
  const devices = Array.from({ length: connections }, (_, n) => ({ name: `tree-${n}`, token }));
  const tenant = side.login?.userName ?? 'bench';
  return { kind: 'mqtt', tenant, devices, inFlight, topic: 'tree/{name}/state', boot: 1_000_000_000 } as const;
}

/** The row is without a subscriber; what one adds to both stands in the detail. */
export async function brokerCpu(under: BrokerUnderTest, inFlight: number, seconds: number): Promise<Measured> {
  const load = (side: BrokerSide) => treeLoad(side, CPU_CONNECTIONS, inFlight);
  const about = `${CPU_CONNECTIONS} connections`;
  const unit = 'µs/message';
  const bare = await paired(under, {
    rounds: CPU_ROUNDS,
    unit,
    about,
    measure: (side) => microsecondsAt(side, load(side), seconds / CPU_ROUNDS),
  });
  if ('notMeasured' in bare) return bare;
  const subscribed = await paired(under, {
    rounds: SUBSCRIBED_ROUNDS,
    unit,
    about: '',
    async measure(side) {
      const subscriber = new BrokerLoad();
      try {
        const access = accessOf(side);
        await subscriber.run({ kind: 'subscribers', access, name: 'tree-sub', count: 1, filter: 'tree/#', qos: 0, clean: true });
        return await microsecondsAt(side, load(side), seconds / CPU_ROUNDS);
      } finally {
        subscriber.stop();
      }
    },
  });
  const beside = 'value' in subscribed ? `; with one QoS 0 subscriber of all ${subscribed.value.toFixed(2)}x` : '';
  return { ...bare, detail: bare.detail + beside };
}

export interface FanWish {
  readonly subscribers: number;
  readonly qos: Qos;
  readonly seconds: number;
}

/** Processor time of the process that answers, a delivered message, its publisher's share included. */
export function fanOutCpu(under: BrokerUnderTest, wish: FanWish): Promise<Measured> {
  const { qos, subscribers } = wish;
  return paired(under, {
    rounds: FAN_ROUNDS,
    unit: 'µs/delivery',
    about: '',
    async measure(side) {
      const load = new BrokerLoad();
      try {
        const access = accessOf(side);
        await load.run({ kind: 'subscribers', access, name: 'fan', count: subscribers, filter: 'fan/out', qos, clean: true });
        const ahead = Math.max(FAN_AHEAD_MIN, Math.floor(FAN_AHEAD_DELIVERIES / subscribers));
        const job = { kind: 'fan-out', access, topic: 'fan/out', qos, ahead, payloadBytes: FAN_PAYLOAD_BYTES } as const;
        await load.run({ ...job, seconds: FAN_WARM_UP_S });
        const from = cpuMsOf(side.pid) ?? 0;
        const { done, firstWrong, wrong } = await load.run({ ...job, seconds: wish.seconds / FAN_ROUNDS });
        const used = (cpuMsOf(side.pid) ?? 0) - from;
        if (wrong > 0) throw new Error(firstWrong);
        await load.run({ kind: 'close' });
        return (used * 1_000) / done;
      } finally {
        load.stop();
      }
    },
  });
}

/** Mosquitto keeps no garbage; our edge is asked to collect its own. */
async function withBoth<T>(under: BrokerUnderTest, measure: (side: BrokerSide, held: (pid: number) => Promise<Held>) => Promise<T>) {
  await under.quiet();
  const own = await measure(under.side(), heldAfterCollection);
  const program = mosquittoProgram('mosquitto');
  if (program === undefined) return { own, theirs: undefined };
  const mosquitto = await Mosquitto.start(program);
  try {
    return { own, theirs: await measure(mosquitto, (pid) => Promise.resolve(heldNow(pid))) };
  } finally {
    mosquitto.stop();
  }
}

/** A first few sessions come and go before, so that what is made once is not counted. */
export async function idleSessionRss(under: BrokerUnderTest, connections: number): Promise<Measured> {
  const { own, theirs } = await withBoth(under, async (side, held) => {
    const load = new BrokerLoad();
    try {
      const access = accessOf(side);
      const job = { kind: 'subscribers', access, filter: 'idle/{n}/#', qos: 1, clean: false } as const;
      await load.run({ ...job, name: 'idle-warm', count: IDLE_WARM_UP });
      await load.run({ kind: 'close' });
      const before = await held(side.pid);
      await load.run({ ...job, name: 'idle', count: connections });
      await sleep(IDLE_SETTLE_MS);
      const after = await held(side.pid);
      await load.run({ kind: 'close' });
      return { rss: (after.rssBytes - before.rssBytes) / connections, held: grownBytes(before, after) / connections };
    } finally {
      load.stop();
    }
  });
  const text = Number.isNaN(own.held)
    ? 'garbage not collected: no inspector'
    : `heap and buffers ${(own.held / KIB).toFixed(2)}, after a collection`;
  return {
    value: own.rss / KIB,
    detail: `${connections.toLocaleString('en')} connections; ${text}${theirs === undefined ? '' : `; mosquitto ${(theirs.rss / KIB).toFixed(2)}`}`,
  };
}

export function grownBytes(before: Held, after: Held): number {
  return (after.heldBytes ?? Number.NaN) - (before.heldBytes ?? Number.NaN);
}

export interface PubackWish {
  readonly connections: number;
  readonly eventsPerS: number;
  readonly seconds: number;
}

/** Of topics of the tree. Mosquitto's figure is without durability. */
export async function pubackLatency(under: BrokerUnderTest, wish: PubackWish): Promise<Measured> {
  const { own, theirs } = await withBoth(under, (side) => ackLatencies(side, wish));
  const beside = theirs === undefined ? '' : `; mosquitto, nothing durable: p50 ${ms(theirs.ms, 0.5)}, p99 ${ms(theirs.ms, 0.99)}`;
  const rate = `${Math.round(own.perS).toLocaleString('en')} msg/s of ${wish.eventsPerS.toLocaleString('en')} on ${wish.connections.toLocaleString('en')} connections`;
  return { value: percentile(own.ms, 0.99), detail: `p50 ${ms(own.ms, 0.5)}; ${rate}${beside}` };
}

const ms = (samples: readonly number[], share: number): string => percentile(samples, share).toFixed(1);

async function ackLatencies(side: BrokerSide, wish: PubackWish): Promise<{ readonly ms: readonly number[]; readonly perS: number }> {
  const generator = await Generator.start({ ...treeLoad(side, wish.connections, 1), host: side.host, port: side.port });
  try {
    generator.go(wish.eventsPerS);
    await sleep((wish.seconds * 1_000) / 3);
    const { acked: from } = await generator.progress();
    generator.latencies.length = 0;
    await sleep(wish.seconds * 1_000);
    const { acked: to } = await generator.progress();
    const found = [...generator.latencies];
    await generator.settle(SETTLE_MS_MAX);
    return { ms: found, perS: (to - from) / wish.seconds };
  } finally {
    generator.stop();
  }
}

export interface RetainedWish {
  readonly retained: number;
  readonly matches: number;
}

const RETAINED_ROUNDS = 5;
const RETAINED_S_MAX = 120;

/** The middle of some rounds, from SUBSCRIBE to the last message, both ways over one connection. */
export async function retainedWildcard(under: BrokerUnderTest, wish: RetainedWish): Promise<Measured> {
  const { own, theirs } = await withBoth(under, async (side) => {
    const load = new BrokerLoad();
    try {
      const access = accessOf(side);
      const job = { kind: 'publish', access, rounds: 1, retain: true } as const;
      const others = wish.retained - wish.matches;
      const first = await load.run({ ...job, topic: 'site/{n}/status', topics: wish.matches });
      const second = await load.run({ ...job, topic: 'site/{n}/level', topics: others });
      if (first.wrong + second.wrong > 0) throw new Error(first.firstWrong || second.firstWrong);
      const times: number[] = [];
      for (let round = 0; round < RETAINED_ROUNDS; round++) {
        const found = await load.run({ kind: 'match', access, filter: 'site/+/status', expected: wish.matches, limitS: RETAINED_S_MAX });
        if (found.wrong !== 0) throw new Error(found.firstWrong);
        times.push(found.seconds * 1_000);
      }
      return times;
    } finally {
      load.stop();
    }
  });
  const beside = theirs === undefined ? '' : `; mosquitto ${median(theirs).toFixed(0)}`;
  const counts = `${wish.matches.toLocaleString('en')} of ${wish.retained.toLocaleString('en')}`;
  return { value: median(own), detail: `${counts}; rounds ${own.map((time) => time.toFixed(0)).join(' ')}${beside}` };
}
