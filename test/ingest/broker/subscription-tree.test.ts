/** The tree of filters against a list of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matches } from '../../../engine/domain/topic-filter.ts';
import { SubscriptionTree } from '../../../ingest/broker/subscription-tree.ts';

const LEVELS = ['a', 'b', '', '$x'];
const level = fc.constantFrom(...LEVELS);
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 0, maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen || levels.length === 0 ? ['#'] : [])].join('/'));
const entry = fc.constantFrom('p', 'q', 'r');
const step = fc.oneof(
  fc.record({ op: fc.constant('add' as const), filter, entry }),
  fc.record({ op: fc.constant('remove' as const), filter, entry }),
  fc.record({ op: fc.constant('match' as const), topic }),
);

function newTree(): SubscriptionTree<string, readonly string[]> {
  return new SubscriptionTree((matched) => matched.toSorted());
}

describe('subscription tree', () => {
  it('finds what a list of filters finds, whatever came and went in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const tree = newTree();
        let list: { readonly filter: string; readonly entry: string }[] = [];
        for (const one of steps) {
          if (one.op === 'match') {
            const expected = list.filter(({ filter: of }) => matches(of, one.topic)).map(({ entry: of }) => of);
            const found: string[] = [];
            tree.find(one.topic, found);
            assert.deepEqual(found.toSorted(), expected.toSorted(), one.topic);
            assert.deepEqual(tree.match(one.topic), expected.toSorted(), one.topic);
            continue;
          }
          const isThere = list.some((other) => other.filter === one.filter && other.entry === one.entry);
          if (one.op === 'add') {
            tree.add(one.filter, one.entry);
            if (!isThere) list.push(one);
          } else {
            tree.remove(one.filter, one.entry);
            list = list.filter((other) => other.filter !== one.filter || other.entry !== one.entry);
          }
          assert.equal(tree.size, list.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('remembers what it found only until something changes', () => {
    const tree = newTree();
    tree.add('a/+', 'p');
    assert.deepEqual(tree.match('a/b'), ['p']);
    assert.equal(tree.match('a/b'), tree.match('a/b'));
    tree.add('a/#', 'q');
    assert.deepEqual(tree.match('a/b'), ['p', 'q']);
    tree.remove('a/+', 'p');
    assert.deepEqual(tree.match('a/b'), ['q']);
  });

  it('is right beyond the number of topics that it remembers', () => {
    const tree = newTree();
    tree.add('t/+', 'p');
    for (let i = 0; i < 5_000; i++) assert.deepEqual(tree.match(`t/${i}`), ['p']);
    assert.deepEqual(tree.match('t/1/2'), []);
  });
});
