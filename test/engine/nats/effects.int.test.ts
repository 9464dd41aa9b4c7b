/** Owners on real logs: what they say into topic partitions, and about edges, whoever is killed on the way. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { AckedPublisher } from '../../../engine/nats/acked-publisher.ts';
import { NatsBatchAppender } from '../../../engine/nats/batch-appender.ts';
import { connectNats, watchConnection } from '../../../engine/nats/connection.ts';
import { NatsControlLog } from '../../../engine/nats/control-log.ts';
import { DeploymentStore } from '../../../engine/nats/deployment.ts';
import { NatsDownlinks } from '../../../engine/nats/downlink.ts';
import { NatsEdgeLife } from '../../../engine/nats/edge-life.ts';
import { NatsInputLog } from '../../../engine/nats/input-log.ts';
import { ensureStreams } from '../../../engine/nats/streams.ts';
import { NatsTopicEffects } from '../../../engine/nats/topic-effects.ts';
import type { Log } from '../../../engine/observability/log.ts';
import { EdgeWatch } from '../../../engine/runtime/edge-watch.ts';
import { OwnEvents } from '../../../engine/runtime/own-events.ts';
import { PartitionOwner } from '../../../engine/runtime/owner.ts';
import { EdgeLife } from '../../../ingest/downlink/edge-life.ts';
import { decodeEdgeGone, decodeEventBatch, KIND, type Event } from '../../../schemas/gen/lean.ts';
import { downlinksContract } from '../../contract/downlinks.ts';
import { topicEffectsContract } from '../../contract/topic-effects.ts';
import { hooked, type Hook } from '../../support/hooked-port.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import { StartedOwner, World, type StartOptions } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';
import { scriptedFoldPool } from '../../support/scripted-fold.ts';
import { withNats } from '../../support/servers.ts';

const SIZES = { partitions: 2, replicas: 1, logBytesMax: 64 * 1024 * 1024 };
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const EDGE = 41;

let server: Awaited<ReturnType<typeof withNats>>;
let connection: NatsConnection;
let publisher: AckedPublisher;

before(async () => {
  server = await withNats();
  connection = await connectNats({ url: server.url, token: server.token, name: 'test' });
  publisher = new AckedPublisher(connection);
});

after(async () => {
  publisher.close();
  await connection.close();
  await server.stop();
});

async function freshStreams(): Promise<void> {
  const manager = await jetstreamManager(connection);
  for await (const name of manager.streams.names()) await manager.streams.delete(name);
  await ensureStreams(connection, SIZES);
}

topicEffectsContract('JetStream effects', async () => {
  await freshStreams();
  return NatsTopicEffects.on(connection, publisher);
});

downlinksContract('NATS downlinks', async (use) => use(new NatsDownlinks(connection, SILENT)));

test('a target without a stream, or a full one, refuses', async () => {
  await freshStreams();
  const effects = await NatsTopicEffects.on(connection, publisher);
  assert.equal((await effects.append({ target: 77, source: 0, data: Buffer.from('a'), expectedSeq: 0 })).kind, 'refused');
  const manager = await jetstreamManager(connection);
  await manager.streams.update('TT_00', { max_bytes: 10_000 });
  assert.equal((await effects.append({ target: 0, source: 0, data: Buffer.alloc(9_000), expectedSeq: 0 })).kind, 'stored');
  assert.equal((await effects.append({ target: 0, source: 0, data: Buffer.alloc(9_000), expectedSeq: 1 })).kind, 'refused');
});

/** Owners of partition 0 whose logs are in NATS; the rest is in memory. */
class Deployment {
  readonly world = new World();
  readonly #input: NatsInputLog;
  readonly #effects: NatsTopicEffects;
  readonly #appender = new NatsBatchAppender(publisher);
  #counter = 0;
  #owners = 0;

  private constructor(input: NatsInputLog, effects: NatsTopicEffects) {
    this.#input = input;
    this.#effects = effects;
  }

  static async make(): Promise<Deployment> {
    await freshStreams();
    return new Deployment(await NatsInputLog.on(connection), await NatsTopicEffects.on(connection, publisher));
  }

