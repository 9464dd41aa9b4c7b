import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { EVENT_BYTES_MAX, TOPIC_BYTES_MAX, USER_PROPERTIES_BYTES_MAX } from '../../../engine/kernel/limits.ts';
import { compilePolicy } from '../../../engine/domain/policy.ts';
import type { AuthResult } from '../../../ingest/message.ts';
import { admit, type Admission, type AdmissionRules } from '../../../ingest/mqtt/admission.ts';
import type { Connect } from '../../../ingest/mqtt/decode-connect.ts';
import { REASON, returnCodeOf } from '../../../ingest/mqtt/packets.ts';
import { testAuthenticator } from './fixtures.ts';

const CONNECT: Connect = {
  level: 5,
  cleanStart: true,
  keepAliveS: 60,
  clientId: '',
  will: undefined,
  userName: 'anybody',
  password: 'device:dev-1',
  sessionExpiryS: 0,
  packetBytesMax: 1_000,
  receiveMaximum: 10,
  topicAliasMaximum: 0,
  wantsProblemInfo: true,
  wantsResponseInfo: false,
  authenticationMethod: undefined,
  userBytes: 0,
};

function decide(connect: Partial<Connect>, rules: Partial<AdmissionRules> = {}): Admission {
  return admit(
    { ...CONNECT, ...connect },
    { authenticator: testAuthenticator(), anonymousTenant: undefined, assignClientId: () => 'edge-1-7', ...rules },
  );
}

function refusal(connect: Partial<Connect>, rules: Partial<AdmissionRules> = {}): number {
  const admission = decide(connect, rules);
  assert.ok(!admission.ok);
  return admission.reason;
}

function clientId(connect: Partial<Connect>, rules: Partial<AdmissionRules> = {}): [string, boolean] {
  const admission = decide(connect, rules);
  assert.ok(admission.ok, JSON.stringify(admission));
  return [admission.client.clientId, admission.client.assigned];
}

test('the token says who speaks, whatever the user name', () => {
  for (const userName of [undefined, 'other-tenant/other-device']) {
    const admission = decide({ userName });
    assert.ok(admission.ok);
    const { grants, ...client } = admission.client;
    assert.deepEqual(client, { tenant: 'demo', device: 'dev-1', credential: 'device:dev-1', clientId: 'dev-1', assigned: true });
    assert.equal(grants.allows('telemetry:write'), true);
    assert.equal(grants.grantsTopics, false);
  }
});

test("a device's client id is its own id, alone or with a suffix", () => {
  assert.deepEqual(clientId({ clientId: '' }), ['dev-1', true]);
  assert.deepEqual(clientId({ clientId: 'dev-1' }), ['dev-1', false]);
  assert.deepEqual(clientId({ clientId: 'dev-1:logger' }), ['dev-1:logger', false]);
  for (const bad of ['dev-2', 'dev-1:', 'dev-1:a b', 'dev-1:a:b', 'dev-11', 'xdev-1', 'dev-1 ']) {
    assert.equal(refusal({ clientId: bad }), REASON.CLIENT_ID_NOT_VALID, bad);
  }
});

test("a suffix is the policy's to grant", () => {
  const { authenticate } = testAuthenticator();
  const authenticator = {
    ...testAuthenticator(),
    authenticate: (token: string): AuthResult => {
      const result = authenticate(token);
      if (!result.ok || result.principal.kind !== 'device') return result;
      const grants = compilePolicy([{ source: 'test', doc: { allow: ['telemetry:write'] } }], { tenant: 'demo' });
      return { ok: true, principal: { ...result.principal, grants } };
    },
  };
  assert.equal(refusal({ clientId: 'dev-1:logger' }, { authenticator }), REASON.CLIENT_ID_NOT_VALID);
  assert.ok(decide({ clientId: 'dev-1' }, { authenticator }).ok);
});

test('an application comes in with something to do here', () => {
  for (const password of ['may:telemetry:write', 'may:topic:a/#:sub', 'may:twin:read topic:a:pub'])
    assert.ok(decide({ password }).ok, password);
  for (const password of ['may:telemetry:read', 'may:twin:read registry:admin'])
    assert.equal(refusal({ password }), REASON.NOT_AUTHORIZED, password);
});

