/** From kill -9 of the engine until every partition has a new record by its successor, with many twins to recover. */
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { controlStreamOf, partitionsOf } from '../checker/read-log.ts';
import { signal } from '../product/process-stat.ts';
import { sleep, waitFor } from '../product/wait.ts';
import { decodeControlRecord, RECORD_KIND } from '../../schemas/envelope.ts';
import { Generator } from './generator-process.ts';
import type { Measured } from './rows.ts';
import { TENANT } from './target.ts';
import type { Target } from './target.ts';

const TWINS = 100_000;
/** Enough that every partition has something to fold at any time. */
const LOAD_PER_S = 2_000;
const BACK_MS_MAX = 60_000;
const TWINS_MS_MAX = 180_000;
const SETTLE_MS_MAX = 60_000;

export async function killToRecord(target: Target): Promise<Measured> {
  const devices = (await target.devices('many', TWINS)).map(({ id }) => id);
  const load = {
    kind: 'gateway',
    url: target.product.httpUrl(),
    key: target.key,
    format: 'protobuf',
    devices,
    boot: target.nextBoot(),
  } as const;
  const generator = await Generator.start({ ...load, connections: 4, samplesPerRequest: 500 });
  const nats = await target.product.nats();
  try {
    generator.go();
    await waitFor(async () => (await twinsSeen(target, load.boot)) >= TWINS, {
      what: `${TWINS} twins`,
      limitMs: TWINS_MS_MAX,
      everyMs: 500,
    });
    await generator.settle(SETTLE_MS_MAX);
    generator.go(LOAD_PER_S);
    await sleep(2_000);
    const pid = target.product.pidOf('engine');
    if (pid === undefined) return { notMeasured: 'there is no engine' };
    const partitions = await partitionsOf(nats);
    const watch = await RecordWatch.start(nats, partitions);
    signal(pid, 'SIGKILL');
    const killedMs = performance.now();
    await waitFor(() => watch.all(), { what: 'a new record in every partition', limitMs: BACK_MS_MAX, everyMs: 10 });
    await watch.stop();
    const times = watch.times().map((ms) => (ms - killedMs) / 1_000);
    const detail = `${TWINS.toLocaleString('en')} twins, beside ${LOAD_PER_S.toLocaleString('en')} events/s; first partition ${Math.min(...times).toFixed(2)} s, last of ${partitions} counts`;
    return { value: Math.max(...times), detail };
  } finally {
    generator.stop();
    await nats.close();
  }
}

function twinsSeen(target: Target, boot: number): Promise<number> {
  return target.clickhouse.number(`SELECT uniqExact(device) FROM events WHERE tenant = '${TENANT}' AND boot_id = ${boot}`);
}

/** Sees in each partition the first record that folds something under a new claim. */
class RecordWatch {
  readonly #seenMs = new Map<number, number>();
  readonly #partitions: number;
  readonly #stops: (() => Promise<unknown>)[] = [];

  private constructor(partitions: number) {
    this.#partitions = partitions;
  }

  static async start(nats: NatsConnection, partitions: number): Promise<RecordWatch> {
    const watch = new RecordWatch(partitions);
    for (let partition = 0; partition < partitions; partition++) {
      const consumer = await jetstream(nats).consumers.get(controlStreamOf(partition), { deliver_policy: DeliverPolicy.New });
      let claimed = false;
      const messages = await consumer.consume({
        callback: (message) => {
          const record = decodeControlRecord(message.data);
          if (record.kind === RECORD_KIND.claim) claimed = true;
          if (claimed && record.events > 0 && !watch.#seenMs.has(partition)) watch.#seenMs.set(partition, performance.now());
        },
      });
      watch.#stops.push(() => messages.close());
    }
    return watch;
  }

  all(): boolean {
    return this.#seenMs.size === this.#partitions;
  }

  times(): readonly number[] {
    return [...this.#seenMs.values()];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
  }
}
