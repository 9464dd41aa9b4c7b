/**
 * Clients that connect, subscribe, publish, withhold acknowledgements, break off and come back, at two edges that die and
 * return, with appends whose answers are lost, an engine that starts anew, and time that passes: whatever the script, what is
 * promised holds. Seeds that are fixed, and one that is not and is printed; `TWINFOLD_MODEL_RUNS` asks for more scripts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BrokerWorld } from '../../support/memory-broker.ts';
import { BrokerModel, GRACE_MS, WILL_TOPIC } from './broker-model.ts';

const FILTERS = ['t/1', 't/2', 't/+', '#', 't/1/#'];
const TOPICS = ['t/1', 't/2', 't/1/x'];
const KINDS = ['kept', 'kept', 'clean', 'kept'] as const;
const SEEDS = [1, 20_261_123, 77];
const RUNS = Number(process.env['TWINFOLD_MODEL_RUNS'] ?? 12);
const WILL_DELAY_S = 60;

const client = fc.nat(KINDS.length - 1);
const edge = fc.nat(1);
const qos = fc.constantFrom<0 | 1 | 2>(0, 1, 2);

const connect = fc.record({
  op: fc.constant('connect' as const),
  client,
  edge,
  clean: fc.nat(5).map((n) => n === 0),
  willDelayS: fc.constantFrom(0, WILL_DELAY_S),
});
const anyStep = fc.oneof(
  { weight: 3, arbitrary: connect },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('subscribe' as const),
      client,
      filter: fc.nat(FILTERS.length - 1),
      qos: fc.constantFrom<1 | 2>(1, 2, 2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('unsubscribe' as const), client, filter: fc.nat(FILTERS.length - 1) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant('publish' as const),
      client,
      topic: fc.nat(TOPICS.length - 1),
      qos,
      times: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('withhold' as const), client, on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('drop' as const), client }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('leave' as const), client }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('restart-edge' as const), edge, quiet: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('restart-engine' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('lose-answers' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('pass' as const), s: fc.constantFrom(20, 100) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('wait' as const) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

async function restartEdge(model: BrokerModel, number: number, quiet: boolean): Promise<void> {
  const { world } = model;
  if (quiet) await model.settled();
  const { epoch } = world.edge(number);
  for (const one of model.clients) {
    if (one.edge !== number) continue;
    // What the edge had not said is not known: neither that it connected nor that it left.
    if (!quiet && one.will !== undefined && one.will.state !== 'sent') one.will.state = 'unsure';
    if (one.isConnected) model.broke(one, GRACE_MS);
    if (!one.isSure) one.isUndone = true;
    one.peer?.destroy();
  }
  await world.restart(number);
  await world.engine.edgeGone(epoch);
}

async function play(model: BrokerModel, step: Step): Promise<void> {
  const { world } = model;
  switch (step.op) {
    case 'connect':
      return model.client(step.client).connect(step.edge, step);
    case 'subscribe':
      return model.client(step.client).subscribe(FILTERS[step.filter] ?? '', step.qos);
    case 'unsubscribe':
      return model.client(step.client).unsubscribe(FILTERS[step.filter] ?? '');
    case 'publish':
      for (let i = 0; i < step.times; i++) model.client(step.client).publish(TOPICS[step.topic] ?? '', step.qos);
      return;
    case 'withhold':
      if (step.on) model.client(step.client).isWithholding = true;
      else model.client(step.client).acknowledge();
      return;
    case 'drop': {
      const one = model.client(step.client);
      if (one.isConnected) model.broke(one, 0);
      one.peer?.destroy();
      return model.settled();
    }
    case 'leave': {
      const one = model.client(step.client);
      if (!one.isConnected) return;
      model.left(one);
      await one.peer?.leave();
      return model.settled();
    }
    case 'restart-edge':
      return restartEdge(model, step.edge, step.quiet);
    case 'restart-engine':
      await world.engine.stop();
      world.engine.start();
      return;
    case 'lose-answers': {
      let left = step.count;
      world.weather = () => ({ kind: left-- > 0 ? 'store-silently' : 'store' });
      return;
    }
    case 'pass':
      await world.pass(step.s * 1_000);
      model.settleWills();
      return;
    case 'wait':
      return model.settled();
  }
}

/** All come back and take what is theirs. */
async function finish(model: BrokerModel): Promise<void> {
  const { world } = model;
  for (const one of model.clients) one.acknowledge();
  await world.settled();
  await world.pass(GRACE_MS);
  await world.pass(WILL_DELAY_S * 1_000 + GRACE_MS);
  model.settleWills();
  for (const one of model.clients) if (one.isKept && !one.isConnected) await one.connect(0, { clean: false, willDelayS: 0 });
  await world.settled();
  await world.settled();
}

async function run(steps: readonly Step[]): Promise<void> {
  const world = await BrokerWorld.open({ edges: 2, partitions: 2 });
  try {
    const watcher = { clientId: 'watcher', clean: false, expiryS: 1_000_000 };
    const first = await world.peer({ ...watcher, keepalive: 1_200 });
    await first.subscribe(WILL_TOPIC, { qos: 2 });
    await first.leave();
    const model = new BrokerModel(world, KINDS);
    for (const one of steps) await play(model, one);
    await finish(model);
    const again = await world.peer(watcher);
    await world.settled();
    assert.deepEqual([...model.faults(), ...model.willFaults(again.payloads)], []);
  } finally {
    await world.close();
  }
}

for (const seed of [...SEEDS, Date.now() % 2 ** 31]) {
  const name = SEEDS.includes(seed) ? `seed ${seed}` : 'a seed of its own';
  test(`whatever clients, edges, logs and time do, the broker keeps its promises: ${name}`, { timeout: 110_000 }, async (context) => {
    context.diagnostic(`seed ${seed}`);
    const steps = fc.array(anyStep, { minLength: 5, maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, async (script) => run(script)),
      { seed, numRuns: RUNS, interruptAfterTimeLimit: 80_000 },
    );
  });
}
