/** Clients of three lineages against a whole broker: mosquitto's programs (C), mqtt.js, and u8-mqtt, which has a codec of its own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { mqtt_v4, mqtt_v5 } from 'u8-mqtt';
import { mosquittoProgram } from '../../../loadtest/mqtt/mosquitto.ts';
import { until } from '../../support/processes.ts';
import { NO_TARGET, startBrokerTarget, type BrokerTarget } from './broker-target.ts';

const skip = NO_TARGET;
const PROGRAM_S_MAX = 15;
const programs = { pub: mosquittoProgram('mosquitto_pub'), sub: mosquittoProgram('mosquitto_sub') };
const skipPrograms =
  skip !== false ? skip : programs.pub === undefined || programs.sub === undefined ? "mosquitto's clients are not installed" : false;

let target: BrokerTarget | undefined;
before(async () => {
  if (skip === false) target = await startBrokerTarget();
});
after(async () => target?.stop());

function broker(): BrokerTarget {
  return target ?? assert.fail('the broker did not start');
}

/** Rejects with what it said when it fails. */
function program(kind: 'pub' | 'sub', version: string, args: readonly string[]): Promise<readonly string[]> {
  const { host, port } = broker();
  const all = ['-h', host, '-p', String(port), '-V', version, ...args];
  return new Promise((resolve, reject) => {
    execFile(programs[kind] ?? '', all, { timeout: PROGRAM_S_MAX * 1_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.split('\n').filter((line) => line !== ''));
      else reject(new Error(`mosquitto_${kind} ${args.join(' ')}: ${error.message} ${stderr}`));
    });
  });
}

const pub = (version: string, ...args: readonly string[]): Promise<readonly string[]> => program('pub', version, args);

/** So many messages; each as topic, QoS, retain flag and payload. */
function sub(version: string, count: number, ...args: readonly string[]): Promise<readonly string[]> {
  return program('sub', version, ['-C', String(count), '-W', String(PROGRAM_S_MAX - 2), '-F', '%t %q %r %p', ...args]);
}

for (const version of ['mqttv311', 'mqttv5']) {
  const tree = `programs/${version}`;

  test(
    `mosquitto's programs, ${version}: a retained message waits for its subscribers until it is deleted`,
    { timeout: 60_000, skip: skipPrograms },
    async () => {
      await pub(version, '-t', `${tree}/config/a`, '-q', '1', '-r', '-m', 'one');
      await pub(version, '-t', `${tree}/config/a`, '-q', '1', '-r', '-m', 'two');
      await pub(version, '-t', `${tree}/config/b`, '-q', '1', '-r', '-m', 'three');
      const found = await sub(version, 2, '-t', `${tree}/config/+`, '-q', '1');
      assert.deepEqual(found.toSorted(), [`${tree}/config/a 1 1 two`, `${tree}/config/b 1 1 three`]);
      await pub(version, '-t', `${tree}/config/a`, '-q', '1', '-r', '-n');
      assert.deepEqual(await sub(version, 1, '-t', `${tree}/config/#`, '-q', '0'), [`${tree}/config/b 0 1 three`]);
      await pub(version, '-t', `${tree}/config/b`, '-q', '1', '-r', '-n');
    },
  );

  test(
    `mosquitto's programs, ${version}: QoS 2 to a session that was away comes once and in order`,
    { timeout: 60_000, skip: skipPrograms },
    async () => {
      const session = ['-i', `away-${version}`, '-c', '-q', '2', '-t', `${tree}/queue`, ...(version === 'mqttv5' ? ['-x', '300'] : [])];
      await program('sub', version, [...session, '-E']);
      for (const n of [1, 2, 3]) await pub(version, '-t', `${tree}/queue`, '-q', '2', '-m', String(n));
      assert.deepEqual(
        await sub(version, 3, ...session),
        [1, 2, 3].map((n) => `${tree}/queue 2 0 ${n}`),
      );
      // Whatever came twice would come now.
      await pub(version, '-t', `${tree}/queue`, '-q', '2', '-m', 'last');
      assert.deepEqual(await sub(version, 1, ...session), [`${tree}/queue 2 0 last`]);
      await program('sub', version, ['-i', `away-${version}`, '-t', `${tree}/queue`, '-E']);
    },
  );
}

async function open(options: IClientOptions): Promise<MqttClient> {
  return mqtt.connectAsync(broker().url, { reconnectPeriod: 0, ...options });
}

test('a will of a client that vanishes reaches a subscriber, one of a client that leaves does not', { timeout: 30_000, skip }, async () => {
  const watcher = await open({ protocolVersion: 5, clientId: 'watcher' });
  const seen: string[] = [];
  watcher.on('message', (_topic, payload) => seen.push(payload.toString()));
  await watcher.subscribeAsync('wills/+', { qos: 2 });
  const armed = (name: string): Promise<MqttClient> =>
    open({ protocolVersion: 4, clientId: name, will: { topic: `wills/${name}`, payload: Buffer.from(name), qos: 2, retain: false } });
  const polite = await armed('polite');
  await polite.endAsync();
  const gone = await armed('gone');
  gone.stream.destroy();
  await until(() => seen.length > 0, 'the will');
  await watcher.publishAsync('wills/end', 'end', { qos: 2 });
  await until(() => seen.includes('end'), 'the end');
  assert.deepEqual(seen.toSorted(), ['end', 'gone']);
  gone.end(true);
  await watcher.endAsync();
});

