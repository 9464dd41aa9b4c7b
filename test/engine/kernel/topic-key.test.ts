import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matches } from '../../../engine/domain/topic-filter.ts';
import { INDEX_PARTS, partOfKey } from '../../../engine/kernel/topic-index.ts';
import { filterKeyOf, keyOf, tenantSeed, topicKeyOf } from '../../../engine/kernel/topic-key.ts';

const key = (topic: string, tenant = 't'): number => topicKeyOf(tenant, Buffer.from(topic));
const level = fc.constantFrom('', 'a', 'b', 'straße', '☃', '$x');

test('a filter has a key unless a wildcard stands in its first two levels', () => {
  for (const filter of ['#', '+', 'a/#', 'a/+', '+/a', 'a/+/c', '+/a/#']) assert.equal(filterKeyOf('t', filter), undefined, filter);
  for (const filter of ['a', 'a/b', 'a/b/#', 'a/b/+', 'a/b/+/d', '/', 'a/', '/b/#', ''])
    assert.notEqual(filterKeyOf('t', filter), undefined, filter);
});

test('what a filter matches has its key', () => {
  const topics = fc.array(level, { minLength: 1, maxLength: 5 }).filter((levels) => levels.join('/') !== '');
  const turned = fc.record({ wild: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), end: fc.nat(6) });
  fc.assert(
    fc.property(topics, turned, (levels, { wild, end }) => {
      // A filter made from the topic, with wildcards behind the second level.
      const filterLevels = levels.map((name, i) => (i >= 2 && wild[i] === true ? '+' : name));
      const cut = end >= 2 && end <= levels.length ? [...filterLevels.slice(0, end), '#'] : filterLevels;
      const filter = cut.join('/');
      assert.ok(matches(filter, levels.join('/')), filter);
      assert.equal(filterKeyOf('t', filter), key(levels.join('/')), filter);
    }),
    { numRuns: 2_000 },
  );
});

test('tenants and borders of levels make a difference', () => {
  assert.notEqual(key('a/b'), key('a/b', 't2'));
  assert.notEqual(key('b/c', 'ta'), key('ab/c', 't'));
  assert.notEqual(key('a'), key('a/'));
  assert.notEqual(key('ab'), key('a/b'));
  assert.equal(key('a/b/c'), key('a/b/d/e'));
  const bytes = Buffer.from('xa/b/cx');
  assert.equal(keyOf(tenantSeed('t'), bytes, 1, bytes.length - 1), key('a/b/c'));
});

test('keys spread over the parts', () => {
  const counts = new Uint32Array(INDEX_PARTS);
  for (let i = 0; i < INDEX_PARTS * 100; i++) {
    const part = partOfKey(key(`cmd/device-${i}/go`));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  assert.ok(Math.max(...counts) < 200 && Math.min(...counts) > 40, `${Math.min(...counts)} to ${Math.max(...counts)}`);
});
