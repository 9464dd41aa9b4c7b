import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  compilePolicy,
  dependsOnVariables,
  firstExcess,
  parsePolicy,
  type PolicyDoc,
  policyProblems,
  type PolicySource,
} from '../../../engine/domain/policy.ts';
import { SCOPES } from '../../../engine/domain/policy-grant.ts';
import { matches } from '../../../engine/domain/topic-filter.ts';

const RUNS = 1_000;
const VARIABLES = { tenant: 'demo', device: 'a', tags: { site: 'b', floor: 3, evil: '#', sys: '$SYS', path: 'a/b', v: 'v1' } };
/** `c` and `e` stand in no grant: whatever a wildcard leaves open shows in them. */
const NAMES = ['a', 'b', 'c', '', 'devices', 'v1', '$SYS'];
const TOPICS = NAMES.flatMap((one) => [
  one,
  ...NAMES.flatMap((two) => [`${one}/${two}`, ...NAMES.map((three) => `${one}/${two}/${three}`)]),
]).filter((topic) => topic !== '');
const RESERVED = /^(?:\$|(?:v1|devices|spBv1\.0)(?:\/|$))/;

const level = fc.constantFrom('a', 'b', '', '+', '+');
const filter = fc
  .tuple(fc.array(level, { maxLength: 2 }), fc.boolean())
  .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
  .filter((text) => text !== '');
const way = fc.constantFrom('pub', 'sub', 'pubsub');
const topicGrant = fc.oneof(
  fc.tuple(filter, way).map(([text, is]) => `topic:${text}:${is}`),
  fc.constantFrom('topic:devices/#:sub', 'topic:devices/+/a:sub', 'topic:${device}/+:pub', 'topic:${tags.site}/#:sub'),
);
const scope = fc.constantFrom(
  ...SCOPES,
  'twin:read:reported',
  'twin:read:reported.a',
  'twin:read:reported.a.b',
  'twin:read:desired.*',
  'twin:write:tags.x',
);
const grant = fc.oneof(topicGrant, scope);
const doc = fc
  .record({ allow: fc.array(grant, { maxLength: 6 }), deny: fc.array(grant, { maxLength: 2 }) }, { noNullPrototype: true })
  .map((made): PolicyDoc => made);
const docs = fc
  .array(doc, { minLength: 1, maxLength: 3 })
  .map((made): readonly PolicySource[] => made.map((one, i) => ({ source: `doc ${i}`, doc: one })));