test('a shared subscription gives each message to one of its members', { timeout: 30_000, skip }, async () => {
  const members = await Promise.all([1, 2, 3].map((n) => open({ protocolVersion: 5, clientId: `member-${n}` })));
  const shares = members.map((): string[] => []);
  for (const [n, member] of members.entries()) {
    member.on('message', (_topic, payload) => shares[n]?.push(payload.toString()));
    await member.subscribeAsync('$share/crew/work/#', { qos: 1 });
  }
  const publisher = await open({ protocolVersion: 4, clientId: 'foreman' });
  const jobs = Array.from({ length: 60 }, (_, n) => String(n));
  for (const job of jobs) await publisher.publishAsync('work/jobs', job, { qos: 1 });
  await until(() => shares.flat().length >= jobs.length, 'all jobs');
  assert.deepEqual(
    shares
      .flat()
      .map(Number)
      .toSorted((a, b) => a - b),
    jobs.map(Number),
  );
  assert.ok(shares.filter((share) => share.length > 0).length > 1, 'one member did everything');
  await Promise.all([publisher, ...members].map((client) => client.endAsync()));
});

test('mqtt.js: a session goes on where it was, with what it missed and what had expired left out', { timeout: 30_000, skip }, async () => {
  const facts: IClientOptions = { protocolVersion: 5, clientId: 'sleeper', clean: false, properties: { sessionExpiryInterval: 300 } };
  const first = await open(facts);
  await first.subscribeAsync('sleeper/#', { qos: 2, properties: { subscriptionIdentifier: 7 } });
  await first.endAsync();
  const publisher = await open({ protocolVersion: 5, clientId: 'waker' });
  await publisher.publishAsync('sleeper/brief', 'gone', { qos: 1, properties: { messageExpiryInterval: 1 } });
  await publisher.publishAsync('sleeper/long', 'kept', {
    qos: 2,
    properties: {
      messageExpiryInterval: 600,
      userProperties: { a: ['1', '2'] },
      contentType: 'text/x',
      responseTopic: 'back/here',
      correlationData: Buffer.from('c'),
    },
  });
  // Mosquitto counts whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  const second = mqtt.connect(broker().url, { reconnectPeriod: 0, ...facts });
  const got: IPublishPacket[] = [];
  let present: boolean | undefined;
  second.on('connect', ({ sessionPresent }) => (present = sessionPresent));
  second.on('message', (_topic, _payload, packet) => got.push(packet));
  await until(() => got.length > 0, 'the backlog');
  await publisher.publishAsync('sleeper/end', 'end', { qos: 1 });
  await until(() => got.some(({ topic }) => topic === 'sleeper/end'), 'the end');
  assert.equal(present, true);
  assert.deepEqual(
    got.map(({ topic }) => topic),
    ['sleeper/long', 'sleeper/end'],
  );
  const [kept] = got;
  assert.equal(kept?.qos, 2);
  assert.partialDeepStrictEqual(kept?.properties, { contentType: 'text/x', responseTopic: 'back/here', subscriptionIdentifier: 7 });
  assert.deepEqual(kept?.properties?.userProperties?.['a'], ['1', '2']);
  assert.ok(Number(kept?.properties?.messageExpiryInterval) <= 599);
  await Promise.all([publisher.endAsync(), second.endAsync()]);
});

test('mqtt.js: topic aliases stand for their topics, both ways', { timeout: 30_000, skip }, async () => {
  const listener = await open({ protocolVersion: 5, clientId: 'alias-listener', properties: { topicAliasMaximum: 5 } });
  const got: string[] = [];
  listener.on('message', (topic, payload) => got.push(`${topic} ${payload.toString()}`));
  await listener.subscribeAsync('alias/#', { qos: 1 });
  const publisher = await open({ protocolVersion: 5, clientId: 'alias-publisher', autoAssignTopicAlias: true });
  for (let n = 0; n < 6; n++) await publisher.publishAsync(`alias/${n % 2}`, String(n), { qos: 1 });
  await until(() => got.length >= 6, 'all messages');
  assert.deepEqual(got.toSorted(), Array.from({ length: 6 }, (_, n) => `alias/${n % 2} ${n}`).toSorted());
  await Promise.all([listener.endAsync(), publisher.endAsync()]);
});

for (const [name, make] of [
  ['3.1.1', mqtt_v4],
  ['5', mqtt_v5],
] as const) {
  test(`u8-mqtt ${name}: QoS 1 both ways, retained, and a mark on what is`, { timeout: 30_000, skip }, async () => {
    const { host, port } = broker();
    const silent = { log_conn: () => undefined };
    const publisher = make(silent).with_tcp(port, host);
    await publisher.connect({ client_id: `u8-pub-${name}`, flags: { clean_start: true } });
    await publisher.store(`u8/${name}/config`, 'kept');
    const client = make(silent).with_tcp(port, host);
    await client.connect({ client_id: `u8-sub-${name}`, flags: { clean_start: true } });
    const got: string[] = [];
    client.subscribe_topic(`u8/${name}/:what`, { qos: 1 }, (packet) =>
      got.push(`${packet.topic} ${packet.utf8()} ${packet.retain ? 'retained' : 'live'}`),
    );
    await client.subs_settled();
    await until(() => got.length > 0, 'the retained message');
    for (let n = 0; n < 20; n++)
      await publisher.send(`u8/${name}/count`, String(n), name === '5' ? { props: { content_type: 'text/x' } } : {});
    await until(() => got.length >= 21, 'all messages');
    assert.deepEqual(got, [`u8/${name}/config kept retained`, ...Array.from({ length: 20 }, (_, n) => `u8/${name}/count ${n} live`)]);
    await publisher.store(`u8/${name}/config`, '');
    await client.disconnect();
    await publisher.disconnect();
  });
}
