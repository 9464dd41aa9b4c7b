/** A message that is kept doesn't keep the batch that it came in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from '../../../engine/kernel/position.ts';
import { readTopicMessage } from '../../../ingest/broker/topic-message.ts';
import { KIND, VIA } from '../../../schemas/envelope.ts';
import { encodeEvent } from '../../../schemas/gen/lean.ts';

const BATCH_BYTES = 512 * 1024;
const INIT = {
  tenant: 't',
  device: '',
  kind: KIND.published,
  via: VIA.mqtt,
  topic: 'a/ü',
  publishFlags: 6,
  session: 'a:x',
  publishProperties: Uint8Array.of(1, 1),
  payload: Buffer.from('payload'),
  expiresMs: 77,
};

test('of a message in a batch a copy is kept, one for all who keep it, with everything that the message has', () => {
  const event = encodeEvent(INIT);
  const batch = new Uint8Array(BATCH_BYTES);
  batch.set(event, 100);
  const at = { partition: 3, place: placeOf(9, 1) };
  const message = readTopicMessage(batch, { start: 100, end: 100 + event.length }, at);
  assert.ok(message);
  const own = message.owned();
  assert.equal(own, message.owned());
  assert.equal(own, own.owned());
  for (const bytes of [own.payload, own.topicBytes]) assert.ok(bytes.buffer.byteLength < 1_024);
  for (const key of ['tenant', 'topic', 'qos', 'retain', 'expiresMs', 'session', 'partition', 'place', 'bytes'] as const)
    assert.equal(own[key], message[key], key);
  const copy = { packetId: 1, dup: false, alias: undefined, nowMs: 0 };
  const sending = { qos: 2, retain: true, ids: [5] };
  batch.fill(0xff, 0, 100);
  assert.deepEqual(own.encoding.bytes(5, sending, copy), message.encoding.bytes(5, sending, copy));
});
