/** What is said to a connection is done for that connection, in time, and not for an owner that is none any more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DownlinkDesk, type LiveSession } from '../../../ingest/downlink/downlink-desk.ts';
import {
  decodeDownlink,
  DOWNLINK_CODE,
  encodeDownlink,
  type DownlinkInit,
  type DownlinkPublish,
  type DownlinkReplyInit,
  type DownlinkReport,
} from '../../../schemas/gen/lean.ts';

const { ok, offline, staleOwner, tooLate, notSubscribed, full } = DOWNLINK_CODE;

class Desk {
  nowMs = 1_000;
  readonly published: DownlinkPublish[] = [];
  readonly closed: number[] = [];
  readonly reported: DownlinkReport[] = [];
  /** Whether its client could be told of events. */
  hasErrors = true;
  takenOver = 0;
  code: 0 | 4 | 5 = ok;
  connection = 200;
  readonly #desk: DownlinkDesk;

  constructor() {
    const find = (tenant: string, session: string): LiveSession | undefined =>
      tenant === 't' && session === 'a:app'
        ? {
            connection: this.connection,
            publish: async (message) => {
              this.published.push(message);
              return this.code;
            },
            takeOver: async () => {
              this.takenOver++;
              return { released: [3] };
            },
            close: (reason) => void this.closed.push(reason),
            ...(this.hasErrors ? { report: (reports) => this.#report(reports) } : {}),
          }
        : undefined;
    this.#desk = new DownlinkDesk({ find }, { now: () => this.nowMs, monotonic: () => 0 });
  }

  async take(more: DownlinkInit): Promise<DownlinkReplyInit> {
    const downlink = decodeDownlink(encodeDownlink({ tenant: 't', session: 'a:app', connection: 200, ...more }));
    assert.ok(downlink !== undefined);
    return this.#desk.take(downlink);
  }

  #report(reports: readonly DownlinkReport[]): 0 | 4 | 5 {
    this.reported.push(...reports);
    return this.code;
  }

  async codeOf(more: DownlinkInit): Promise<number | undefined> {
    return (await this.take(more)).code;
  }
}

const publish = { topic: 'v1/twin/desired', payload: Buffer.from('{}'), qos: 1 };

test('a message goes to the session, and the session says what became of it', async () => {
  const desk = new Desk();
  assert.deepEqual(await desk.take({ publish }), { code: ok, connection: 200 });
  assert.deepEqual([desk.published[0]?.topic, desk.published[0]?.qos], ['v1/twin/desired', 1]);
  for (const code of [notSubscribed, full] as const) {
    desk.code = code;
    assert.equal(await desk.codeOf({ publish }), code);
  }
});

test('a session that isn’t here is offline, and so is one that has another connection by now', async () => {
  const desk = new Desk();
  assert.deepEqual(await desk.take({ tenant: 'u', publish }), { code: offline });
  assert.deepEqual(await desk.take({ session: 'd:app', publish }), { code: offline });
  for (const connection of [199, 201, 0])
    for (const what of [{ publish }, { takeOver: true }, { close: 142 }])
      assert.deepEqual(await desk.take({ connection, ...what }), { code: offline, connection: 200 });
  assert.deepEqual([desk.published.length, desk.takenOver, desk.closed], [0, 0, []]);
  desk.connection = 201;
  assert.deepEqual(await desk.take({ publish }), { code: offline, connection: 201 });
  assert.equal(await desk.codeOf({ connection: 201, publish }), ok);
});

test('after its deadline nothing is done', async () => {
  const desk = new Desk();
  assert.equal(await desk.codeOf({ publish, deadlineMs: 1_000 }), ok);
  desk.nowMs = 1_001;
  for (const what of [{ publish }, { takeOver: true }, { close: 142 }])
    assert.equal(await desk.codeOf({ deadlineMs: 1_000, ...what }), tooLate);
  assert.deepEqual([desk.published.length, desk.takenOver, desk.closed], [1, 0, []]);
  assert.equal(await desk.codeOf({ publish }), ok, 'without a deadline there is time');
});

const report = { topic: 'v1/telemetry', code: 'unsupported-value', position: '3.17.0' };

test('reports of events go to the client, under the rules of everything that is said', async () => {
  const desk = new Desk();
  const reports = { reports: [report, { ...report, position: '3.17.1' }] };
  const owned = { partition: 3, ownerEpoch: 9, deadlineMs: 1_000, reports };
  assert.deepEqual(await desk.take(owned), { code: ok, connection: 200 });
  assert.deepEqual(desk.reported, reports.reports);
  for (const code of [notSubscribed, full] as const) {
    desk.code = code;
    assert.equal(await desk.codeOf(owned), code);
  }
  desk.reported.length = 0;
  assert.equal(await desk.codeOf({ ...owned, ownerEpoch: 8 }), staleOwner, 'a zombie');
  assert.equal(await desk.codeOf({ ...owned, connection: 199 }), offline, 'another connection');
  desk.nowMs = 1_001;
  assert.equal(await desk.codeOf(owned), tooLate);
  assert.deepEqual(desk.reported, []);
  desk.nowMs = 1_000;
  desk.hasErrors = false;
  assert.deepEqual(await desk.take(owned), { code: notSubscribed, connection: 200 }, 'a session without a client');
});

test('once a newer owner has spoken, an older one of the partition is refused, whatever it wants', async () => {
  const desk = new Desk();
  assert.equal(await desk.codeOf({ partition: 1, ownerEpoch: 5, publish }), ok);
  assert.equal(await desk.codeOf({ partition: 1, ownerEpoch: 5, publish }), ok, 'the same one goes on');
  assert.equal(await desk.codeOf({ partition: 1, ownerEpoch: 9, publish }), ok);
  for (const what of [{ publish }, { takeOver: true }, { close: 142 }])
    assert.equal(await desk.codeOf({ partition: 1, ownerEpoch: 5, ...what }), staleOwner);
  assert.equal(await desk.codeOf({ partition: 2, ownerEpoch: 5, publish }), ok, 'partitions have owners of their own');
  assert.equal(await desk.codeOf({ publish }), ok, 'another edge is no owner');
  assert.equal(desk.published.length, 5);
});

test('an owner is heard even where it comes too late, or for a session that isn’t here', async () => {
  const desk = new Desk();
  assert.equal(await desk.codeOf({ partition: 0, ownerEpoch: 9, deadlineMs: 1, publish }), tooLate);
  assert.equal(await desk.codeOf({ partition: 0, ownerEpoch: 8, publish }), staleOwner);
  assert.equal(await desk.codeOf({ partition: 0, ownerEpoch: 10, session: 'a:gone', publish }), offline);
  assert.equal(await desk.codeOf({ partition: 0, ownerEpoch: 9, publish }), staleOwner);
});

test('a session is taken over with what it came to, and a connection closed with its reason', async () => {
  const desk = new Desk();
  assert.deepEqual(await desk.take({ takeOver: true }), { code: ok, connection: 200, last: { released: [3] } });
  assert.deepEqual(await desk.take({ close: 0 }), { code: ok, connection: 200 });
  assert.deepEqual(await desk.take({ close: 152 }), { code: ok, connection: 200 });
  assert.deepEqual(desk.closed, [0, 152]);
});

test('what isn’t understood isn’t done', async () => {
  const desk = new Desk();
  assert.deepEqual(await desk.take({}), { code: notSubscribed, connection: 200 });
  assert.deepEqual([desk.published, desk.closed, desk.takenOver], [[], [], 0]);
});
