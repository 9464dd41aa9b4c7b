/** Events of sessions on their way into lanes that are full now and then: all are said, in order, each once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConnectionRecord } from '../../../ingest/broker/connection-record.ts';
import { SessionLog, sessionName, type SessionName } from '../../../ingest/broker/session-log.ts';
import { decodeSessionChange, decodeEvent, KIND } from '../../../schemas/gen/lean.ts';
import { MemoryIntake } from '../mqtt/memory-intake.ts';

const LANE_EVENTS_MAX = 3;
const PARTITIONS = 2;

function nameIn(partition: number): SessionName {
  return { tenant: 't', device: undefined, session: 'a:x', partition };
}

describe('session log', () => {
  it('keeps the order of each partition and loses nothing, however full the lanes are', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ op: fc.constant('say' as const), partition: fc.nat(PARTITIONS - 1) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('store' as const), partition: fc.nat(PARTITIONS - 1) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('fail' as const), partition: fc.nat(PARTITIONS - 1) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const intake = new MemoryIntake({ partitions: PARTITIONS, laneEventsMax: LANE_EVENTS_MAX });
        const log = new SessionLog(intake);
        const said: { readonly partition: number; readonly n: number; place?: number | undefined; times: number }[] = [];
        for (const { op, partition } of steps) {
          if (op === 'store') intake.store(partition);
          else if (op === 'fail') intake.fail(partition, { code: 'log-full', retryAfterMs: 1 });
          else {
            const one = { partition, n: said.length, times: 0, place: undefined as number | undefined };
            said.push(one);
            const change = { released: [one.n + 1] };
            log.changed(nameIn(partition), 7, {
              change,
              said: (place) => {
                one.place = place;
                one.times++;
              },
            });
          }
          assert.ok(intake.waiting <= LANE_EVENTS_MAX * PARTITIONS);
          assert.equal(log.pending, said.filter(({ times }) => times === 0).length);
        }
        for (let i = 0; i <= said.length; i++) intake.storeAll();
        assert.equal(log.pending, 0);
        assert.ok(said.every(({ times }) => times === 1));
        for (let partition = 0; partition < PARTITIONS; partition++) {
          const offered = intake.events.filter((event) => event.partition === partition);
          const numbers = offered.map(({ payload }) => (decodeSessionChange(Buffer.from(payload, 'latin1'))?.released[0] ?? 0) - 1);
          assert.deepEqual(
            numbers,
            said.filter((one) => one.partition === partition).map(({ n }) => n),
          );
          const places = said.filter((one) => one.partition === partition).flatMap(({ place }) => (place === undefined ? [] : [place]));
          assert.deepEqual(
            places,
            places.toSorted((a, b) => a - b),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is crowded while megabytes wait for room, and not afterwards', () => {
    const intake = new MemoryIntake({ partitions: PARTITIONS, laneEventsMax: LANE_EVENTS_MAX });
    const log = new SessionLog(intake);
    const will = { topic: 'gone', payload: Buffer.alloc(9_000), flags: 0, properties: new Uint8Array(0), delayS: 0 };
    let said = 0;
    const connects = 3_000;
    for (let i = 0; i < connects; i++) log.connected(nameIn(i % PARTITIONS), { ...CONNECTED, edgeConnection: i, will }, () => void said++);
    assert.equal(log.isCrowded, true);
    while (said < connects) intake.storeAll();
    assert.equal(log.isCrowded, false);
    assert.equal(log.pending, 0);
  });

  it('names devices’ sessions and applications’ apart', () => {
    assert.equal(sessionName({ device: 'dev', clientId: 'dev:x' }), 'd:dev:x');
    assert.equal(sessionName({ device: undefined, clientId: 'dev:x' }), 'a:dev:x');
  });
});

const CONNECTED = { cleanStart: false, expiryS: 10, keepAliveS: 0, level: 5, address: '' };

function newRecord(find: (place: number) => Promise<number> = async (place) => place): {
  readonly intake: MemoryIntake;
  readonly record: ConnectionRecord;
} {
  const intake = new MemoryIntake({ partitions: PARTITIONS });
  const record = new ConnectionRecord(new SessionLog(intake), {
    name: nameIn(1),
    edgeConnection: 5,
    keeper: { find: async (_, place) => find(place), parting: () => () => undefined },
  });
  return { intake, record };
}

function facts(intake: MemoryIntake): readonly (readonly [kind: number | undefined, connection: number | undefined])[] {
  return intake.events.map(({ prefix }) => {
    const event = decodeEvent(prefix);
    return [event?.kind, event?.connection];
  });
}

describe('connection record', () => {
  it('says what became of the session only when the connection’s number is known, and with it', () => {
    const { intake, record } = newRecord();
    const numbers: (number | undefined)[] = [];
    const stored: boolean[] = [];
    record.begin(CONNECTED, (number) => numbers.push(number));
    record.change(
      () => ({ released: [1] }),
      (isStored) => stored.push(isStored),
    );
    assert.deepEqual(facts(intake), [[KIND.connected, 0]]);
    intake.store(1);
    const [number] = numbers;
    assert.ok(number !== undefined && number > 0);
    assert.equal(record.number, number);
    assert.deepEqual(facts(intake), [
      [KIND.connected, 0],
      [KIND.session, number],
    ]);
    assert.deepEqual(stored, []);
    intake.store(1);
    assert.deepEqual(stored, [true]);
  });

  it('asks which of two places counts where an answer was missing, and says nothing before', async () => {
    let told: ((number: number) => void) | undefined;
    const asked: number[] = [];
    const { intake, record } = newRecord(
      async (place) =>
        new Promise((resolve) => {
          asked.push(place);
          told = resolve;
        }),
    );
    const log = new SessionLog(intake);
    const second = new ConnectionRecord(log, {
      name: nameIn(1),
      edgeConnection: 6,
      keeper: {
        find: async (_, place) =>
          new Promise((resolve) => {
            asked.push(place);
            told = resolve;
          }),
        parting: () => () => undefined,
      },
    });
    second.begin(CONNECTED, () => undefined);
    second.change(
      () => ({ released: [1] }),
      () => undefined,
    );
    // As a lane tells whose batch was sent again.
    log.stored(0, 9, 0, true);
    assert.equal(second.number, 0);
    assert.equal(asked.length, 1);
    told?.(65_536 * 4);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(second.number, 65_536 * 4);
    assert.deepEqual(facts(intake).at(-1), [KIND.session, 65_536 * 4]);
    assert.equal(record.number, 0);
  });

  it('may end before its number is known, and says nothing of a change that waits', () => {
    const { intake, record } = newRecord();
    record.begin(CONNECTED, () => undefined);
    record.change(
      () => ({ released: [1] }),
      () => assert.fail('nothing is said of a connection that has ended'),
    );
    record.end({ reason: 0, why: 'client', sendWill: false });
    record.end({ reason: 1, why: 'closed', sendWill: true });
    intake.store(1);
    intake.store(1);
    assert.deepEqual(facts(intake), [
      [KIND.connected, 0],
      [KIND.disconnected, 0],
    ]);
  });

  it('whose beginning the log did not take fails its changes, and has no end to tell', () => {
    const { intake, record } = newRecord();
    const numbers: (number | undefined)[] = [];
    const stored: boolean[] = [];
    record.begin(CONNECTED, (number) => numbers.push(number));
    record.change(
      () => ({ released: [1] }),
      (isStored) => stored.push(isStored),
    );
    intake.fail(1, { code: 'log-full', retryAfterMs: 1 });
    record.end({ reason: 0, why: 'client', sendWill: false });
    assert.deepEqual([numbers, stored], [[undefined], [false]]);
    assert.deepEqual(facts(intake), [[KIND.connected, 0]]);
  });

  it('that never began has no end to tell', () => {
    const { intake, record } = newRecord();
    let isSaid = false;
    record.end({ reason: 0, why: 'client', sendWill: false }, () => (isSaid = true));
    assert.ok(isSaid);
    assert.deepEqual(facts(intake), []);
  });
});
