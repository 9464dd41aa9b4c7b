/** Connections are told of what was not accepted after the record is committed, by who owns the partition, and so many at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notices, NOTICES_IN_FLIGHT_MAX } from '../../../engine/runtime/notices.ts';
import type { DownlinkCall, DownlinkResult } from '../../../engine/runtime/downlinks.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { placeOf } from '../../../engine/kernel/position.ts';
import { DOWNLINK_CODE, encodeConnected, KIND, VIA, type Downlink, type EventInit } from '../../../schemas/gen/lean.ts';
import type { Notice } from '../../../workers/protocol.ts';
import { jsonEvent } from '../../support/log-frames.ts';
import { World, type StartOptions } from '../../support/owner-harness.ts';
import { until } from '../../support/processes.ts';

const EDGE = 7;
const CONNECTED: EventInit = {
  tenant: 't',
  device: 'd1',
  session: 'd:d1',
  kind: KIND.connected,
  via: VIA.mqtt,
  payload: encodeConnected({ keepAliveS: 60, level: 4, edgeConnection: 1 }),
};
const BAD = jsonEvent('d1', '{"t":[1]}', { via: VIA.mqtt });

interface Heard {
  readonly downlink: Downlink;
  /** How many records were committed when it came. */
  readonly records: number;
}

function listen(world: World, code: number = DOWNLINK_CODE.ok): readonly Heard[] {
  const heard: Heard[] = [];
  world.downlinks.serve(EDGE, async (downlink) => {
    heard.push({ downlink, records: await world.control.lastSeq(0) });
    return { code, connection: downlink.connection };
  });
  return heard;
}

test('the edge is told once the record is there, with the connection, the owner’s epoch and a deadline', async () => {
  const world = new World();
  const heard = listen(world);
  const life = world.start();
  await life.state('folding');
  const edge = world.edge(EDGE);
  const seq = edge.send([CONNECTED], world.clock.now());
  edge.send([jsonEvent('d1', '{"t":1}', { via: VIA.mqtt }), BAD], world.clock.now());
  await life.settled(world);
  await until(() => heard.length > 0, 'the report');
  const [{ downlink, records }] = heard as [Heard];
  const { connection, deadlineMs, ownerEpoch, partition, reports, session, tenant } = downlink;
  assert.deepEqual([tenant, session, connection, partition], ['t', 'd:d1', placeOf(seq, 0), 0]);
  assert.deepEqual(reports?.reports, [{ topic: 'v1/telemetry', code: 'unsupported-value', position: `0.${seq + 1}.1` }]);
  assert.equal(ownerEpoch, life.owner.status()['epoch']);
  assert.ok(deadlineMs > world.clock.now() && deadlineMs <= world.clock.now() + 5_000);
  const record = (await world.records()).findIndex(({ toSeq }) => toSeq >= seq + 1) + 1;
  assert.ok(record > 0 && records >= record, `${records} records, and it stands in ${record}`);
  await life.stop();
  assert.deepEqual([heard.length, world.untold], [1, 0]);
});

test('who takes over says nothing again of what was committed, and finds the connection', async () => {
  const world = new World();
  const heard = listen(world);
  const edge = world.edge(EDGE);
  edge.send([CONNECTED, BAD], world.clock.now());
  await world.settle();
  await until(() => heard.length === 1, 'the report');
  const life = world.start();
  await life.settled(world);
  edge.send([BAD], world.clock.now());
  await life.settled(world);
  await until(() => heard.length === 2, 'the next one');
  await life.stop();
  assert.deepEqual(
    heard.map(({ downlink }) => downlink.reports?.reports.map(({ position }) => position)),
    [['0.1.1'], ['0.2.0']],
  );
});

test('an owner whose record was not committed says nothing', async () => {
  const world = new World();
  const heard = listen(world);
  const edge = world.edge(EDGE);
  edge.send([CONNECTED, BAD], world.clock.now());
  let isFolded = false;
  const hook: StartOptions['hook'] = (call) => {
    if (call === 'pool.fold:done') isFolded = true;
    if (call === 'control.append' && isFolded) throw new Error('the log is away');
  };
  const life = world.start({ hook });
  assert.notEqual(await life.ended, undefined);
  assert.ok(isFolded);
  assert.deepEqual(heard, []);
});

test('a zombie that an edge refuses ends', async () => {
  const world = new World();
  const heard = listen(world, DOWNLINK_CODE.staleOwner);
  const life = world.start();
  await life.state('folding');
  world.edge(EDGE).send([CONNECTED, BAD], world.clock.now());
  assert.ok(hasCode(await life.ended, 'fenced'));
  assert.equal(heard.length, 1);
});

test('so many are on their way at a time, and what is more is counted; nobody waits for an answer', () => {
  const calls: { readonly call: DownlinkCall; readonly answer: (result: DownlinkResult) => void; readonly fail: () => void }[] = [];
  const send = (call: DownlinkCall): Promise<DownlinkResult> =>
    new Promise((resolve, reject) => calls.push({ call, answer: resolve, fail: () => reject(new Error('closed')) }));
  let untold = 0;
  const clock = { now: () => 1_000, monotonic: () => 0 };
  const notices = new Notices({ clock, onUntold: (reports) => void (untold += reports) }, { send });
  const report = { topic: 'v1/telemetry', code: 'too-deep', position: '0.1.0' };
  const notice: Notice = { tenant: 't', session: 'd:a', connection: 9, edgeEpoch: EDGE, reports: [report, report] };
  notices.tell({ notices: [], untold: 0 });
  notices.tell({ notices: [], untold: 4 });
  assert.deepEqual([calls.length, untold], [0, 4]);
  notices.tell({ notices: Array.from({ length: NOTICES_IN_FLIGHT_MAX + 3 }, () => notice), untold: 1 });
  assert.deepEqual([calls.length, untold], [NOTICES_IN_FLIGHT_MAX, 4 + 3 * 2 + 1]);
  calls[0]?.answer({ kind: 'offline' });
  calls[1]?.fail();
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    notices.tell({ notices: [notice, notice, notice], untold: 0 });
    assert.deepEqual([calls.length, untold], [NOTICES_IN_FLIGHT_MAX + 2, 4 + 3 * 2 + 1 + 2]);
  });
});
