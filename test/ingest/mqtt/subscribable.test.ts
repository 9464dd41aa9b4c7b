import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy } from '../../../engine/domain/policy.ts';
import { DEVICE_DEFAULTS } from '../../../ingest/credentials/grants.ts';
import { maySubscribe } from '../../../ingest/mqtt/subscribable.ts';

function judge(allow: readonly string[], device: string | undefined): (filter: string) => boolean {
  const grants = compilePolicy([{ source: 'test', doc: { allow } }], { tenant: 'demo', device });
  return (filter) => maySubscribe({ device, grants }, filter);
}

test('a device hears what comes down to it, as far as its scopes go', () => {
  const may = judge(DEVICE_DEFAULTS.allow, 'd1');
  for (const filter of [
    'v1/#',
    'v1/twin/desired',
    'v1/twin/state',
    'v1/commands/+/request',
    'v1/firmware/#',
    'v1/errors',
    '$share/g/v1/errors',
  ])
    assert.equal(may(filter), true, filter);
  for (const filter of ['#', '+/errors', 'v1', 'v1/telemetry', 'v1/other/#', 'plant/x', 'devices/d1/twin', '$SYS/#', '$share/g'])
    assert.equal(may(filter), false, filter);
});

test('a filter over several of its trees needs the scopes of all', () => {
  const may = judge(['telemetry:write', 'command:respond'], 'd1');
  for (const filter of ['v1/commands/#', 'v1/errors']) assert.equal(may(filter), true, filter);
  for (const filter of ['v1/#', 'v1/+/#', 'v1/twin/desired', 'v1/firmware/offer']) assert.equal(may(filter), false, filter);
});

test('everybody hears of the own tree what was granted, and an application nothing of v1/', () => {
  for (const device of [undefined, 'd1']) {
    const may = judge(['topic:plant/#:sub', 'topic:devices/+/twin:sub'], device);
    for (const filter of ['plant/#', 'plant/+/x', '$share/g/plant/x', 'devices/d1/twin']) assert.equal(may(filter), true, filter);
    for (const filter of ['#', '+/x', 'devices/d1/#']) assert.equal(may(filter), false, filter);
  }
  assert.equal(judge(['twin:read', 'command:respond', 'topic:#:sub'], undefined)('v1/errors'), false);
});

test('a gateway hears what comes down to the devices that it speaks for, as far as its scopes go', () => {
  const may = judge([...DEVICE_DEFAULTS.allow, 'gateway:d1-*'], 'd1');
  for (const filter of [
    'v1/gateway/+/commands/#',
    'v1/gateway/d1-7/commands/#',
    'v1/gateway/d1-7/twin/desired',
    'v1/gateway/d1-7/errors',
    'v1/gateway/+/firmware/offer',
    'v1/gateway/#',
    'v1/gateway/d1-7/#',
    '$share/g/v1/gateway/+/errors',
    'v1/#',
  ])
    assert.equal(may(filter), true, filter);
  for (const filter of ['v1/gateway', 'v1/gateway/d2/commands/#', 'v1/gateway/d1-7/telemetry', 'v1/gateway/d1-7', 'v1/gateway/+/other/#'])
    assert.equal(may(filter), false, filter);
  const partly = judge(['command:respond', 'gateway:*'], 'd1');
  assert.equal(partly('v1/gateway/+/commands/#'), true);
  for (const filter of ['v1/gateway/+/twin/#', 'v1/gateway/#', 'v1/gateway/x/+/#']) assert.equal(partly(filter), false, filter);
  const alone = judge(DEVICE_DEFAULTS.allow, 'd1');
  for (const filter of ['v1/gateway/+/commands/#', 'v1/gateway/d1/commands/#']) assert.equal(alone(filter), false, filter);
  assert.equal(judge([...DEVICE_DEFAULTS.allow, 'gateway:*'], undefined)('v1/gateway/+/commands/#'), false, 'an application is no gateway');
});