  owner(options: StartOptions = {}): StartedOwner {
    const { parts, die, heard } = this.world.parts({ pool: scriptedFoldPool({ says }), ...options });
    const input = this.#input;
    let isDead = false;
    const port = <T extends object>(name: string, real: T): T =>
      hooked(name, real, async (call) => {
        if (isDead) throw new Error('killed');
        await options.hook?.(call);
      });
    const epoch = ++this.#owners;
    const owner = new PartitionOwner({
      ...parts,
      control: port('control', new NatsControlLog(publisher, input)),
      input: port('input', input),
      topicEffects: port('topicEffects', this.#effects),
      ownEvents: new OwnEvents({ appender: this.#appender, epoch: 1_000 + epoch, name: 'engine', clock: parts.clock }),
    });
    heard((maxLogSeq) => owner.lostControlEnd(maxLogSeq));
    const kill = (): void => {
      isDead = true;
      die();
    };
    return new StartedOwner({ owner, sink: parts.sink, die: kill });
  }

  /** As a process does: another owner where one ended, until stopped. */
  keepOwning(options: StartOptions = {}): { stop(): Promise<void> } {
    let isStopped = false;
    let current: StartedOwner | undefined;
    const running = (async () => {
      while (!isStopped) {
        current = this.owner(options);
        await current.ended;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    return {
      stop: async () => {
        isStopped = true;
        await current?.crash();
        await running;
      },
    };
  }

  /** Each number is an event; sent again until it is stored. */
  async send(...numbers: readonly number[]): Promise<number> {
    const data = batchOf({ edgeEpoch: 1, counter: ++this.#counter, events: numbers.map((n) => jsonEvent('d1', { n })) });
    for (;;) {
      const result = await new Promise<number | undefined>((resolve) => {
        this.#appender.append(0, data, (answer) => resolve(answer.ok ? answer.seq : undefined));
      });
      if (result !== undefined) return result;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async said(target: number): Promise<readonly string[]> {
    return (await eventsOf(`TT_0${target}`)).map((event) => event.topic);
  }

  async assertSaid(to: number): Promise<void> {
    const wanted = Array.from({ length: to }, (_, i) => i + 1);
    const even = wanted.filter((n) => n % 2 === 0);
    const count = async (target: number): Promise<number> => (await this.said(target).catch(() => [])).length;
    await until(async () => (await count(0)) >= to && (await count(1)) >= even.length, `what ${to} events say`);
    assert.deepEqual([await this.said(0), await this.said(1)], [wanted.map(String), even.map(String)]);
  }
}

function says(event: Event): readonly { target: number; text: string }[] {
  const n = (JSON.parse(Buffer.from(event.payload).toString() || '{}') as { readonly n?: number }).n;
  if (n === undefined) return [];
  return [{ target: 0, text: `${n}` }, ...(n % 2 === 0 ? [{ target: 1, text: `${n}` }] : [])];
}

async function eventsOf(stream: string): Promise<readonly Event[]> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(stream);
  const events: Event[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(stream, { seq });
    events.push(...((message === null ? undefined : decodeEventBatch(message.data)?.events) ?? []));
  }
  return events;
}

for (const at of ['topicEffects.append', 'topicEffects.append:done', 'control.append:done'] as const) {
  test(`an owner that is killed at ${at} leaves nothing unsaid, and nothing is said twice`, async () => {
    const deployment = await Deployment.make();
    let reached = 0;
    let isArmed = false;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const hook: Hook = async (call) => {
      if (!isArmed || call !== at || ++reached < 2) return;
      await held;
      throw new Error('killed');
    };
    const life = deployment.owner({ hook });
    await life.state('folding');
    isArmed = true;
    for (let n = 1; n <= 4; n++) {
      await deployment.send(n);
      await until(async () => reached >= 2 || (await deployment.said(0)).length >= n, 'the event to be said');
    }
    await until(() => reached >= 2, 'the place where it dies');
    const dying = life.crash();
    const next = deployment.keepOwning();
    await deployment.send(5, 6);
    await deployment.assertSaid(6);
    await next.stop();
    release();
    await dying;
  });
}

test('of two owners at once, both with something to say, nothing is said twice or left out', async () => {
  const deployment = await Deployment.make();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let isHeld = false;
  const zombie = deployment.owner({
    node: 'a',
    hook: async (call) => {
      if (call !== 'topicEffects.append') return;
      isHeld = true;
      await held;
    },
  });
  await zombie.state('folding');
  await deployment.send(1, 2);
  await until(() => isHeld, 'the zombie to have something to say');
  const taker = deployment.keepOwning({ node: 'b' });
  await deployment.send(3, 4);
  await deployment.assertSaid(4);
  release();
  assert.ok(hasCode(await zombie.ended, 'fenced'));
  await deployment.send(5);
  await deployment.assertSaid(5);
  await taker.stop();
});

test('a server that is killed while an owner speaks loses nothing of it and doubles nothing', async () => {
  const deployment = await Deployment.make();
  const owning = deployment.keepOwning();
  for (let n = 1; n <= 40; n++) {
    await deployment.send(n);
    const pid = server.pid();
    if (n === 15 && pid !== undefined) process.kill(pid, 'SIGKILL');
  }
  await deployment.assertSaid(40);
  await owning.stop();
});

test('an edge is declared dead when its key has expired, not when the server was away; then its partitions hear of it', async () => {
  const deployment = await Deployment.make();
  const store = await DeploymentStore.on(connection, 1);
  const mark = new NatsEdgeLife(connection, 1, store);
  // Time goes four times as fast for who watches, so that the test is shorter.
  const clock = { now: () => Date.now(), monotonic: () => performance.now() * 4 };
  const watch = new EdgeWatch({ lives: mark, watched: () => new Set([EDGE]), clock, log: SILENT, everyMs: 200 });
  void watchConnection(connection, { onDisconnect: () => watch.connectionBroke(), onReconnect: () => watch.connectionBroke() });
  let goneHere = 0;
  const edge = new EdgeLife({ mark, epoch: EDGE, clock, log: SILENT, onGone: () => goneHere++ });
  edge.start();
  await until(async () => mark.isAlive(EDGE), 'the edge’s key');
  watch.start();
  const owning = deployment.keepOwning({
    pool: scriptedFoldPool({ foresees: () => ({ edges: [EDGE] }) }),
    isEdgeGone: (epoch) => watch.isGone(epoch),
  });
  await deployment.send(1);
  const pid = server.pid();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  await until(async () => mark.isAlive(EDGE).catch(() => false), 'the key after the server came back without it');
  assert.equal(watch.isGone(EDGE), false);
  // As by a kill of the edge: its key runs out by itself.
  mark.beat = async () => Promise.reject(new Error('killed'));
  await until(() => watch.isGone(EDGE), 'the edge to be declared dead');
  assert.equal(await store.isEdgeGone(EDGE), true);
  await until(async () => (await eventsOf('EV_00')).some((event) => event.kind === KIND.edgeGone), 'the news in the log');
  const news = (await eventsOf('EV_00')).filter((event) => event.kind === KIND.edgeGone);
  assert.deepEqual(
    news.map(({ payload }) => decodeEdgeGone(payload)),
    [{ edgeEpoch: EDGE, drained: false }],
  );
  assert.equal(goneHere, 0);
  mark.beat = NatsEdgeLife.prototype.beat.bind(mark);
  await until(() => goneHere === 1, 'the edge, which lives after all, to hear of it');
  await edge.stop();
  await watch.stop();
  await owning.stop();
});

test('an edge that takes leave is not alive, and none that nobody heard of is', async () => {
  await freshStreams();
  const mark = new NatsEdgeLife(connection, 1, await DeploymentStore.on(connection, 1));
  await mark.beat(5);
  assert.deepEqual([await mark.isAlive(5), await mark.isAlive(6), await mark.isGone(5)], [true, false, false]);
  await mark.leave(5);
  assert.equal(await mark.isAlive(5), false);
  await mark.declareGone(5);
  await mark.declareGone(5);
  assert.deepEqual([await mark.isGone(5), await mark.isGone(6)], [true, false]);
});
