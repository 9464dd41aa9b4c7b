/** What waits in memory for a client, and for all of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from '../../../engine/kernel/position.ts';
import { TopicMessage } from '../../../ingest/broker/topic-message.ts';
import { WaitingMessages } from '../../../ingest/mqtt/waiting-messages.ts';

const SENDING = { qos: 1, retain: false, ids: [] };
const TOPIC = Buffer.from('x');

function message(n: number, bytes: number): TopicMessage {
  const more = { topic: 'x', topicBytes: TOPIC, properties: Buffer.alloc(0), qos: 1, retain: false, expiresMs: 0, session: '' };
  return new TopicMessage({ ...more, tenant: 't', payload: Buffer.alloc(bytes), at: { partition: n % 2, place: placeOf(n + 1, 0) } });
}

/** How many messages find room. */
function fill(waiting: WaitingMessages, bytes: number): number {
  for (let n = 0; ; n++) if (!waiting.put(message(n, bytes), SENDING, undefined)) return n;
}

test('a client has a quarter of a megabyte, or a thousand messages, and gets them in their order', () => {
  const waiting = new WaitingMessages();
  assert.equal(fill(waiting, 0), 1_000);
  assert.equal(waiting.hasRoom, false);
  assert.equal(waiting.lowestIn(1), placeOf(2, 0));
  const places: number[] = [];
  waiting.drain(
    () => places.length < 700,
    ({ message: { place } }) => void places.push(place),
  );
  assert.deepEqual(
    places,
    Array.from({ length: 700 }, (_, n) => placeOf(n + 1, 0)),
  );
  assert.equal(waiting.hasRoom, true);
  assert.equal(waiting.clear().length, 300);
  assert.equal(fill(waiting, 65_000), 4);
  waiting.clear();
});

test('all clients together have a bound, beyond which one message may wait for each; who goes gives back what is theirs', () => {
  const clients = Array.from({ length: 1_000 }, () => new WaitingMessages());
  const counts = clients.map((waiting) => fill(waiting, 60_000));
  assert.equal(counts[0], 4);
  assert.equal(counts.at(-1), 1);
  const bytes = counts.reduce((sum, count) => sum + count, 0) * 60_000;
  assert.ok(bytes < 200 * 1024 * 1024, `${bytes}`);
  for (const waiting of clients.slice(0, 900)) waiting.clear();
  assert.equal(fill(new WaitingMessages(), 60_000), 4);
  for (const waiting of clients) waiting.clear();
});
