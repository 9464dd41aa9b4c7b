import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matches } from '../../../engine/domain/topic-filter.ts';
import { Nominees } from '../../../ingest/broker/nominees.ts';
import { encodeEvent, KIND, type EventInit } from '../../../schemas/gen/lean.ts';

const level = fc.constantFrom('a', 'b', '', '$x', 'straße');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 0, maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen || levels.length === 0 ? ['#'] : [])].join('/'));
const tenant = fc.constantFrom('t', 'u', 'v'.repeat(130));

function has(nominees: Nominees, of: EventInit): boolean {
  const event = encodeEvent({ kind: KIND.published, payload: Buffer.from('p'), session: 'd:x', ...of });
  const bytes = Buffer.concat([Buffer.from('before'), event, Buffer.from('behind')]);
  return nominees.has(bytes, 6, 6 + event.length);
}

/** With what may stand before the topic, and behind it. */
const events = fc.record({
  tenant,
  topic,
  device: fc.constantFrom('', 'sensor-1'),
  payload: fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 20_000).map((size) => Buffer.alloc(size, 0xb2)),
  receivedMs: fc.constantFrom(0, 1, 1_800_000_000_000),
  connection: fc.constantFrom(0, 2 ** 50),
  correlation: fc.constantFrom(Buffer.alloc(0), Buffer.from([0xb2, 1, 3, 97])),
  actor: fc.constantFrom('', 'k'.repeat(200)),
  effectVersion: fc.nat(),
  packetId: fc.nat(65_535),
});

test('whatever a filter matches is nominated, whoever else has filters', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(tenant, filter), { maxLength: 8 }), events, (filters, event) => {
      const nominees = new Nominees();
      for (const [whose, one] of filters) nominees.add(whose, one);
      if (filters.some(([whose, one]) => whose === event.tenant && matches(one, event.topic)))
        assert.ok(has(nominees, event), `${event.tenant}: ${event.topic}`);
    }),
    { numRuns: 2_000 },
  );
});

test('what differs in its first two levels or its tenant is not, and nothing is once all are forgotten', () => {
  const nominees = new Nominees();
  nominees.add('t', 'cmd/7/#');
  nominees.add('u', '+/x');
  assert.ok(has(nominees, { tenant: 't', topic: 'cmd/7/go' }));
  assert.ok(has(nominees, { tenant: 'u', topic: 'cmd/8/go' }), 'a filter without a key wants to see everything of its tenant');
  assert.ok(!has(nominees, { tenant: 't', topic: 'cmd/8/go' }));
  assert.ok(!has(nominees, { tenant: 'v', topic: 'cmd/7/go' }));
  nominees.clear();
  assert.ok(!has(nominees, { tenant: 't', topic: 'cmd/7/go' }));
});

test('bytes that are no event are nobody’s', () => {
  const nominees = new Nominees();
  nominees.add('t', '#');
  assert.ok(!nominees.has(Buffer.from([0xff, 0xff, 0xff]), 0, 3));
});
