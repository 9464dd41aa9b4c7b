/** The grammar of the wire against that of policies, which was written for text. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { filterProblem, isTopic, unshared } from '../../../engine/domain/topic-filter.ts';
import { isShared, isTopicFilter, isTopicName, isWholeShare } from '../../../ingest/mqtt/topics.ts';

const texts = fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '/', '/', '+', '#', '$', '$share/', '$share/g/'), maxLength: 8 });

test('a filter on the wire is a filter of a policy, shared or not', () => {
  let filters = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const bytes = Buffer.concat([Buffer.from('#x'), Buffer.from(text), Buffer.from('+')]);
      const isFilter = isTopicFilter(bytes, 2, bytes.length - 1) && (!isShared(text) || isWholeShare(text));
      assert.equal(isFilter, filterProblem(text) === undefined, text);
      if (isFilter) filters++;
      if (isShared(text)) assert.equal(isWholeShare(text), unshared(text) !== undefined, text);
      assert.equal(isTopicName(bytes, 2, bytes.length - 1), isTopic(text), text);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(filters > 100, `only ${filters} filters`);
});

test('a share is a group and a whole filter, in which wildcards stand as in any', () => {
  const judge = (text: string): boolean => {
    const bytes = Buffer.from(text);
    return isTopicFilter(bytes, 0, bytes.length) && (!isShared(text) || isWholeShare(text));
  };
  for (const good of ['$share/g/a', '$share/g/#', '$share/g/+/b', '$share/g//', '$share/g/$SYS/x', '$share', '$shared/x', 'a/$share/+']) {
    assert.ok(judge(good), good);
  }
  for (const bad of [
    '$share/',
    '$share/g',
    '$share/g/',
    '$share//a',
    '$share/+/a',
    '$share/g+/a',
    '$share/#',
    '$share/g/a#',
    '$share/g/#/a',
  ]) {
    assert.ok(!judge(bad), bad);
  }
});
