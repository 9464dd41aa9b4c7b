/** The steps about the edge as a broker. Their clients are applications with one key, which may do everything in the tree. */
import { brokerCpu, fanOutCpu, idleSessionRss, pubackLatency, retainedWildcard } from './broker.ts';
import { offlineSessions } from './offline-sessions.ts';
import type { BrokerUnderTest } from './paired.ts';
import type { RowName } from './rows.ts';
import { one } from './step.ts';
import type { Step } from './step.ts';
import { productBroker } from './target.ts';
import type { Target } from './target.ts';

const CPU_S_MAX = 20;
const FAN_S_MAX = 15;
const CONNECTIONS = 10_000;
const EVENTS_PER_S = 10_000;
const LATENCY_S_MAX = 20;
const MISSED_EACH = 100;
const MATCHES = 10_000;
const MATCHES_SHARE = 0.1;

async function brokerOf(target: Target): Promise<BrokerUnderTest> {
  return productBroker(target, await target.api.createKey(['topic:#:pubsub']));
}

function cpuStep(name: RowName, inFlight: number): Step {
  return {
    rows: [name],
    durability: 'process',
    run: async ({ options, target }) =>
      one(name, await brokerCpu(await brokerOf(target()), inFlight, Math.min(CPU_S_MAX, options.seconds))),
  };
}

function fanStep(name: RowName, subscribers: number, qos: 0 | 1): Step {
  return {
    rows: [name],
    durability: 'process',
    async run({ options, target }) {
      const wish = { subscribers, qos, seconds: Math.min(FAN_S_MAX, options.seconds) };
      return one(name, await fanOutCpu(await brokerOf(target()), wish));
    },
  };
}

export const BROKER_STEPS: readonly Step[] = [
  cpuStep('broker-cpu-vs-mosquitto-1', 1),
  cpuStep('broker-cpu-vs-mosquitto-10', 10),
  fanStep('fan-out-1-qos-0', 1, 0),
  fanStep('fan-out-1-qos-1', 1, 1),
  fanStep('fan-out-100-qos-0', 100, 0),
  fanStep('fan-out-100-qos-1', 100, 1),
  fanStep('fan-out-10000-qos-0', 10_000, 0),
  fanStep('fan-out-10000-qos-1', 10_000, 1),
  {
    rows: ['idle-session-rss'],
    durability: 'process',
    run: async ({ target }) => one('idle-session-rss', await idleSessionRss(await brokerOf(target()), CONNECTIONS)),
  },
  {
    rows: ['retained-wildcard'],
    durability: 'process',
    async run({ options, target }) {
      const matches = Math.min(MATCHES, Math.ceil(options.retained * MATCHES_SHARE));
      return one('retained-wildcard', await retainedWildcard(await brokerOf(target()), { retained: options.retained, matches }));
    },
  },
  {
    rows: ['offline-sessions-rss', 'offline-sessions'],
    durability: 'process',
    async run({ options, target }) {
      const { atOnce, sessions } = options;
      const { rate, rss } = await offlineSessions(await brokerOf(target()), { sessions, atOnce, each: MISSED_EACH });
      return new Map([
        ['offline-sessions-rss', rss],
        ['offline-sessions', rate],
      ]);
    },
  },
  {
    rows: ['puback-at-10000'],
    durability: 'disk',
    async run({ options, target }) {
      const wish = { connections: CONNECTIONS, eventsPerS: EVENTS_PER_S, seconds: Math.min(LATENCY_S_MAX, options.seconds) };
      return one('puback-at-10000', await pubackLatency(await brokerOf(target()), wish));
    },
  },
];
