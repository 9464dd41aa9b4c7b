import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filterProblem, includes, intersects, isTopic, matches, unshared } from '../../../engine/domain/topic-filter.ts';

const RUNS = 3_000;

/**
 * Filters are built from fewer names than topics, and are shorter than they: so whatever a wildcard leaves open, there is a
 * topic that shows it, and comparing filters by all topics is exact.
 */
const FILTER_NAMES = ['a', 'b', '', '$x'];
const TOPIC_NAMES = [...FILTER_NAMES, 'c', '$y'];
const FILTER_LEVELS_MAX = 3;

function topicsOf(levels: number): readonly string[] {
  if (levels === 1) return TOPIC_NAMES;
  return topicsOf(levels - 1).flatMap((rest) => TOPIC_NAMES.map((name) => `${name}/${rest}`));
}

const TOPICS = [1, 2, 3, 4, 5].flatMap(topicsOf).filter((topic) => topic !== '');

const filter = fc
  .tuple(fc.array(fc.constantFrom(...FILTER_NAMES, '+', '+'), { minLength: 0, maxLength: FILTER_LEVELS_MAX }), fc.boolean())
  .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
  .filter((text) => text !== '');

/** The rules of MQTT 5 §4.7 in another way: as a regular expression. */
function oracle(text: string): RegExp {
  const guard = /^[+#]/.test(text) ? '(?!\\$)' : '';
  const open = text.endsWith('/#') ? text.slice(0, -2) : text === '#' ? '' : undefined;
  const levels = (open ?? text).split('/').map((level) => (level === '+' ? '[^/]*' : level.replace('$', '\\$')));
  const body = text === '#' ? '.*' : levels.join('/') + (open === undefined ? '' : '(/.*)?');
  return new RegExp(`^${guard}${body}$`, 's');
}

function matchedBy(text: string): readonly string[] {
  const rule = oracle(text);
  return TOPICS.filter((topic) => rule.test(topic));
}

describe('a topic filter', () => {
  it('matches what the specification says, in strings and in bytes', () => {
    fc.assert(
      fc.property(filter, fc.array(fc.constantFrom(...TOPICS), { minLength: 1, maxLength: 200 }), (text, topics) => {
        const rule = oracle(text);
        for (const topic of topics) {
          assert.equal(matches(text, topic), rule.test(topic), `${text} on ${topic}`);
          assert.equal(matches(Buffer.from(text), Buffer.from(topic)), rule.test(topic), `${text} on the bytes of ${topic}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('matches the examples of the specification', () => {
    for (const [text, topic, expected] of [
      ['sport/tennis/player1/#', 'sport/tennis/player1', true],
      ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
      ['sport/#', 'sport', true],
      ['sport/tennis/+', 'sport/tennis/player1', true],
      ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
      ['sport/+', 'sport', false],
      ['sport/+', 'sport/', true],
      ['+/+', '/finance', true],
      ['/+', '/finance', true],
      ['+', '/finance', false],
      ['#', '$SYS/monitor', false],
      ['+/monitor/Clients', '$SYS/monitor/Clients', false],
      ['$SYS/#', '$SYS/monitor', true],
      ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
      ['ACCOUNTS', 'Accounts', false],
      ['größe/+', 'größe/α', true],
    ] as const) {
      assert.equal(matches(text, topic), expected, `${text} on ${topic}`);
      assert.equal(matches(Buffer.from(text), Buffer.from(topic)), expected, `${text} on the bytes of ${topic}`);
    }
  });

  it('includes another exactly when all of its topics are its own', () => {
    fc.assert(
      fc.property(filter, filter, (outer, inner) => {
        const rule = oracle(outer);
        assert.equal(
          includes(outer, inner),
          matchedBy(inner).every((topic) => rule.test(topic)),
          `${outer} over ${inner}`,
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('meets another exactly when they have a topic in common', () => {
    fc.assert(
      fc.property(filter, filter, (one, another) => {
        const rule = oracle(one);
        assert.equal(
          intersects(one, another),
          matchedBy(another).some((topic) => rule.test(topic)),
          `${one} and ${another}`,
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('counts without its group when it is shared', () => {
    assert.equal(unshared('$share/g/a/#'), 'a/#');
    assert.equal(unshared('$share/g//a'), '/a');
    assert.equal(unshared('a/$share'), 'a/$share');
    for (const text of ['$share/g', '$share/g/', '$share//a', '$share/g+/a', '$share/#', '$share/'])
      assert.equal(unshared(text), undefined, text);
    assert.equal(includes('a/#', '$share/g/a/+'), true);
    assert.equal(includes('$share/h/a/#', '$share/g/a/+'), true);
    assert.equal(includes('#', '$share/g/$SYS/a'), false);
    assert.equal(includes('a/+', '$share/g/a/#'), false);
    assert.equal(intersects('$share/g/a/+', 'a/b'), true);
  });

  it('keeps the grammar', () => {
    for (const text of ['#', '+', '+/#', 'a', '/', '//', 'a/+/b', '+/+', 'a/#', '$SYS/#', '$share/g/#', 'ä/+', 'x'.repeat(256)])
      assert.equal(filterProblem(text), undefined, text);
    for (const text of [
      '',
      'a#',
      'a/#/b',
      '#/',
      'a+',
      '+a/b',
      'a/b+/c',
      '\0',
      '\ud800',
      'x'.repeat(257),
      'ä'.repeat(129),
      '$share/g',
      '$share/g/a#',
    ])
      assert.equal(typeof filterProblem(text), 'string', JSON.stringify(text));
  });
});

describe('a topic', () => {
  it('has characters and no wildcards', () => {
    for (const text of ['a', '/', 'a//b', '$SYS/x', 'ä']) {
      assert.equal(isTopic(text), true, text);
      assert.equal(isTopic(Buffer.from(text)), true, text);
    }
    for (const text of ['', 'a/+', '#', 'a#', 'a\0']) {
      assert.equal(isTopic(text), false, text);
      assert.equal(isTopic(Buffer.from(text)), false, text);
    }
  });
});
