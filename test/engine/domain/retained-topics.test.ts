import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RetainedTopics, type RetainedLeaf } from '../../../engine/domain/retained-topics.ts';
import { matches } from '../../../engine/domain/topic-filter.ts';

const leaf = (text: string, place = 1, expiresMs = 0): RetainedLeaf => ({ place, expiresMs, text, isHeld: true });
const level = fc.constantFrom('', 'a', 'b', 'c', '$a', 'a long name of a level that is longer than many');
const topics = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filters = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .filter(([levels, rest]) => levels.length > 0 || rest)
  .map(([levels, rest]) => [...levels, ...(rest ? ['#'] : [])].join('/'));

function found(tree: RetainedTopics, filter: string): readonly string[] {
  const search = tree.search(filter);
  const texts: string[] = [];
  for (let next = search.next(); next !== undefined; next = search.next()) texts.push(next.text);
  search.close();
  return texts.toSorted();
}

test('a search finds what a look at every topic finds', () => {
  const changes = fc.array(fc.tuple(topics, fc.boolean()), { maxLength: 60 });
  fc.assert(
    fc.property(changes, fc.array(filters, { minLength: 1, maxLength: 5 }), (done, wanted) => {
      const tree = new RetainedTopics();
      const naive = new Map<string, RetainedLeaf>();
      for (const [topic, isSet] of done) {
        if (topic === '') continue;
        if (isSet) {
          tree.set(topic, leaf(topic));
          naive.set(topic, leaf(topic));
        } else {
          tree.delete(topic);
          naive.delete(topic);
        }
        assert.equal(tree.count, naive.size);
        assert.deepEqual(tree.get(topic), naive.get(topic));
      }
      for (const filter of wanted) {
        const all = [...naive.keys()].filter((topic) => matches(filter, topic));
        assert.deepEqual(found(tree, filter), all.toSorted(), filter);
      }
      assert.deepEqual(Array.from(tree.all(), ({ text }) => text).toSorted(), [...naive.keys()].toSorted());
    }),
    { numRuns: 500 },
  );
});

test('while it is searched the tree may change: what stays is found once, whatever comes and goes', () => {
  const scripts = fc.array(fc.tuple(fc.nat(11), fc.boolean()), { maxLength: 80 });
  fc.assert(
    fc.property(scripts, filters, (script, filter) => {
      const tree = new RetainedTopics();
      const names = ['a', 'a/b', 'a/b/c', 'b', 'b/c', 'c/a', 'c/b', 'c/c', '$a', '$a/b', 'a/$a', 'b//c'];
      for (const name of names) tree.set(name, leaf(name));
      const touched = new Set<string>();
      const search = tree.search(filter);
      const seen: string[] = [];
      for (const [which, isSet] of script) {
        const next = search.next();
        if (next !== undefined) seen.push(next.text);
        const name = names[which] ?? 'a';
        touched.add(name);
        if (isSet) tree.set(name, leaf(name, 2));
        else tree.delete(name);
      }
      for (let next = search.next(); next !== undefined; next = search.next()) seen.push(next.text);
      search.close();
      assert.equal(new Set(seen).size, seen.length);
      for (const name of names) if (!touched.has(name)) assert.equal(seen.includes(name), matches(filter, name), name);
      for (const name of seen) assert.ok(matches(filter, name));
      // And when nobody searches any more, nothing is left of what went.
      for (const name of names) tree.delete(name);
      assert.deepEqual([tree.count, found(tree, '#'), found(tree, '+/+')], [0, [], []]);
    }),
    { numRuns: 300 },
  );
});

test('what expires goes when it is time, and is told', () => {
  const tree = new RetainedTopics();
  tree.set('a/b', leaf('1', 1, 1_000));
  tree.set('a', leaf('2', 2, 2_000));
  tree.set('c', leaf('3', 3));
  assert.equal(tree.expiryMs, 1_000);
  const gone: string[] = [];
  tree.expire(999, (topic) => gone.push(topic));
  assert.equal(gone.length, 0);
  tree.expire(1_000, (topic, { place }) => gone.push(`${topic}:${place}`));
  assert.deepEqual([gone, tree.expiryMs, tree.count], [['a/b:1'], 2_000, 2]);
  tree.expire(9_000, (topic, { place }) => gone.push(`${topic}:${place}`));
  assert.deepEqual([gone, tree.count, tree.expiryMs], [['a/b:1', 'a:2'], 1, Number.POSITIVE_INFINITY]);
});

test('a search that is closed gives nothing more, and may be closed again', () => {
  const tree = new RetainedTopics();
  tree.set('a', leaf('a'));
  const search = tree.search('#');
  search.close();
  search.close();
  assert.equal(search.next(), undefined);
  tree.delete('a');
  assert.deepEqual(found(tree, '#'), []);
});
