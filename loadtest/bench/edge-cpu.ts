/** Processor time of one MQTT QoS 1 message at our edge against mosquitto's, under the same generator in the same run. */
import { cpuMsOf } from '../product/process-stat.ts';
import { sleep } from '../product/wait.ts';
import type { MqttLoad } from './generator-protocol.ts';
import { Generator } from './generator-process.ts';
import { paired } from './paired.ts';
import type { BrokerSide } from './paired.ts';
import type { Measured } from './rows.ts';
import { productBroker, TENANT } from './target.ts';
import type { Target } from './target.ts';

const DEVICES = 200;
const WARM_UP_MS = 2_000;
const SETTLE_MS_MAX = 30_000;
const ROUNDS = 7;

/** Telemetry: a device's own topic. */
export async function edgeCpu(target: Target, inFlight: number, seconds: number): Promise<Measured> {
  const devices = (await target.devices('mq', DEVICES)).map(({ id, token }) => ({ name: id, token }));
  return paired(productBroker(target), {
    rounds: ROUNDS,
    unit: 'µs/message',
    about: `${DEVICES} connections`,
    measure: (side) => {
      const load = { kind: 'mqtt', tenant: TENANT, devices, inFlight, topic: 'v1/telemetry', boot: target.nextBoot() } as const;
      return microsecondsAt(side, load, seconds / ROUNDS);
    },
  });
}

/** Of the side's process, a message. */
export async function microsecondsAt(side: BrokerSide, load: Omit<MqttLoad, 'host' | 'port'>, seconds: number): Promise<number> {
  const generator = await Generator.start({ ...load, host: side.host, port: side.port });
  try {
    generator.go();
    await sleep(WARM_UP_MS);
    const { acked: from } = await generator.progress();
    const cpuFrom = cpuMsOf(side.pid) ?? 0;
    await sleep(seconds * 1_000);
    const { acked: to } = await generator.progress();
    const cpuTo = cpuMsOf(side.pid) ?? 0;
    await generator.settle(SETTLE_MS_MAX);
    return ((cpuTo - cpuFrom) * 1_000) / (to - from);
  } finally {
    generator.stop();
  }
}
