/** The devices of one gateway: how many are remembered, who is forgotten, and what is said of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { ConnectionRecord } from '../../../ingest/broker/connection-record.ts';
import { SessionLog, type SessionName } from '../../../ingest/broker/session-log.ts';
import { Gateway, partsOfSubSession, SUB_DEVICES_MAX } from '../../../ingest/mqtt/gateway.ts';
import { GatewayClaims } from '../../../ingest/mqtt/gateway-claims.ts';
import { decodeEvent, decodeDisconnected, KIND } from '../../../schemas/gen/lean.ts';
import { CONTENT_TYPE } from '../../../schemas/envelope.ts';
import type { EventDraft, Intake } from '../../../ingest/message.ts';

const PARTITIONS = 4;

interface Said {
  readonly kind: number;
  readonly device: string;
  readonly session: string;
  readonly gateway: string;
  readonly why: string;
}

/** A lane that takes everything, and says at once that it is stored. */
function recordingIntake(said: Said[]): Intake {
  return {
    partitions: PARTITIONS,
    hasRoom: () => true,
    whenRoom: () => undefined,
    offer: ({ end, payload, prefix, start }: EventDraft, receipt, tag) => {
      const event = decodeEvent(prefix, 0, prefix.length);
      assert.ok(event !== undefined);
      const { device, gateway, kind, session } = event;
      const why = kind === KIND.disconnected ? (decodeDisconnected(payload, start, end)?.why ?? '') : '';
      said.push({ kind, device, session, gateway, why });
      receipt.stored(tag, said.length, 0);
      return true;
    },
  };
}

function gatewayOf(allowed: (device: string) => boolean = () => true) {
  const said: Said[] = [];
  const log = new SessionLog(recordingIntake(said));
  let nowMs = 0;
  let connections = 0;
  const gateway = new Gateway({
    tenant: 'demo',
    device: 'gw',
    clientId: 'gw:7',
    grants: { allowsGateway: allowed },
    partitions: PARTITIONS,
    desk: {
      record: (name: SessionName) =>
        new ConnectionRecord(log, {
          name,
          edgeConnection: ++connections,
          keeper: { find: async (_, place) => Promise.resolve(place), parting: () => () => undefined },
        }),
    },
    connected: { cleanStart: false, expiryS: 100, keepAliveS: 60, level: 5, address: '10.0.0.1' },
    gate: undefined,
    claims: new GatewayClaims('demo/d:gw:7', { number: () => 1, before: 0 }),
    nowMs: () => nowMs,
  });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { gateway, said, pass };
}

test('a device is told of once, in its own partition, with its gateway', () => {
  const { gateway, said } = gatewayOf();
  const device = gateway.use('a');
  assert.equal(gateway.use('a'), device);
  assert.equal(device.partition, partitionOf('demo', 'a', PARTITIONS));
  assert.deepEqual(said, [{ kind: KIND.connected, device: 'a', session: 'd:a@gw:7', gateway: 'gw', why: '' }]);
  const prefix = gateway.prefixOf(device, CONTENT_TYPE.json);
  assert.equal(gateway.prefixOf(device, CONTENT_TYPE.json), prefix, 'encoded once');
  const event = decodeEvent(prefix, 0, prefix.length);
  assert.deepEqual([event?.tenant, event?.device, event?.gateway, event?.contentType], ['demo', 'a', 'gw', CONTENT_TYPE.json]);
});

test('the end of the connection is the end of all its devices, each told once', () => {
  const { gateway, said } = gatewayOf();
  for (const id of ['a', 'b']) gateway.use(id);
  gateway.forget('b', 'refused');
  gateway.close(0x8d, 'keep-alive');
  gateway.close(0, 'client');
  const ends = said.filter(({ kind }) => kind === KIND.disconnected).map(({ device, why }) => [device, why]);
  assert.deepEqual(ends, [
    ['b', 'refused'],
    ['a', 'keep-alive'],
  ]);
  assert.equal(gateway.size, 0);
});

test('beyond the bound the one that rested longest gives way, and nobody does who was used lately', () => {
  const { gateway, said, pass } = gatewayOf();
  for (let i = 0; i < SUB_DEVICES_MAX; i++) gateway.use(`d${i}`);
  gateway.use('d0');
  const before = said.length;
  const guest = gateway.use('guest');
  assert.equal(guest.record, undefined, 'taken all the same, and nobody is told');
  assert.deepEqual([gateway.size, said.length, gateway.find('guest')], [SUB_DEVICES_MAX, before, undefined]);
  assert.ok(gateway.prefixOf(guest, CONTENT_TYPE.json).length > 0);
  pass(60_000);
  assert.ok(gateway.use('guest').record !== undefined);
  assert.deepEqual(
    said.slice(before).map(({ device, kind }) => [device, kind]),
    [
      ['d1', KIND.disconnected],
      ['guest', KIND.connected],
    ],
  );
  assert.equal(gateway.size, SUB_DEVICES_MAX);
});

test('a device that it may not speak for any more is not found, and one that another connection has is let go without a word', () => {
  let isAllowed = true;
  const { gateway, said } = gatewayOf(() => isAllowed);
  gateway.use('a');
  assert.equal(gateway.find('a')?.id, 'a');
  isAllowed = false;
  assert.equal(gateway.find('a'), undefined);
  gateway.release('a');
  gateway.close(0, 'client');
  assert.equal(said.length, 1);
});

test('a session says which device it is of, and through whom', () => {
  assert.deepEqual(partsOfSubSession('d:a@gw:7'), { device: 'a', gateway: 'd:gw:7' });
  for (const other of ['d:gw', 'a:x@y', 's:g@h', '']) assert.equal(partsOfSubSession(other), undefined, other);
});
