import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { TOPIC_BYTES_MAX } from '../../../engine/kernel/limits.ts';
import { REASON } from '../../../ingest/mqtt/packets.ts';
import {
  contentTypeOf,
  gatewayDeviceOf,
  isTopicFilter,
  isTopicName,
  isWholeShare,
  routeOf,
  type Route,
  type RoutingRules,
} from '../../../ingest/mqtt/topics.ts';
import { CONTENT_TYPE } from '../../../schemas/envelope.ts';

const DEVICE: RoutingRules = { isDevice: true };
const APPLICATION: RoutingRules = { isDevice: false };

function route(topic: string, rules: RoutingRules): Route {
  return routeOf(Buffer.from(topic), rules);
}

test('the telemetry topics of a device say the format', () => {
  const table = [
    ['v1/telemetry', undefined],
    ['v1/telemetry/json', CONTENT_TYPE.json],
    ['v1/telemetry/cbor', CONTENT_TYPE.cbor],
    ['v1/telemetry/msgpack', CONTENT_TYPE.msgpack],
    ['v1/telemetry/proto', CONTENT_TYPE.protobuf],
    ['v1/telemetry/senml', CONTENT_TYPE.senmlJson],
  ] as const;
  for (const [topic, contentType] of table) {
    assert.deepEqual(route(topic, DEVICE), { kind: 'telemetry', contentType }, topic);
    assert.deepEqual(route(topic, APPLICATION), { kind: 'refuse', reason: REASON.NOT_AUTHORIZED, why: 'forbidden' }, topic);
  }
});

test('a gateway names a device before its topics', () => {
  assert.deepEqual(route('v1/gateway/sub-1/telemetry', DEVICE), { kind: 'gateway', device: 'sub-1', contentType: undefined });
  assert.deepEqual(route('v1/gateway/a/telemetry/proto', DEVICE), { kind: 'gateway', device: 'a', contentType: CONTENT_TYPE.protobuf });
  assert.deepEqual(route('v1/gateway/a/telemetry', APPLICATION), { kind: 'refuse', reason: REASON.NOT_AUTHORIZED, why: 'forbidden' });
  for (const topic of [
    'v1/gateway/',
    'v1/gateway/a',
    'v1/gateway/a/',
    'v1/gateway//telemetry',
    'v1/gateway/a b/telemetry',
    'v1/gateway/a@b/telemetry',
    'v1/gateway/a/telemetry/xml',
    'v1/gateway/a/commands',
    'v1/gateway/a/gateway/b/telemetry',
    `v1/gateway/${'x'.repeat(65)}/telemetry`,
  ])
    assert.deepEqual(route(topic, DEVICE), { kind: 'refuse', reason: REASON.TOPIC_NAME_INVALID, why: 'unknown-topic' }, topic);
  assert.deepEqual(
    [gatewayDeviceOf('v1/gateway/a/errors'), gatewayDeviceOf('v1/gateway/a'), gatewayDeviceOf('v1/errors')],
    ['a', undefined, undefined],
  );
});

test('reserved topics without a meaning are invalid, and the own tree is for the policy to judge', () => {
  for (const topic of ['v1/telemetry/', 'v1/telemetry/xml', 'v1/telemetry/json/x', 'v1/', 'v1/x', 'devices/d/telemetry', 'spBv1.0/g']) {
    assert.deepEqual(route(topic, DEVICE), { kind: 'refuse', reason: REASON.TOPIC_NAME_INVALID, why: 'unknown-topic' }, topic);
    assert.equal(route(topic, APPLICATION).kind, 'refuse', topic);
  }
  for (const topic of ['$SYS/x', '$share/g/a', '$']) {
    assert.deepEqual(route(topic, APPLICATION), { kind: 'refuse', reason: REASON.NOT_AUTHORIZED, why: 'system-topic' }, topic);
  }
  for (const topic of ['v1', 'telemetry', 'a/b', 'V1/telemetry', '/v1/telemetry', 'devices']) {
    assert.deepEqual(route(topic, DEVICE), { kind: 'tree' }, topic);
    assert.deepEqual(route(topic, APPLICATION), { kind: 'tree' }, topic);
  }
});

test('a topic beyond the limit names the limit', () => {
  assert.deepEqual(route('a'.repeat(TOPIC_BYTES_MAX + 1), DEVICE), {
    kind: 'refuse',
    reason: REASON.TOPIC_NAME_INVALID,
    why: 'topic-bytes',
  });
  assert.equal(route('a'.repeat(TOPIC_BYTES_MAX), DEVICE).kind, 'tree');
});

test('content types are known by their essence', () => {
  assert.equal(contentTypeOf('application/json; charset=utf-8'), CONTENT_TYPE.json);
  assert.equal(contentTypeOf('Application/CBOR'), CONTENT_TYPE.cbor);
  assert.equal(contentTypeOf('application/senml+cbor'), CONTENT_TYPE.senmlCbor);
  assert.equal(contentTypeOf('application/x-protobuf'), CONTENT_TYPE.protobuf);
  assert.equal(contentTypeOf('text/plain'), undefined);
});

test('names and filters follow MQTT 5 §4.7', () => {
  const judge = (check: (bytes: Uint8Array, start: number, end: number) => boolean, text: string): boolean => {
    const bytes = Buffer.from(text);
    return check(bytes, 0, bytes.length);
  };
  for (const name of ['a', '/', 'a//b', 'a b', 'ä/€', '\ufeff']) assert.ok(judge(isTopicName, name), name);
  for (const name of ['', 'a/+', '#', 'a+', 'a\u0000', 'a\u0007']) assert.ok(!judge(isTopicName, name), name);
  for (const filter of ['#', '+', 'a/#', '+/a/+', '/+', 'a/+/#', '+/+', '$share/g/#']) assert.ok(judge(isTopicFilter, filter), filter);
  for (const filter of ['', 'a#', '#/a', 'a+', '+a', 'a/#b', 'a/b+/c', '##', 'a\u0000']) assert.ok(!judge(isTopicFilter, filter), filter);
  assert.ok(isWholeShare('$share/g/a'));
  for (const share of ['$share/', '$share/g', '$share/g/', '$share//a', '$share/+/a', '$share/#/a']) assert.ok(!isWholeShare(share), share);
});