/** What the documents say, read grant by grant. */
function isGranted(sources: readonly PolicySource[], topic: string, is: 'pub' | 'sub'): boolean {
  const hits = (text: string, isAllow: boolean): boolean => {
    const parts = /^topic:(.*):(pub|sub|pubsub)$/.exec(text);
    if (parts?.[2]?.includes(is) !== true) return false;
    const plain = (parts[1] ?? '').replace('${device}', 'a').replace('${tags.site}', 'b');
    if (isAllow && RESERVED.test(topic) && /^[+#]/.test(plain)) return false;
    return matches(plain, topic);
  };
  const grants = sources.flatMap((one) => one.doc.allow);
  const denials = sources.flatMap((one) => one.doc.deny ?? []);
  return grants.some((text) => hits(text, true)) && !denials.some((text) => hits(text, false));
}

function policyOf(allow: readonly string[], deny: readonly string[] = []) {
  return compilePolicy([{ source: 'test', doc: { allow, deny } }], VARIABLES);
}

describe('a policy', () => {
  it('lets a filter through only if every topic that it matches is granted', () => {
    fc.assert(
      fc.property(docs, filter, (sources, asked) => {
        const policy = compilePolicy(sources, VARIABLES);
        if (!policy.allowsSubscribe(asked)) return;
        // Wildcards as the first level reach no reserved tree, in a subscription as little as in a grant.
        const reached = TOPICS.filter((topic) => matches(asked, topic) && !(RESERVED.test(topic) && /^[+#]/.test(asked)));
        for (const topic of reached) {
          assert.equal(isGranted(sources, topic, 'sub'), true, `${asked} reaches ${topic}`);
          assert.equal(policy.allowsReceive(topic), true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('grants a filter that one of its grants is, unless a denial touches it', () => {
    fc.assert(
      fc.property(docs, filter, filter, (sources, granted, denied) => {
        const allowing = [
          ...sources.map((one) => ({ ...one, doc: { allow: one.doc.allow } })),
          { source: 'more', doc: { allow: [`topic:${granted}:sub`] } },
        ];
        assert.equal(compilePolicy(allowing, VARIABLES).allowsSubscribe(granted), true);
        assert.equal(compilePolicy(allowing, VARIABLES).allowsSubscribe(`$share/g/${granted}`), true);
        const denying = [...allowing, { source: 'against', doc: { allow: [], deny: [`topic:${denied}:pubsub`] } }];
        const touches = TOPICS.some((topic) => matches(granted, topic) && matches(denied, topic));
        if (touches) assert.equal(compilePolicy(denying, VARIABLES).allowsSubscribe(granted), false, `${granted} without ${denied}`);
      }),
      { numRuns: RUNS },
    );
  });

  it('grants a topic exactly when a grant matches and no denial does, in strings and in bytes', () => {
    fc.assert(
      fc.property(docs, fc.array(fc.constantFrom(...TOPICS), { minLength: 1, maxLength: 20 }), (sources, topics) => {
        const policy = compilePolicy(sources, VARIABLES);
        for (const topic of topics) {
          const publish = isGranted(sources, topic, 'pub');
          assert.equal(policy.allowsPublish(topic), publish, topic);
          assert.equal(policy.allowsPublish(Buffer.from(topic)), publish, `the bytes of ${topic}`);
          assert.equal(policy.allowsReceive(topic), isGranted(sources, topic, 'sub'), topic);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('allows no more with a denial than without, whichever document it stands in', () => {
    fc.assert(
      fc.property(fc.record({ sources: docs, denied: grant, at: fc.nat(3), asked: scope }), ({ sources, denied, at, asked }) => {
        const place = { source: 'against', doc: { allow: [], deny: [denied] } };
        const before = compilePolicy(sources, VARIABLES);
        const after = compilePolicy(sources.toSpliced(at, 0, place), VARIABLES);
        if (after.allows(asked)) assert.equal(before.allows(asked), true);
        if (!denied.startsWith('topic:')) assert.equal(after.allows(denied), false);
        for (const topic of TOPICS) {
          if (after.allowsPublish(topic)) assert.equal(before.allowsPublish(topic), true);
          if (after.allowsReceive(topic)) assert.equal(before.allowsReceive(topic), true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('explains what it decides', () => {
    fc.assert(
      fc.property(
        docs,
        scope,
        fc.record({ topic: fc.constantFrom(...TOPICS), subscribed: filter }),
        (sources, asked, { topic, subscribed }) => {
          const policy = compilePolicy(sources, VARIABLES);
          for (const [explained, allowed] of [
            [policy.explain({ scope: asked }), policy.allows(asked)],
            [policy.explain({ publish: topic }), policy.allowsPublish(topic)],
            [policy.explain({ subscribe: subscribed }), policy.allowsSubscribe(subscribed)],
          ] as const) {
            assert.equal(explained.allowed, allowed);
            assert.equal(explained.allowed, explained.by !== undefined && explained.denied === undefined);
            for (const [place, list] of [
              [explained.by, 'allow'],
              [explained.denied, 'deny'],
            ] as const) {
              const source = sources.find((one) => one.source === place?.source);
              if (place !== undefined) assert.ok(source?.doc[list]?.includes(place.grant), `${place.source} ${place.grant}`);
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('grants parts of a twin by section and path', () => {
    const policy = policyOf(['twin:read:reported.*', 'twin:read:desired.a', 'twin:write'], ['twin:write:tags.fixed']);
    for (const asked of [
      'twin:read:reported',
      'twin:read:reported.x.y',
      'twin:read:reported.*',
      'twin:read:desired.a',
      'twin:read:desired.a.b',
      'twin:write:desired',
    ])
      assert.equal(policy.allows(asked), true, asked);
    for (const asked of [
      'twin:read',
      'twin:read:desired',
      'twin:read:desired.ab',
      'twin:read:reportedx',
      'twin:write',
      'twin:write:tags',
      'twin:write:tags.fixed.a',
    ])
      assert.equal(policy.allows(asked), false, asked);
    assert.equal(policy.allows('twin:write:tags.free'), true);
  });

  it('puts in what variables stand for, and nothing that reaches further', () => {
    const policy = policyOf(['topic:${tenant}/${device}/#:pubsub', 'topic:site-${tags.site}/${tags.floor}:pub']);
    assert.equal(policy.allowsPublish('demo/a/x'), true);
    assert.equal(policy.allowsPublish('demo/b/x'), false);
    assert.equal(policy.allowsSubscribe('demo/a/#'), true);
    assert.equal(policy.allowsSubscribe('demo/#'), false);
    assert.equal(policy.allowsPublish('site-b/3'), true);
    for (const bad of [
      'topic:${tags.evil}:pub',
      'topic:${tags.evil}/x:pub',
      'topic:${tags.path}:pub',
      'topic:${tags.sys}/x:pub',
      'topic:${tags.v}/telemetry:pub',
      'topic:x/${tags.none}:pub',
    ]) {
      assert.equal(policyOf([bad]).grantsTopics, false, bad);
    }
    const key = compilePolicy(
      [{ source: 'test', doc: { allow: ['topic:#:pub', 'topic:a/${device}:pub'], deny: ['topic:x/${device}/y:pub'] } }],
      { tenant: 'demo' },
    );
    assert.equal(key.allowsPublish('x/z'), true);
    assert.equal(key.allowsPublish('x/whoever/y'), false);
    assert.equal(dependsOnVariables([{ source: 'x', doc: { allow: [], deny: ['topic:${device}:pub'] } }]), true);
    assert.equal(dependsOnVariables([{ source: 'x', doc: { allow: ['topic:a:pub'] } }]), false);
  });

  it('lets nobody give more than he has', () => {
    const policy = policyOf(['twin:read', 'telemetry:write', 'topic:a/#:pubsub', 'topic:b:sub'], ['twin:read:tags', 'topic:a/secret:pub']);
    for (const fine of [
      'telemetry:write',
      'twin:read:reported',
      'twin:read:reported.*',
      'topic:a/b:pubsub',
      'topic:a/${device}/x:pub',
      'topic:b:sub',
      'topic:a/#:sub',
    ])
      assert.equal(firstExcess(policy, ['telemetry:write', fine]), -1, fine);
    for (const excess of [
      'twin:write',
      'twin:read',
      'twin:read:tags',
      'topic:#:sub',
      'topic:a/#:pub',
      'topic:a/${device}:pub',
      'topic:${device}/#:pub',
      'topic:b:pub',
      'topic:b:pubsub',
      'nonsense',
    ])
      assert.equal(firstExcess(policy, ['telemetry:write', excess]), 1, excess);
  });

  it('without documents allows nothing', () => {
    const policy = compilePolicy([], VARIABLES);
    for (const asked of [...SCOPES, 'nonsense', '']) assert.equal(policy.allows(asked), false);
    assert.equal(policy.allowsPublish('a'), false);
    assert.equal(policy.allowsSubscribe('a'), false);
    assert.equal(policy.grantsTopics, false);
  });

  it('refuses what is no topic and no filter, whatever was granted', () => {
    const policy = policyOf(['topic:#:pubsub']);
    for (const topic of ['', 'a/+', '#', 'v1/telemetry', 'v1', 'devices/a/telemetry', 'spBv1.0/x', '$SYS/x'])
      assert.equal(policy.allowsPublish(topic), false, topic);
    for (const asked of ['', 'a#', '$share/g', '$share/g+/a', 'a/#/b', 'devices/+/telemetry', '$SYS/#'])
      assert.equal(policy.allowsSubscribe(asked), false, asked);
    assert.equal(policyOf(['topic:devices/+/telemetry:sub']).allowsSubscribe('devices/d1/telemetry'), true);
    assert.equal(policyOf(['topic:devices/#:sub'], ['topic:+/+/twin:sub']).allowsReceive('devices/d1/twin'), false);
  });
});

describe('a policy document', () => {
  it('is read as it is written', () => {
    const written = { allow: ['telemetry:write', 'twin:read:reported.*', 'topic:a/${device}:pub'], deny: ['topic:a/b:pubsub'] };
    assert.deepEqual(parsePolicy(written), written);
    assert.deepEqual(policyProblems(written), []);
    assert.deepEqual(parsePolicy({ allow: [] }), { allow: [] });
  });

  it('says what is wrong with it, and where', () => {
    const problems = policyProblems({
      allow: [
        'telemetry:write',
        'telemetry:all',
        'twin:read:nothing',
        'topic:a#:pub',
        'topic:a:both',
        'topic:${who}:pub',
        'topic:v1/telemetry:pub',
        'topic:devices/a:pub',
        'topic:$share/g/a:sub',
        'topic:$SYS/#:sub',
        'topic:spBv1.0/#:sub',
        7,
        'x'.repeat(400),
        'twin:read:reported.a b',
        '*',
        'topic::pub',
      ],
      deny: 'telemetry:write',
      also: [],
    });
    assert.deepEqual(
      problems.map(({ pointer }) => pointer),
      ['/also', ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((i) => `/allow/${i}`), '/deny'],
    );
    for (const { detail } of problems) assert.ok(detail.length > 10);
    for (const value of [null, 'telemetry:write', ['telemetry:write'], 7])
      assert.deepEqual(
        policyProblems(value).map(({ pointer }) => pointer),
        [''],
      );
    assert.deepEqual(
      policyProblems({}).map(({ pointer }) => pointer),
      ['/allow'],
    );
    assert.deepEqual(
      policyProblems({ allow: Array.from({ length: 65 }, () => 'twin:read') }).map(({ pointer }) => pointer),
      ['/allow'],
    );
  });
});