test('an empty client id needs a clean session in 3.1.1', () => {
  assert.equal(refusal({ level: 4, cleanStart: false }), REASON.CLIENT_ID_NOT_VALID);
  assert.deepEqual(clientId({ level: 4, cleanStart: true }), ['dev-1', true]);
  assert.deepEqual(clientId({ level: 5, cleanStart: false }), ['dev-1', true]);
  assert.deepEqual(clientId({ level: 4, cleanStart: false, clientId: 'dev-1' }), ['dev-1', false]);
});

test('applications choose their client id, within bounds', () => {
  assert.deepEqual(clientId({ password: 'key', clientId: 'My App/1' }), ['My App/1', false]);
  assert.deepEqual(clientId({ password: 'key' }), ['edge-1-7', true]);
  assert.deepEqual(clientId({ password: 'key', clientId: 'é'.repeat(64) }), ['é'.repeat(64), false]);
  assert.equal(refusal({ password: 'key', clientId: 'é'.repeat(65) }), REASON.CLIENT_ID_NOT_VALID);
});

test('each credential that does not let in has its reason, and a return code in 3.1.1', () => {
  const table = [
    ['bad', REASON.BAD_USER_NAME_OR_PASSWORD, 4],
    ['revoked', REASON.NOT_AUTHORIZED, 5],
    ['behind', REASON.SERVER_UNAVAILABLE, 3],
    ['admin', REASON.NOT_AUTHORIZED, 5],
    ['reader', REASON.NOT_AUTHORIZED, 5],
    [undefined, REASON.NOT_AUTHORIZED, 5],
  ] as const;
  for (const [password, reason, returnCode] of table) {
    assert.equal(refusal({ password }), reason, password);
    assert.equal(returnCodeOf(reason), returnCode, password);
  }
});

test('without credentials nobody comes in, unless a tenant is named for it', () => {
  const admission = decide({ password: undefined, clientId: 'c' }, { anonymousTenant: 'demo' });
  assert.ok(admission.ok);
  const { grants, ...client } = admission.client;
  assert.deepEqual(client, { tenant: 'demo', device: undefined, credential: undefined, clientId: 'c', assigned: false });
  assert.equal(grants.allowsPublish('any/topic'), true);
  assert.equal(refusal({ password: 'bad' }, { anonymousTenant: 'demo' }), REASON.BAD_USER_NAME_OR_PASSWORD);
});

test('a will is accepted where it could be published, and refused as a message to there would be', () => {
  const said = { delayS: 0, expiryS: undefined, properties: Buffer.alloc(0), userBytes: 0, saysText: false };
  const will = { topic: 'a/b', payload: Buffer.alloc(0), qos: 0, retain: false, ...said };
  assert.equal(refusal({ will }), REASON.NOT_AUTHORIZED);
  for (const accepted of [will, { ...will, retain: true }, { ...will, qos: 2 }, { ...will, delayS: 30 }]) {
    assert.ok(decide({ will: accepted, password: 'may:topic:a/#:pub' }).ok);
  }
  assert.equal(refusal({ will, password: 'may:topic:a/#:sub' }), REASON.NOT_AUTHORIZED);
  const everything = 'may:topic:#:pubsub';
  for (const topic of ['v1/telemetry', 'devices/d/telemetry', 'spBv1.0/g', 'x'.repeat(TOPIC_BYTES_MAX + 1)]) {
    assert.equal(refusal({ will: { ...will, topic }, password: everything }), REASON.TOPIC_NAME_INVALID, topic);
  }
  assert.equal(refusal({ will: { ...will, topic: '$SYS/x' }, password: everything }), REASON.NOT_AUTHORIZED);
  const payload = Buffer.alloc(EVENT_BYTES_MAX + 1);
  assert.equal(refusal({ will: { ...will, payload }, password: everything }), REASON.QUOTA_EXCEEDED);
  assert.equal(refusal({ will: { ...will, userBytes: USER_PROPERTIES_BYTES_MAX + 1 }, password: everything }), REASON.QUOTA_EXCEEDED);
});

test('enhanced authentication is not offered', () => {
  assert.equal(refusal({ authenticationMethod: 'SCRAM-SHA-1' }), REASON.BAD_AUTHENTICATION_METHOD);
});
