/** `Idempotency-Key`, on two edges over a real log: what a repeat is told, whoever is asked, and what lies in the store. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { hash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SecretKey } from '../../../ingest/credentials/secret-key.ts';
import { type Answer, assertProblem, type Edge, makeTenant, send, type Tenant } from './edge.ts';
import { type EdgePair, startPair } from './edge-pair.ts';

const CLAIM_MS = 1_500;
const ANSWER_BYTES_MAX = 4_096;

let pair: EdgePair;
let tenant: Tenant;
let other: Tenant;

before(async () => {
  pair = await startPair({ claimMs: CLAIM_MS, answerBytesMax: ANSWER_BYTES_MAX });
  tenant = await makeTenant(pair.a, 'demo', 1);
  other = await makeTenant(pair.a, 'other', 1);
  await pair.level();
});
after(async () => pair.stop());

interface Asked {
  readonly edge?: Edge;
  readonly token?: string;
  readonly method?: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const ask = async (path: string, key: string, { edge = pair.a, headers, token = tenant.key, ...sent }: Asked = {}): Promise<Answer> =>
  send(edge, path, { ...sent, token, headers: { 'idempotency-key': key, ...headers } });

const isReplayed = ({ headers }: Answer): boolean => headers.get('idempotency-replayed') === 'true';

function assertSame(again: Answer, first: Answer): void {
  assert.equal(again.status, first.status, again.text);
  assert.equal(again.text, first.text);
  assert.deepEqual([isReplayed(first), isReplayed(again)], [false, true]);
  for (const name of ['content-type', 'location', 'etag']) assert.equal(again.headers.get(name), first.headers.get(name), name);
}

function countOf(edge: Edge, outcome: string): number {
  const line = edge.metrics
    .render()
    .split('\n')
    .find((one) => one.startsWith('twinfold_idempotency_keys_total') && one.includes(`"${outcome}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** Waits in a registration's hook until it is told to go on. */
