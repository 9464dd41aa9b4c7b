/** The broker's load generator against mosquitto: it counts what it sent and got, and says what went wrong. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { BrokerLoad } from '../../../loadtest/bench/broker-load.ts';
import type { BrokerAccess } from '../../../loadtest/bench/broker-jobs.ts';
import { heldAfterCollection, heldNow } from '../../../loadtest/bench/memory.ts';
import { Mosquitto, mosquittoProgram } from '../../../loadtest/mqtt/mosquitto.ts';

const program = mosquittoProgram('mosquitto');
const skip = program === undefined ? 'mosquitto is not installed' : false;

let mosquitto: Mosquitto | undefined;
let load: BrokerLoad | undefined;
before(async () => {
  if (program === undefined) return;
  // Without its usual limits, but for the messages that wait for an absent session.
  mosquitto = await Mosquitto.start(program, ['max_queued_messages 50']);
  load = new BrokerLoad();
});
after(() => {
  load?.stop();
  mosquitto?.stop();
});

function rig(): { readonly load: BrokerLoad; readonly access: BrokerAccess } {
  if (mosquitto === undefined || load === undefined) assert.fail('mosquitto did not start');
  return { load, access: { address: { host: mosquitto.host, port: mosquitto.port }, login: undefined } };
}

for (const qos of [0, 1] as const) {
  test(`every delivery of a fan-out at QoS ${qos} is counted`, { timeout: 30_000, skip }, async () => {
    const { access, load: own } = rig();
    await own.run({ kind: 'subscribers', access, name: `fan-${qos}`, count: 20, filter: 'fan/out', qos, clean: true });
    const run = { kind: 'fan-out', access, topic: 'fan/out', qos, ahead: 5, seconds: 0.2, payloadBytes: 50 } as const;
    const figures = await own.run(run);
    assert.equal(figures.wrong, 0, figures.firstWrong);
    assert.ok(figures.done > 0 && figures.done % 20 === 0, String(figures.done));
    assert.equal((await own.run({ kind: 'close' })).done, 20);
  });
}

test('sessions that come back get what they missed, and a missing message is noticed', { timeout: 60_000, skip }, async () => {
  const { access, load: own } = rig();
  const of = { access, name: 'away', count: 40 } as const;
  assert.equal((await own.run({ ...of, kind: 'sessions', filter: 'cmd/{n}/#' })).done, 40);
  const publish = { kind: 'publish', access, topic: 'cmd/{n}/go', topics: 40, retain: false } as const;
  assert.equal((await own.run({ ...publish, rounds: 30 })).done, 1_200);
  const drain = { ...of, kind: 'drain', each: 30, atOnce: 10, limitS: 20 } as const;
  const whole = await own.run(drain);
  assert.deepEqual([whole.done, whole.wrong, whole.firstWrong], [40, 0, '']);
  // More than mosquitto is allowed to keep.
  await own.run({ ...publish, rounds: 60 });
  const less = await own.run({ ...drain, each: 60, limitS: 2 });
  assert.equal(less.done, 0);
  assert.match(less.firstWrong, /a session had \d+ of its 60 messages in time/);
  // A message that came already comes again.
  await own.run({ ...publish, topics: 1, rounds: 1 });
  await own.run({ ...publish, topics: 1, rounds: 1 });
  const twice = await own.run({ ...drain, count: 1, each: 2 });
  assert.match(twice.firstWrong, /message \d+ came where \d+ was due/);
  const unknown = await own.run({ ...drain, name: 'stranger', count: 1, each: 0 });
  assert.match(unknown.firstWrong, /the session was not kept/);
});

test('the last of the retained messages that match is waited for', { timeout: 30_000, skip }, async () => {
  const { access, load: own } = rig();
  const publish = { kind: 'publish', access, rounds: 1, retain: true } as const;
  await own.run({ ...publish, topic: 'site/{n}/status', topics: 300 });
  await own.run({ ...publish, topic: 'site/{n}/level', topics: 200 });
  const found = await own.run({ kind: 'match', access, filter: 'site/+/status', expected: 300, limitS: 10 });
  assert.deepEqual([found.done, found.wrong], [300, 0]);
  assert.ok(found.seconds > 0);
  await assert.rejects(own.run({ kind: 'match', access, filter: 'site/+/level', expected: 201, limitS: 0.5 }), /200 of 201 in time/);
});

test('a server that cannot be reached is an error, not a figure', { timeout: 30_000, skip }, async () => {
  const { load: own } = rig();
  const nowhere = { address: { host: '127.0.0.1', port: 1 }, login: undefined };
  await assert.rejects(own.run({ kind: 'sessions', access: nowhere, name: 'n', count: 1, filter: 'a' }), /sessions: n-0: .*ECONNREFUSED/);
});

test('memory is read from the kernel', async () => {
  const { rssBytes } = heldNow(process.pid);
  assert.ok(Math.abs(rssBytes - process.memoryUsage.rss()) < rssBytes / 2);
  assert.ok(Number.isNaN(heldNow(0).rssBytes));
  await assert.doesNotReject(heldAfterCollection(0));
});

test('a process whose garbage was collected lives on', { timeout: 60_000 }, async () => {
  const held = `globalThis.kept = Array.from({ length: 1e6 }, (_, n) => ({ n })); console.log(1); setInterval(() => (kept[0] = {}), 1)`;
  const child = spawn(process.execPath, ['-e', held], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(child.stdout, 'data');
    for (let n = 0; n < 3; n++) {
      const { heldBytes } = await heldAfterCollection(child.pid ?? 0);
      assert.ok((heldBytes ?? 0) > 16e6, `${heldBytes}`);
    }
    assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
  } finally {
    child.kill('SIGKILL');
  }
});
