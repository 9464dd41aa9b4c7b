/**
 * The product from outside, one process tree for all tests: what analysts of a tenant get through the gate, what is left of a
 * device that was erased while the engine was killed, and that no secret, sent or made, stands in a log, a metric or an answer.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generate } from 'mqtt-packet';
import { Product } from '../../loadtest/product/launch.ts';
import { NatsSnapshots } from '../../engine/nats/snapshots.ts';
import { must } from '../../engine/kernel/assert.ts';
import { FORBIDDEN, FORBIDDEN_AT_THE_GATE, OPERATOR_WAYS_OUT } from '../support/forbidden-sql.ts';
import { until } from '../support/processes.ts';
import { queryClickHouse } from '../support/servers.ts';
import { RetainedTree } from './retained-tree.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Sent {
  readonly method?: string;
  readonly token?: string;
  readonly tenant?: string;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a device said that was erased later. */
const CONFIDED = `confided-${randomBytes(9).toString('hex')}`;

describe('the product from outside', () => {
  const product = new Product({ args: ['--snapshot-interval', '2s', '--partitions', '1'] });
  const answers: string[] = [];
  const secrets = new Map<string, string>();
  let admin = '';
  const keys = new Map<string, string>();
  const devices = new Map<string, string>();

  const send = async (path: string, sent: Sent = {}): Promise<Answer> => {
    const body = sent.json === undefined ? sent.text : JSON.stringify(sent.json);
    const response = await fetch(product.httpUrl() + path, {
      method: sent.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(sent.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(sent.token === undefined ? {} : { authorization: `Bearer ${sent.token}` }),
        ...(sent.tenant === undefined ? {} : { 'twinfold-tenant': sent.tenant }),
        ...sent.headers,
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    answers.push(`${path} ${response.status} ${[...response.headers].flat().join(' ')} ${text}`);
    let parsed: Readonly<Record<string, unknown>> = {};
    try {
      parsed = JSON.parse(text) as Readonly<Record<string, unknown>>;
    } catch {
      // Not every answer is JSON.
    }
    return { status: response.status, text, body: parsed };
  };
  const asAdmin = async (path: string, json?: unknown, tenant?: string): Promise<Answer> =>
    send(path, { token: admin, ...(json === undefined ? {} : { json }), ...(tenant === undefined ? {} : { tenant }) });
  const keep = (name: string, secret: unknown): string => {
    assert.equal(typeof secret, 'string', name);
    secrets.set(name, String(secret));
    // It was shown on purpose, this once.
    answers.pop();
    return String(secret);
  };
  /** Pre-shared keys: made, brought along, told again to a repeat, and in all the places where they don't belong. */
  const sendPsks = async (): Promise<void> => {
    const credentials = '/v1/devices/dev-2/credentials';
    const once = { 'idempotency-key': randomBytes(16).toString('hex') };
    const add = (json: unknown, headers = {}): Promise<Answer> => send(credentials, { token: admin, tenant: 'ta', json, headers });
    const made = await add({ type: 'psk' }, once);
    const psk = keep('a pre-shared key', made.body['key']);
    assert.equal(keep('the same, told again', (await add({ type: 'psk' }, once)).body['key']), psk);
    const own = randomBytes(24).toString('hex');
    assert.equal(keep('a pre-shared key of the device’s own', (await add({ type: 'psk', key: own })).body['key']), own);
    const id = String(made.body['id']);
    const turned = await send(`${credentials}/${id}:rotate`, { token: admin, tenant: 'ta', json: {} });
    keep('a pre-shared key after a rotation', turned.body['key']);
    for (const secret of [psk, own]) {
      secrets.set(`${secret === own ? 'one’s own' : 'a'} pre-shared key as base64`, Buffer.from(secret, 'hex').toString('base64'));
      await add({ type: 'psk', key: `${secret}0` }, once);
      await add({ type: 'psk', key: [secret] });
      await add({ type: secret, key: secret });
      await add({ type: 'token', key: secret });
      await send(credentials, {
        token: admin,
        tenant: 'ta',
        text: `{"type":"psk","key":"${secret}`,
        headers: { 'content-type': 'application/json' },
      });
      await send(`${credentials}/${String(turned.body['id'])}:rotate`, { token: admin, tenant: 'ta', json: { key: `${secret}zz` } });
      await send('/telemetry', { token: secret, json: { t: 1 } });
      await connectMqtt(product.mqtt(), { username: 'ta/dev-2', password: secret });
    }
    for (const path of [credentials, '/v1/devices/dev-2', '/v1/audit?kind=device&id=dev-2']) await asAdmin(path, undefined, 'ta');
    assert.equal((await send(`${credentials}/${String(turned.body['id'])}`, { method: 'DELETE', token: admin, tenant: 'ta' })).status, 204);
  };
  const sql = (text: string): Promise<string> =>
    queryClickHouse(product.clickhouse().url, { user: product.clickhouse().user, password: product.clickhouse().password }, text);
  const gate = (tenant: string, text: string): Promise<Answer> =>
    send('/clickhouse/', {
      method: 'POST',
      text,
      headers: { 'x-clickhouse-user': 'analyst', 'x-clickhouse-key': must(keys.get(tenant), tenant) },
    });

  before(async () => {
    await product.start();
    admin = product.adminToken();
    secrets.set('the admin token', admin);
    for (const tenant of ['ta', 'tb']) {
      assert.equal((await asAdmin('/v1/tenants', { id: tenant })).status, 201);
      for (const device of ['dev-1', 'dev-2']) {
        const made = await asAdmin('/v1/devices', { id: device }, tenant);
        devices.set(`${tenant}/${device}`, keep(`the token of ${tenant}/${device}`, made.body['token']));
      }
      const analyst = await asAdmin(`/v1/tenants/${tenant}/analyst`, {});
      assert.equal(analyst.status, 201, analyst.text);
      keys.set(tenant, keep(`the key of ${tenant}'s analyst`, analyst.body['password']));
      for (const device of ['dev-1', 'dev-2']) {
        const said = { fw: tenant === 'ta' && device === 'dev-1' ? CONFIDED : 'ordinary', t: 21 };
        const sent = await send('/telemetry', { token: must(devices.get(`${tenant}/${device}`), device), json: [said, said, said] });
        assert.equal(sent.status, 202, sent.text);
      }
    }
    await until(async () => (await sql("SELECT count() FROM twinfold.events WHERE kind = 'telemetry'")) === '12', 'the rows');
  });
  after(async () => product.dispose());

  it('shows a tenant’s analyst the tenant’s rows, in the formats of ClickHouse’s clients', async () => {
    for (const tenant of ['ta', 'tb']) {
      const all = await gate(tenant, "SELECT tenant, count() FROM events WHERE kind = 'telemetry' GROUP BY tenant");
      assert.equal(all.text, `${tenant}\t6\n`, all.text);
      const json = await gate(tenant, 'SELECT tenant, count() AS n FROM twinfold.telemetry GROUP BY ALL FORMAT JSONEachRow');
      assert.deepEqual(json.body, { tenant, n: 6 });
    }
    const token = must(keys.get('ta'), 'ta');
    const ways = [
      send(`/clickhouse/?password=${token}&query=SELECT+{n:UInt8}&param_n=7`),
      send('/clickhouse?query=SELECT+7', { token }),
      send('/clickhouse/?query=SELECT', {
        method: 'POST',
        text: ' 7',
        headers: { authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` },
      }),
    ];
    for (const way of await Promise.all(ways)) assert.deepEqual([way.status, way.text], [200, '7\n']);
    assert.equal((await send('/clickhouse/ping')).text, 'Ok.\n');
    answers.splice(0, answers.length, ...answers.filter((answer) => !answer.includes('password=')));
  });

  it('lets nothing else through the gate', async () => {
    const port = new URL(product.clickhouse().url).port;
    const passed: string[] = [];
    for (const statement of [...FORBIDDEN, ...FORBIDDEN_AT_THE_GATE]) {
      const answer = await gate('ta', statement.replaceAll('{port}', port));
      if (answer.status < 400 || answer.text.includes('root:'))
        passed.push(`${statement} -> ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    assert.deepEqual(passed, []);
    const names = (await sql('SELECT name FROM system.table_functions ORDER BY name')).split('\n');
    const open = [];
    for (const name of names) {
      const table = await gate('ta', `SELECT * FROM ${name}('1', '2') LIMIT 1`);
      const right = await gate('ta', `SELECT 1 WHERE (1, 1) IN ${name}('twinfold', 'events')`);
      if (
        table.body['code'] !== 'forbidden' &&
        !/^(generate_?series|null|numbers|numbers_mt|primes|values|view|zeros|zeros_mt|viewIfPermitted)$/i.test(name)
      )
        open.push(name);
      // A name of a plain function as well is only that here, or nothing at all.
      if (right.status < 400 && !/^(generate_?series|null|numbers|numbers_mt|primes|values|view|zeros|zeros_mt|format)$/i.test(name))
        open.push(`IN ${name}`);
    }
    assert.deepEqual(open, []);
    for (const query of [
      'dialect=kusto',
      'session_id=x',
      'max_memory_usage=0',
      'allow_ddl=1',
      'format_template_row=/etc/passwd',
      'decompress=1',
    ])
      assert.equal((await send(`/clickhouse/?query=SELECT+1&${query}`, { token: must(keys.get('ta'), 'ta') })).status, 400, query);
  });

  it('shows the operator’s analyst all tenants, by the same gate alone', async () => {
    const password = readFileSync(join(product.data, 'clickhouse', 'demo.password'), 'utf8').trim();
    const port = new URL(product.clickhouse().url).port;
    const asOperator = (text: string): Promise<Answer> =>
      send('/clickhouse/', { method: 'POST', text, headers: { 'x-clickhouse-user': 'demo', 'x-clickhouse-key': password } });
    // As the banner says it.
    const sent = `/clickhouse/?user=demo&password=${password}`;
    const shown = 'select device, event_time, metric, value, position from twinfold.telemetry order by event_time desc limit 5';
    const printed = await send(sent, { method: 'POST', text: shown });
    assert.equal(printed.status, 200, printed.text);
    assert.equal(printed.text.trim().split('\n').length, 5);
    answers.pop();
    assert.equal(
      (await asOperator("SELECT tenant, count() FROM events WHERE kind = 'telemetry' GROUP BY tenant ORDER BY tenant")).text,
      'ta\t6\ntb\t6\n',
    );
    assert.match((await asOperator('SELECT * FROM events LIMIT 1 FORMAT JSONEachRow')).text, /"position":"/);

    const files = [...OPERATOR_WAYS_OUT['the scalar function file()'], ...FORBIDDEN_AT_THE_GATE];
    const ways = [...Object.entries(OPERATOR_WAYS_OUT), ['what else no analyst gets', [...FORBIDDEN, ...files]] as const];
    const passed: string[] = [];
    for (const [what, statements] of ways) {
      for (const statement of statements) {
        const answer = await asOperator(
          statement.replaceAll('{port}', port).replaceAll('{secret}', join(product.data, 'clickhouse', 'twinfold.password')),
        );
        if (answer.status < 400 || answer.text.includes('root:'))
          passed.push(`${what}: ${statement} -> ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
    assert.deepEqual(passed, []);

    // The store itself doesn't know what is shown at the gate, and the gate takes it for nothing else.
    await assert.rejects(queryClickHouse(product.clickhouse().url, { user: 'demo', password }, 'SELECT 1'), /Code: 516\./);
    for (const other of [
      { user: 'analyst', key: password },
      { user: 'demo', key: `${password}x` },
      { user: 'demo', key: '' },
      { user: 'reader', key: password },
    ]) {
      const answer = await send('/clickhouse/?query=SELECT+1', {
        headers: { 'x-clickhouse-user': other.user, 'x-clickhouse-key': other.key },
      });
      assert.equal(answer.status, 401, other.user);
    }
    assert.equal((await send('/v1/tenants', { token: password })).status, 401);
    const byKey = await send('/clickhouse/?query=SELECT+DISTINCT+tenant+FROM+events', {
      headers: { 'x-clickhouse-user': 'demo', 'x-clickhouse-key': must(keys.get('ta'), 'ta') },
    });
    assert.equal(byKey.text, 'ta\n', 'a tenant’s key stays a tenant’s key, whatever name stands beside it');
  });

  it('asks for the right key, and tells tenants apart by it alone', async () => {
    assert.equal((await send('/clickhouse/?query=SELECT+1')).status, 401);
    assert.equal((await send('/clickhouse/?query=SELECT+1', { token: `${must(keys.get('ta'), 'ta')}x` })).status, 401);
    assert.equal((await send('/clickhouse/?query=SELECT+1', { token: must(devices.get('ta/dev-1'), 'dev-1') })).status, 403);
    assert.equal((await send('/clickhouse/?query=SELECT+1', { token: must(keys.get('ta'), 'ta'), tenant: 'tb' })).status, 403);
    assert.equal((await send('/v1/tenants/tb/analyst', { token: must(keys.get('ta'), 'ta') })).status, 403);
    const renewed = await asAdmin('/v1/tenants/tb/analyst', {});
    const former = must(keys.get('tb'), 'tb');
    keys.set('tb', keep('the next key of tb', renewed.body['password']));
    await until(async () => (await send('/clickhouse/?query=SELECT+1', { token: former })).status === 401, 'the end of the former key');
    assert.equal((await gate('tb', "SELECT count() FROM events WHERE kind = 'telemetry'")).text, '6\n');
    assert.equal((await send('/v1/tenants/tb/analyst', { method: 'DELETE', token: admin })).status, 204);
    assert.equal((await gate('tb', 'SELECT 1')).status, 401);
  });

  it('erases a device, though the engine is killed in the middle', async () => {
    const erase = (confirm: string, token = admin): Promise<Answer> =>
      send('/v1/devices/dev-1:erase', { token, tenant: 'ta', json: { confirm } });
    assert.equal((await erase('dev-2')).status, 400, 'nobody erases by mistake');
    assert.equal((await erase('dev-1', must(devices.get('ta/dev-2'), 'dev-2'))).status, 403);
    const position = await sql("SELECT position FROM twinfold.events WHERE tenant = 'ta' AND device = 'dev-1' LIMIT 1");
    assert.equal((await asAdmin(`/v1/events/${position}`, undefined, 'ta')).status, 200);
    const nats = await product.nats();
    try {
      const snapshots = await NatsSnapshots.on(nats, 1);
      const knowing = async (): Promise<number> => {
        let found = 0;
        for (const name of await snapshots.list(0)) if (Buffer.from((await snapshots.get(name)) ?? []).includes(CONFIDED)) found += 1;
        return found;
      };
      await until(async () => (await knowing()) > 0, 'a snapshot that knows it');
      const policy = { allow: ['topic:plant/#:pubsub'] };
      assert.equal((await send('/v1/devices/dev-1', { method: 'PATCH', token: admin, tenant: 'ta', json: { policy } })).status, 200);
      const { body: made } = await asAdmin('/v1/keys', { kind: 'api', scopes: ['telemetry:read'], policy }, 'ta');
      const tree = new RetainedTree(product.mqtt(), keep('a key for the tree', made['key']));
      await tree.retain('plant/device', CONFIDED, must(devices.get('ta/dev-1'), 'dev-1'));
      await tree.retain('plant/application', CONFIDED);
      assert.deepEqual(await tree.found('plant/device', 'plant/application'), ['plant/device', 'plant/application']);
      const asked = await erase('dev-1');
      assert.equal(asked.status, 202, asked.text);
      assert.ok(Date.parse(String(asked.body['completeBy'])) > Date.now());
      process.kill(must(product.pidOf('engine'), 'engine'), 'SIGKILL');
      assert.equal((await send('/telemetry', { token: must(devices.get('ta/dev-1'), 'dev-1'), json: { t: 1 } })).status, 401);
      let state: Answer | undefined;
      const deadline = performance.now() + 90_000;
      while (state?.body['state'] !== 'done') {
        assert.ok(performance.now() < deadline, `not erased: ${state?.text}`);
        await new Promise((resolve) => setTimeout(resolve, 250));
        state = await asAdmin('/v1/devices/dev-1/erasure', undefined, 'ta');
      }
      assert.equal(state.body['position'], asked.body['position']);
      assert.equal(await sql("SELECT kind FROM twinfold.events WHERE tenant = 'ta' AND device = 'dev-1'"), 'erased');
      assert.equal(await sql(`SELECT count() FROM twinfold.events WHERE tenant = 'ta' AND position(payload, '${CONFIDED}') > 0`), '0');
      assert.equal((await asAdmin(`/v1/events/${position}`, undefined, 'ta')).status, 404);
      assert.equal((await asAdmin('/v1/devices/dev-1/twin', undefined, 'ta')).status, 404);
      assert.equal((await asAdmin('/v1/devices/dev-1', undefined, 'ta')).status, 404);
      // The device of the same name in another tenant goes on.
      assert.equal((await asAdmin('/v1/devices/dev-1/twin', undefined, 'tb')).status, 200);
      assert.equal((await send('/telemetry', { token: must(devices.get('tb/dev-1'), 'tb/dev-1'), json: { t: 2 } })).status, 202);
      assert.equal(await knowing(), 0, 'no snapshot knows it');
      assert.deepEqual(await tree.found('plant/device', 'plant/application'), ['plant/application']);
      assert.match((await asAdmin('/v1/partitions')).text, /"topics":\{"partition":0,"state":"following"/);
    } finally {
      await nats.close();
    }
  });

  it('writes no secret anywhere', async () => {
    const wrong = `tfd_ta.dev-2.${randomBytes(6).toString('hex')}.${randomBytes(32).toString('base64url')}`;
    secrets.set('a token that nobody has', wrong);
    const password = `mqtt-${randomBytes(12).toString('hex')}`;
    secrets.set('an MQTT password', password);
    const key = must(keys.get('ta'), 'ta');
    const good = must(devices.get('ta/dev-2'), 'dev-2');
    const hook = `hook-${randomBytes(16).toString('hex')}`;
    secrets.set('a hook’s secret', hook);
    for (const secret of [wrong, key, good, admin]) {
      await send('/telemetry', { token: secret, json: { t: 1 } });
      await send('/telemetry', { token: secret, text: `{"token":"${secret}","payload":` });
      await send('/telemetry', { token: good, json: { token: secret, payload: { t: 1 } } });
      await send('/v1/devices', { token: secret, json: { id: secret } });
      await send('/v1/tenants', { token: secret, json: { id: secret, more: secret } });
      await send('/v1/keys', { token: secret, tenant: 'ta', json: { kind: 'api', scopes: [secret] } });
      await send('/clickhouse/?query=SELECT+1', { headers: { 'x-clickhouse-key': `${secret}${secret}` } });
      await send('/telemetry', { headers: { authorization: `Basic ${secret}` }, json: {} });
      await send('/telemetry', { headers: { authorization: secret }, json: {} });
      await connectMqtt(product.mqtt(), { username: 'ta/dev-2', password: secret });
    }
    await sendPsks();
    await send('/v1/groups', {
      token: admin,
      tenant: 'ta',
      json: { id: 'g', provisioning: { reclaim: false, hook: { url: 'ftp://x', secret: hook } } },
    });
    await connectMqtt(product.mqtt(), { username: 'ta/dev-2', password });
    for (const path of ['/metrics', '/readyz', '/healthz', '/v1/partitions', '/v1/devices', '/v1/keys', '/v1/audit', '/v1/groups'])
      await asAdmin(path, undefined, 'ta');
    // The operator's password there is shown when the product starts on somebody's own machine.
    secrets.set('the password behind the gate', readFileSync(join(product.data, 'clickhouse', 'reader.password'), 'utf8').trim());
    secrets.set('ClickHouse’s password', readFileSync(join(product.data, 'clickhouse', 'twinfold.password'), 'utf8').trim());
    secrets.set('the log server’s token', readFileSync(join(product.data, 'nats', 'token'), 'utf8').trim());
    for (const login of JSON.parse(readFileSync(join(product.data, 'clickhouse', 'analysts.json'), 'utf8')) as readonly {
      password: string;
    }[])
      secrets.set(`an analyst's login ${secrets.size}`, login.password);
    const written = [...logsBelow(product.data), ...answers.map((text, i) => ({ name: `answer ${i}`, text }))];
    assert.ok(written.some(({ name }) => name.endsWith('.log')) && answers.length > 50);
    const found: string[] = [];
    for (const [name, secret] of secrets) {
      // Of a token, the secret is what follows the last dot.
      const part = must(secret.split('.').at(-1), 'secret').replace(/^tfa_/, '');
      for (const { name: where, text } of written)
        if (text.includes(part))
          found.push(`${name} in ${where}: ${text.slice(Math.max(0, text.indexOf(part) - 120), text.indexOf(part))}`);
    }
    assert.deepEqual(found, []);
  });
});

/** Everything in the data folder that is a log, or that something wrote for people. */
function logsBelow(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(log|out)(\.\d+)?$|^endpoints\.json$/.test(entry.name))
    .map((entry) => ({ name: join(entry.parentPath, entry.name), text: readFileSync(join(entry.parentPath, entry.name), 'latin1') }));
}

/** A CONNECT, and whatever comes back until the connection ends or a moment has passed. */
async function connectMqtt(
  address: { readonly host: string; readonly port: number },
  login: { readonly username: string; readonly password: string },
): Promise<void> {
  const socket = connect(address);
  const packet = generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 5,
    clientId: '',
    clean: true,
    keepalive: 10,
    ...login,
    password: Buffer.from(login.password),
  });
  await new Promise<void>((resolve) => {
    socket.once('data', () => socket.destroy());
    socket.once('error', () => undefined);
    socket.once('close', () => resolve());
    socket.setTimeout(5_000, () => socket.destroy());
    socket.write(packet);
  });
}
