/**
 * Random scripts against mosquitto and against ours: whatever a client sees must be the same, but for a closed table of
 * differences with reasons. `TWINFOLD_SOAK_MINUTES` searches for so long, from a seed of the clock.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_MOSQUITTO, NO_TARGET, startBrokerTarget, startMosquitto, type BrokerTarget } from './broker-target.ts';
import { differences, playBoth, search } from './differential/compare.ts';
import { EXCEPTIONS, normalised, sameLines } from './differential/exceptions.ts';
import type { Step } from './differential/script.ts';

const soakMinutes = Number(process.env['TWINFOLD_SOAK_MINUTES'] ?? 0);
const skip = NO_MOSQUITTO !== false ? NO_MOSQUITTO : NO_TARGET;

/** Each is the seed of so many scripts. Those that found something stay. */
const SEEDS = [1, 2, 3] as const;
const SCRIPTS = 15;
/** Of scripts in which messages expire, which takes time. */
const SLOW_SCRIPTS = 6;
const SEED_MS_MAX = 60_000;
const TEST_MS_MAX = 240_000;
const MINUTE_MS = 60_000;

let reference: BrokerTarget | undefined;
let target: BrokerTarget | undefined;
before(async () => {
  if (skip !== false) return;
  reference = await startMosquitto();
  target = await startBrokerTarget();
});
after(async () => {
  await reference?.stop();
  await target?.stop();
});

function brokers(): { readonly reference: BrokerTarget; readonly other: BrokerTarget } {
  if (reference === undefined || target === undefined) assert.fail('the brokers did not start');
  return { reference, other: target };
}

for (const seed of SEEDS) {
  test(`scripts of seed ${seed} come to the same on both`, { timeout: TEST_MS_MAX, skip }, async () => {
    const found = await search(brokers(), { seed, scripts: SCRIPTS, waits: false, limitMs: SEED_MS_MAX });
    assert.equal(found.difference, undefined);
    assert.ok(found.played > 0);
  });
}

test('scripts in which messages expire come to the same on both', { timeout: TEST_MS_MAX, skip }, async () => {
  const found = await search(brokers(), { seed: 4, scripts: SLOW_SCRIPTS, waits: true, limitMs: SEED_MS_MAX });
  assert.equal(found.difference, undefined);
  assert.ok(found.played > 0);
});

test('a long search finds nothing', { timeout: soakMinutes * MINUTE_MS + TEST_MS_MAX, skip }, async (t) => {
  const seed = soakMinutes > 0 ? Date.now() % 1_000_000_000 : 5;
  const wish = { seed, scripts: soakMinutes > 0 ? 100_000 : 1, waits: soakMinutes > 0, limitMs: soakMinutes * MINUTE_MS + 1_000 };
  const found = await search(brokers(), wish);
  t.diagnostic(`seed ${seed}, ${found.played} scripts`);
  assert.equal(found.difference, undefined);
});

test('a broker that forgets retained messages is found, by a script of two or three steps', { timeout: TEST_MS_MAX, skip }, async () => {
  const worse = await startMosquitto(['retain_available false']);
  try {
    const { reference: better } = brokers();
    const found = await search({ reference: better, other: worse }, { seed: 7, scripts: 20, waits: false, limitMs: SEED_MS_MAX });
    assert.match(found.difference ?? '', /publish \{.*"retain":true/);
    assert.ok((found.difference?.match(/^ +\d+ client/gm)?.length ?? 0) <= 3, found.difference);
  } finally {
    await worse.stop();
  }
});

test('a broker that queues too little for who is away is found', { timeout: TEST_MS_MAX, skip }, async () => {
  const worse = await startMosquitto(['max_queued_messages 1']);
  const publish = { client: 1, do: 'publish', topic: 'a', qos: 1, retain: false, isEmpty: false, isShared: false } as const;
  const plain = {
    properties: { user: [], contentType: undefined, responseTopic: undefined, correlation: undefined, isText: false, expires: false },
    isRepeated: false,
    isBrief: false,
    isAliased: false,
  } as const;
  const connect = { do: 'connect', version: 5, isKept: true, cleanStart: false, will: undefined, acks: true } as const;
  const filter = { filter: 'a', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  const steps: readonly Step[] = [
    { ...connect, client: 0 },
    { ...connect, client: 1 },
    { client: 0, do: 'subscribe', filters: [filter], id: undefined },
    { client: 0, do: 'drop' },
    { ...publish, ...plain },
    { ...publish, ...plain },
    { ...connect, client: 0 },
  ];
  try {
    const { reference: better } = brokers();
    const [found] = await playBoth({ reference: better, other: worse }, 'queue', { steps });
    assert.deepEqual(
      [found?.step, found?.who, found?.reference, found?.other],
      [
        6,
        'client 0',
        ['connack 0 session present', "publish a 'm4' QoS 1", "publish a 'm5' QoS 1"],
        ['connack 0 session present', "publish a 'm4' QoS 1"],
      ],
    );
  } finally {
    await worse.stop();
  }
});

test('every exception says something, and nothing else is forgiven', () => {
  for (const { name, normal } of EXCEPTIONS) {
    const lines = ['puback 16', 'disconnect 130', 'old disconnect 0'];
    assert.ok(
      lines.some((line) => normal(line) !== undefined),
      name,
    );
  }
  assert.equal(normalised('puback 16'), 'puback 0');
  assert.equal(normalised('puback 151'), 'puback 151');
  assert.equal(normalised('old closed'), 'old closed');
  assert.ok(sameLines(["publish a 'm1' QoS 1 retain?"], ["publish a 'm1' QoS 1 retain"]));
  assert.ok(!sameLines(["publish a 'm1' QoS 1"], ["publish a 'm1' QoS 1", "publish a 'm1' QoS 1"]));
  assert.deepEqual(differences([[['closed']]], [[['closed']]]), []);
  assert.deepEqual(differences([[['closed']]], [[[]]]), [{ step: 0, who: 'client 0', reference: ['closed'], other: [] }]);
});
