/** What is told of QoS 2 messages to one client, and to a successor. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flight } from '../../../ingest/mqtt/flights.ts';
import { Qos2Book } from '../../../ingest/mqtt/qos2-book.ts';
import { OUTGOING_STATE } from '../../../schemas/gen/lean.ts';

type Facts = Pick<Flight, 'packetId' | 'qos' | 'partition' | 'place' | 'state'>;

const flightOf = (facts: Facts): Flight => ({ ...facts, isAside: false, isRetained: false, share: 0, ticket: undefined });

test('a successor is told of all that is settled ahead and in flight, though the log was told before; the log hears each thing once', () => {
  const book = new Qos2Book();
  const ahead = flightOf({ packetId: 1, qos: 2, partition: 0, place: 12, state: 'released' });
  const sent = flightOf({ packetId: 2, qos: 2, partition: 0, place: 11, state: 'sent' });
  const released = flightOf({ packetId: 3, qos: 2, partition: 1, place: 5, state: 'released' });
  book.note(sent, OUTGOING_STATE.sent);
  book.note(released, OUTGOING_STATE.released);
  book.settled(ahead);
  assert.equal(book.takeChanges().length, 3);
  assert.deepEqual(book.takeChanges(), []);
  const one = flightOf({ packetId: 4, qos: 1, partition: 1, place: 6, state: 'sent' });
  const all = book.takeAll([sent, released, one]);
  assert.deepEqual(
    all.map(({ packetId, partition, place, state }) => [packetId, partition, place, state]).toSorted((a, b) => Number(a[2]) - Number(b[2])),
    [
      [3, 1, 5, OUTGOING_STATE.released],
      [2, 0, 11, OUTGOING_STATE.sent],
      [0, 0, 12, OUTGOING_STATE.done],
    ],
  );
});

test('what was settled and not said yet is told a successor once, under its identifier', () => {
  const book = new Qos2Book();
  book.settled(flightOf({ packetId: 8, qos: 2, partition: 0, place: 12, state: 'released' }));
  assert.deepEqual(
    book.takeAll([]).map(({ packetId, place, state }) => [packetId, place, state]),
    [[8, 12, OUTGOING_STATE.done]],
  );
  assert.ok(book.isSettled(0, 12));
});
