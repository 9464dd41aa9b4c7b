/** Beginnings of connections that go on with a session: not before their lane leaves, not without their client, and nothing heard is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from '../../../engine/kernel/position.ts';
import { MemoryDownlinks } from '../../../engine/memory/memory-downlinks.ts';
import { MemoryEdgeGossip } from '../../../engine/memory/memory-edge-gossip.ts';
import type { ConnectionRecord } from '../../../ingest/broker/connection-record.ts';
import { SessionDesk, type Entered } from '../../../ingest/broker/session-desk.ts';
import { SessionLog } from '../../../ingest/broker/session-log.ts';
import { decodeSessionChange, DOWNLINK_CODE, encodeSessionState } from '../../../schemas/gen/lean.ts';
import { MemoryIntake } from '../mqtt/memory-intake.ts';

const NAME = { tenant: 't', device: undefined, session: 'a:x', partition: 0 };
const KEPT = { expiryS: 100 };
const EDGE = 9;
const OTHER_EDGE = 3;
const FIRST = placeOf(1, 0);
const LAST_WORD = { cursor: [41], released: [5] };
const WAIT_MS_MAX = 8_000;

class Rig {
  readonly intake = new MemoryIntake({ partitions: 1 });
  readonly desk: SessionDesk;
  isLaneOpen = true;
  nowMs = 0;
  /** Called when the edge that had the session is asked for its last word. */
  onTakeOver: () => void = () => undefined;

  constructor() {
    const downlinks = new MemoryDownlinks();
    downlinks.serve(OTHER_EDGE, () => {
      this.onTakeOver();
      return Promise.resolve({ code: DOWNLINK_CODE.ok, last: LAST_WORD });
    });
    const state = { connection: FIRST, edgeEpoch: EDGE, previousConnection: 1, previousEdgeEpoch: OTHER_EDGE };
    this.desk = new SessionDesk({
      log: new SessionLog(this.intake),
      ask: { session: () => Promise.resolve({ ok: true, value: encodeSessionState(state), epoch: 1, checkpoint: 1 }) },
      downlinks,
      gossip: new MemoryEdgeGossip(),
      edgeEpoch: EDGE,
      now: () => this.nowMs,
      isLaneOpen: () => this.isLaneOpen,
    });
  }

  enter(): { readonly record: ConnectionRecord; readonly entered: Promise<Entered> } {
    const record = this.desk.record(NAME);
    return { record, entered: this.desk.enter(record, KEPT) };
  }
}

const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

test('nothing is said before the lane is open; then the session is what the log and the edge before say', async () => {
  const rig = new Rig();
  rig.isLaneOpen = false;
  const { entered } = rig.enter();
  await aWhile();
  assert.equal(rig.intake.offered, 0);
  rig.isLaneOpen = true;
  await aWhile();
  assert.equal(rig.intake.offered, 1);
  rig.intake.storeAll();
  const answer = await entered;
  assert.ok(answer.kind === 'session');
  assert.deepEqual([answer.state.connection, answer.state.cursor], [FIRST, [41]]);
  assert.equal(rig.intake.offered, 1);
});

test('a client that has gone while the lane was closed never began', async () => {
  const rig = new Rig();
  rig.isLaneOpen = false;
  const { entered, record } = rig.enter();
  record.end({});
  rig.isLaneOpen = true;
  assert.deepEqual(await entered, { kind: 'unavailable' });
  assert.equal(rig.intake.offered, 0);
});

test('a lane that stays closed is waited for no longer than a client waits', async () => {
  const rig = new Rig();
  rig.isLaneOpen = false;
  const { entered } = rig.enter();
  rig.nowMs = WAIT_MS_MAX + 1;
  assert.deepEqual(await entered, { kind: 'unavailable' });
  rig.isLaneOpen = true;
  await aWhile();
  assert.equal(rig.intake.offered, 0);
});

test('who leaves while it hears the last word of the edge before says it to the log', async () => {
  const rig = new Rig();
  const { entered, record } = rig.enter();
  rig.onTakeOver = () => record.end({});
  await aWhile();
  rig.intake.storeAll();
  await entered;
  const said = rig.intake.events.at(-1);
  const change = decodeSessionChange(Buffer.from(said?.payload ?? '', 'latin1'));
  assert.deepEqual([change?.cursor, change?.released], [LAST_WORD.cursor, LAST_WORD.released]);
});