async function slowHook(): Promise<{ readonly url: string; readonly called: Promise<void>; go(): void; stop(): void }> {
  let tell = (): void => undefined;
  let go = (): void => undefined;
  const called = new Promise<void>((resolve) => (tell = resolve));
  const free = new Promise<void>((resolve) => (go = resolve));
  const server = createServer((request, response) => {
    request.resume();
    tell();
    void free.then(() => response.end('{"allow":true}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, called, go, stop: () => server.close() };
}

async function provisioningKey(group: string, hook: string): Promise<string> {
  const made = await send(pair.a, '/v1/groups', {
    token: tenant.key,
    json: { id: group, provisioning: { hook: { url: hook, secret: 'a-secret-of-the-hook' } } },
  });
  assert.equal(made.status, 201, made.text);
  const key = await send(pair.a, '/v1/keys', { token: tenant.key, json: { kind: 'provisioning', group } });
  await pair.level();
  return String(key.body['key']);
}

describe('a repeat', () => {
  it('is told what the first one was, and does nothing', async () => {
    const answeredBefore = countOf(pair.a, 'answered');
    const first = await ask('/v1/devices', 'first', { json: { id: 'once' } });
    assert.equal(first.status, 201, first.text);
    const again = await ask('/v1/devices', 'first', { json: { id: 'once' } });
    assertSame(again, first);
    assert.match(String(again.body['token']), /^tfd_/);
    assert.equal(countOf(pair.a, 'answered'), answeredBefore + 1);
    assertProblem(await send(pair.a, '/v1/devices', { token: tenant.key, json: { id: 'once' } }), 'already-registered');
  });

  it('is known for every method, for refusals too, and without a body', async () => {
    await ask('/v1/groups', randomUUID(), { json: { id: 'changed' } });
    for (const [path, sent, status] of [
      ['/v1/groups/changed', { method: 'PATCH', json: { description: 'x' } }, 200],
      ['/v1/devices/once', { method: 'PATCH', json: { tags: { a: 1 } }, headers: { 'if-match': '"1"' } }, 412],
      ['/v1/devices', { json: { id: 'once' } }, 409],
      ['/v1/devices', { json: { id: 'not an id' } }, 400],
      ['/v1/devices/once:disable', { method: 'POST' }, 200],
      ['/v1/groups/changed', { method: 'DELETE' }, 204],
    ] as const) {
      const key = randomUUID();
      const first = await ask(path, key, sent);
      assert.equal(first.status, status, first.text);
      assertSame(await ask(path, key, sent), first);
    }
    const fresh = await ask('/v1/groups/changed', randomUUID(), { method: 'DELETE' });
    assertProblem(fresh, 'not-found');
  });

  it('with another body, path or method is refused, and does nothing', async () => {
    await ask('/v1/devices', 'mine', { json: { id: 'body-1' } });
    for (const [path, sent] of [
      ['/v1/devices', { json: { id: 'body-2' } }],
      ['/v1/groups', { json: { id: 'body-1' } }],
      ['/v1/devices?x=1', { json: { id: 'body-1' } }],
      ['/v1/devices/body-1', { method: 'DELETE' }],
    ] as const) {
      const answer = await ask(path, 'mine', sent);
      assertProblem(answer, 'idempotency-key-reused');
      assert.equal(isReplayed(answer), false);
    }
    assert.equal(pair.a.registry.device('demo', 'body-2'), undefined);
    assert.ok(pair.a.registry.device('demo', 'body-1') !== undefined);
  });

  it('of another sender is a first one', async () => {
    const key = 'everybodys';
    const first = await ask('/v1/devices', key, { json: { id: 'mine' } });
    const theirs = await ask('/v1/devices', key, { json: { id: 'mine' }, token: other.key });
    assert.deepEqual([first.status, theirs.status, isReplayed(theirs)], [201, 201, false]);
    assert.notEqual(first.body['token'], theirs.body['token']);
    for (const named of ['demo', 'other']) {
      const admin = await ask('/v1/devices', key, { json: { id: 'admins' }, token: pair.a.admin, headers: { 'twinfold-tenant': named } });
      assert.deepEqual([admin.status, admin.body['tenant'], isReplayed(admin)], [201, named, false]);
    }
    const second = await send(pair.a, '/v1/keys', { token: tenant.key, json: { kind: 'api', scopes: ['registry:admin'] } });
    const colleague = await ask('/v1/devices', key, { json: { id: 'mine' }, token: String(second.body['key']) });
    assertProblem(colleague, 'already-registered');
  });

  it('is answered by the other edge, and by one that came later', async () => {
    const first = await ask('/v1/devices', 'roaming', { json: { id: 'roamer' } });
    await pair.level();
    assertSame(await ask('/v1/devices', 'roaming', { json: { id: 'roamer' }, edge: pair.b }), first);
    assertProblem(await ask('/v1/devices', 'roaming', { json: { id: 'x' }, edge: pair.b }), 'idempotency-key-reused');
    const later = await pair.more({ name: 'edge-a', epoch: 9 });
    assertSame(await ask('/v1/devices', 'roaming', { json: { id: 'roamer' }, edge: later }), first);
  });

  it('is let in no more than a first one', async () => {
    const made = await send(pair.a, '/v1/keys', { token: tenant.key, json: { kind: 'api', scopes: ['registry:admin'] } });
    const token = String(made.body['key']);
    const first = await ask('/v1/devices', 'let-in', { json: { id: 'let-in' }, token });
    assert.equal(first.status, 201);
    assert.equal((await send(pair.a, `/v1/keys/${String(made.body['id'])}`, { method: 'DELETE', token: tenant.key })).status, 204);
    assertProblem(await ask('/v1/devices', 'let-in', { json: { id: 'let-in' }, token }), 'unauthorized');
    assertProblem(await ask('/v1/devices', 'let-in', { json: { id: 'let-in' }, token: tenant.devices[0]?.token ?? '' }), 'forbidden');
  });
});

describe('two at once', () => {
  it('are one that is carried out, and one that is told to wait', async () => {
    const hook = await slowHook();
    try {
      const token = await provisioningKey('waiting', hook.url);
      const register = async (edge: Edge, json: unknown = { id: 'hooked' }): Promise<Answer> =>
        ask('/register', 'both', { edge, json, token });
      const first = register(pair.a);
      await hook.called;
      for (const edge of [pair.a, pair.b]) {
        const second = await register(edge);
        assertProblem(second, 'idempotency-in-flight');
        assert.equal(second.body['retryAfterMs'], 1_000);
        assertProblem(await register(edge, { id: 'another' }), 'idempotency-key-reused');
      }
      // Longer than a claim lasts that nobody renews.
      await new Promise((resolve) => setTimeout(resolve, CLAIM_MS * 1.5));
      assertProblem(await register(pair.b), 'idempotency-in-flight');
      hook.go();
      const answer = await first;
      assert.equal(answer.status, 201, answer.text);
      await pair.level();
      assertSame(await register(pair.a), answer);
      const elsewhere = await register(pair.b);
      assert.deepEqual([elsewhere.status, elsewhere.text], [201, answer.text]);
      // Without the key it is what it always was.
      assertProblem(await send(pair.a, '/register', { json: { id: 'hooked' }, token }), 'already-registered');
    } finally {
      hook.go();
      hook.stop();
    }
  });

  it('of many one makes the device, whatever the edge', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, async (_, i) =>
        ask('/v1/devices', 'race', { edge: i % 2 === 0 ? pair.a : pair.b, json: { id: 'raced' } }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201);
    assert.ok(made.length >= 1);
    assert.equal(new Set(made.map(({ text }) => text)).size, 1, 'there is one answer');
    assert.equal(made.filter((one) => !isReplayed(one)).length, 1);
    for (const one of answers) if (one.status !== 201) assertProblem(one, 'idempotency-in-flight');
  });
});

describe('a claim that an edge left when it died', () => {
  const leave = async (key: string, edge: string): Promise<string> => {
    const subject = hash('sha256', JSON.stringify(['demo', `tfk_demo.${tenant.key.split('.')[1]}`, key]), 'base64url');
    const content = { fingerprint: hash('sha256', `POST /v1/devices\n{"id":"${key}"}`, 'base64url') };
    const sealed = pair.secretKey.seal(Buffer.from(JSON.stringify(content)), `idempotency/${subject}`);
    await pair.answers.put(subject, Buffer.from(JSON.stringify({ v: 1, state: 'claimed', edge, epoch: 0, sealed })), 0);
    return subject;
  };

  it('is free after its time, and only for the same request', async () => {
    await leave('left', 'edge-gone');
    assertProblem(await ask('/v1/devices', 'left', { json: { id: 'left' } }), 'idempotency-in-flight');
    assertProblem(await ask('/v1/devices', 'left', { json: { id: 'x' } }), 'idempotency-key-reused');
    await new Promise((resolve) => setTimeout(resolve, CLAIM_MS));
    assertProblem(await ask('/v1/devices', 'left', { json: { id: 'x' } }), 'idempotency-key-reused');
    const [one, two] = await Promise.all([pair.a, pair.b].map(async (edge) => ask('/v1/devices', 'left', { edge, json: { id: 'left' } })));
    assert.deepEqual([one?.status, two?.status].toSorted((x, y) => Number(x) - Number(y))[0], 201);
    const again = await ask('/v1/devices', 'left', { json: { id: 'left' } });
    assert.deepEqual([again.status, isReplayed(again)], [201, true]);
    assert.equal(countOf(pair.a, 'taken-over') + countOf(pair.b, 'taken-over'), 1);
  });

  it('is free at once for the edge that came back in its place', async () => {
    await leave('back', 'edge-a');
    assertProblem(await ask('/v1/devices', 'back', { edge: pair.b, json: { id: 'back' } }), 'idempotency-in-flight');
    assert.equal((await ask('/v1/devices', 'back', { json: { id: 'back' } })).status, 201);
  });
});

describe('a key', () => {
  it('has its grammar, and is said to break it', async () => {
    for (const key of ['k', '!~', '"quoted"', 'k'.repeat(255)]) {
      const answer = await ask('/v1/devices', key, { json: { id: `g-${key.length}-${key.charCodeAt(0)}` } });
      assert.equal(answer.status, 201, answer.text);
    }
    for (const key of ['', 'k'.repeat(256), 'a b', 'a, b', '\u00e9']) {
      const answer = await ask('/v1/devices', key, { json: { id: 'refused' } });
      assertProblem(answer, 'malformed');
      assert.equal(answer.body['limit'], 'idempotency-key');
    }
    assert.equal(pair.a.registry.device('demo', 'refused'), undefined);
  });

  it('is passed over where nothing is changed, and by streams', async () => {
    const get = await ask('/v1/devices/dev-1', 'a b');
    assert.equal(get.status, 200);
    const token = tenant.devices[0]?.token ?? '';
    for (const json of [{ t: 1 }, { t: 2 }]) assert.equal((await ask('/telemetry', 'stream', { json, token })).status, 202);
    for (const line of ['{"id":"line-1"}', '{"id":"line-2"}']) {
      const told = await send(pair.a, '/v1/devices:import', {
        token: tenant.key,
        headers: { 'idempotency-key': 'stream', 'content-type': 'application/x-ndjson' },
        body: `${line}\n`,
      });
      assert.match(told.text, /"outcome":"created"/);
    }
    const explain = { credential: `tfk_demo.${tenant.key.split('.')[1]}`, action: 'twin:read' };
    for (const json of [explain, { ...explain, action: 'twin:write' }])
      assert.notEqual((await ask('/v1/policies:explain', 'stream', { json })).status, 422);
  });

  it('is free again where the call may be tried again', async () => {
    const hook = createServer((request, response) => {
      request.resume();
      response.statusCode = isUp ? 200 : 500;
      response.end('{"allow":true}');
    });
    let isUp = false;
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    try {
      const token = await provisioningKey('flaky', `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`);
      const register = async (): Promise<Answer> => ask('/register', 'again', { json: { id: 'flaky' }, token });
      assertProblem(await register(), 'hook-unavailable');
      isUp = true;
      const answer = await register();
      assert.deepEqual([answer.status, isReplayed(answer)], [201, false]);
    } finally {
      hook.close();
    }
  });

  it('of an answer too large to keep is used up: the call was carried out, once', async () => {
    const sent = {
      json: { id: 'large', tags: { text: 'x'.repeat(3_500) }, externalIds: ['l'.repeat(128), 'm'.repeat(128), 'n'.repeat(128)] },
    };
    const first = await ask('/v1/devices', 'large', sent);
    assert.equal(first.status, 201, first.text);
    assert.ok(first.text.length > ANSWER_BYTES_MAX);
    const again = await ask('/v1/devices', 'large', sent);
    assertProblem(again, 'idempotency-answer-not-kept');
    assert.equal(again.body['limit'], 'idempotency-answer-bytes');
    assert.match(String(again.body['detail']), /status 201/);
    assertProblem(await ask('/v1/devices', 'large', { json: { id: 'x' } }), 'idempotency-key-reused');
  });

  it('is not taken while it can’t be kept', async () => {
    const down = (): Promise<never> => Promise.reject(new Error('down'));
    const edge = await pair.more({ answers: { put: down, last: down, forget: down }, name: 'edge-d', epoch: 4 });
    const answer = await ask('/v1/devices', 'nowhere', { edge, json: { id: 'nowhere' } });
    assertProblem(answer, 'log-unavailable');
    assert.equal(answer.body['limit'], 'idempotency-store');
    assert.equal(edge.registry.device('demo', 'nowhere'), undefined);
    assert.equal((await send(edge, '/v1/devices', { token: tenant.key, json: { id: 'nowhere' } })).status, 201);
  });

  it('goes with a body that is too large or cut, as without it', async () => {
    for (const headers of [{ 'idempotency-key': 'too-large' }, {}]) {
      const whole = await send(pair.a, '/v1/devices', { token: tenant.key, headers, json: { id: 'big', tags: { t: 'x'.repeat(70_000) } } });
      assertProblem(whole, 'too-large');
      const chunks = ReadableStream.from([Buffer.from('{"id":"'), Buffer.alloc(70_000, 'x')]);
      const chunked = await send(pair.a, '/v1/devices', {
        token: tenant.key,
        headers: { ...headers, 'content-type': 'application/json' },
        body: chunks as ReadableStream,
      });
      assertProblem(chunked, 'too-large');
    }
    assert.equal((await ask('/v1/devices', 'too-large', { json: { id: 'not-so-big' } })).status, 201);
    for (const sent of [
      { headers: { 'content-type': 'application/json' }, body: '{"id":' },
      { headers: { 'content-type': 'text/html' }, body: '<p>' },
    ]) {
      const plain = await send(pair.a, '/v1/devices', { token: tenant.key, ...sent });
      const keyed = await send(pair.a, '/v1/devices', {
        token: tenant.key,
        ...sent,
        headers: { ...sent.headers, 'idempotency-key': randomUUID() },
      });
      assert.deepEqual([keyed.status, keyed.text], [plain.status, plain.text]);
    }
  });
});

describe('what is kept', () => {
  it('is sealed: no secret that was told or sent is in the store’s bytes', async () => {
    const own = randomBytes(32).toString('hex');
    const key = `key-${randomUUID()}`;
    const told = [
      await ask('/v1/devices', key, { json: { id: 'sealed' } }),
      await ask('/v1/keys', `${key}-2`, { json: { kind: 'api', scopes: ['twin:read'] } }),
      await ask('/v1/devices/sealed/credentials', `${key}-3`, { json: { type: 'psk', key: own } }),
      await ask('/v1/devices/sealed/credentials', `${key}-4`, { json: { type: 'psk' } }),
    ];
    for (const answer of told) assert.equal(answer.status, 201, answer.text);
    const shown = told.flatMap(({ body }) => [body['token'], body['key']]).filter((secret) => typeof secret === 'string');
    const secrets = [own, ...shown].map((secret) => secret.split('.').at(-1) ?? '');
    assert.equal(secrets.length, 5);
    assert.ok(secrets.every((secret) => secret.length >= 43));
    const written = filesBelow(pair.nats.folder).map((file) => readFileSync(file));
    const isWritten = (bytes: Buffer): boolean => written.some((file) => file.includes(bytes));
    assert.ok(isWritten(Buffer.from('idem.')) && isWritten(Buffer.from('"state":"answered"')), 'the store is looked at');
    for (const secret of secrets)
      for (const form of [
        secret,
        Buffer.from(secret).toString('base64').slice(0, 40),
        Buffer.from(secret).toString('base64url').slice(2, 40),
      ])
        assert.ok(!isWritten(Buffer.from(form)), 'a secret in clear');
    for (const secret of [own, String(told[3]?.body['key'])])
      assert.ok(!isWritten(Buffer.from(secret, 'hex')), 'a pre-shared key in clear');
    assert.ok(!isWritten(Buffer.from(key)), 'nor is the key of the call');
    const stranger = await pair.more({ secretKey: new SecretKey(randomBytes(32), randomBytes), name: 'edge-e', epoch: 5 });
    const elsewhere = await ask('/v1/devices', key, { edge: stranger, json: { id: 'sealed' } });
    assertProblem(elsewhere, 'idempotency-answer-not-kept');
    assert.match(String(elsewhere.body['detail']), /--secret-key-file/);
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
