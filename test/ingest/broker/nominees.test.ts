import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matches } from '../../../engine/domain/topic-filter.ts';
import { Nominees } from '../../../ingest/broker/nominees.ts';
import { encodeEvent, KIND } from '../../../schemas/gen/lean.ts';

const level = fc.constantFrom('a', 'b', '', '$x', 'straße');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 0, maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen || levels.length === 0 ? ['#'] : [])].join('/'));
const tenant = fc.constantFrom('t', 'u');

function has(nominees: Nominees, of: string, name: string): boolean {
  const event = encodeEvent({ tenant: of, kind: KIND.published, topic: name, payload: Buffer.from('p'), session: 'd:x', publishFlags: 1 });
  const bytes = Buffer.concat([Buffer.from('before'), event, Buffer.from('behind')]);
  return nominees.has(bytes, 6, 6 + event.length);
}

test('whatever a filter matches is nominated, whoever else has filters', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(tenant, filter), { maxLength: 8 }), tenant, topic, (filters, of, name) => {
      const nominees = new Nominees();
      for (const [whose, one] of filters) nominees.add(whose, one);
      if (filters.some(([whose, one]) => whose === of && matches(one, name))) assert.ok(has(nominees, of, name), `${of}: ${name}`);
    }),
    { numRuns: 2_000 },
  );
});

test('what differs in its first two levels or its tenant is not, and nothing is once all are forgotten', () => {
  const nominees = new Nominees();
  nominees.add('t', 'cmd/7/#');
  nominees.add('u', '+/x');
  assert.ok(has(nominees, 't', 'cmd/7/go'));
  assert.ok(has(nominees, 'u', 'cmd/8/go'), 'a filter without a key wants to see everything of its tenant');
  assert.ok(!has(nominees, 't', 'cmd/8/go'));
  assert.ok(!has(nominees, 'v', 'cmd/7/go'));
  nominees.clear();
  assert.ok(!has(nominees, 't', 'cmd/7/go'));
});

test('bytes that are no event are nobody’s', () => {
  const nominees = new Nominees();
  nominees.add('t', '#');
  assert.ok(!nominees.has(Buffer.from([0xff, 0xff, 0xff]), 0, 3));
});
