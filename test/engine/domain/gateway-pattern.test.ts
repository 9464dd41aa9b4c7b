import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coversDevices, isGatewayPattern, meetsDevices, widestPattern } from '../../../engine/domain/gateway-pattern.ts';
import { compilePolicy, firstExcess, policyProblems } from '../../../engine/domain/policy.ts';

const IDS = ['a', 'b', 'ab', 'ba', 'abb', 'aba', 'bab'];
const pattern = fc.oneof(
  fc.constantFrom(...IDS),
  fc.constantFrom(...IDS, '').map((beginning) => `${beginning}*`),
);
const grants = fc.array(
  pattern.map((one) => `gateway:${one}`),
  { maxLength: 4 },
);

function policyOf(
  allow: readonly string[],
  deny: readonly string[] = [],
  variables: Parameters<typeof compilePolicy>[1] = { tenant: 'demo', device: 'gw' },
) {
  return compilePolicy([{ source: 'test', doc: { allow, deny } }], variables);
}

test('a pattern is an id, the beginning of ids, or everything', () => {
  for (const good of ['a', 'a*', '*', 'A_-9', 'x'.repeat(64), `${'x'.repeat(64)}*`]) assert.equal(isGatewayPattern(good), true, good);
  for (const bad of ['', '**', 'a*b', '*a', 'a b', 'a/b', 'a:b', 'a@b', '#', '+', 'ü', 'x'.repeat(65)])
    assert.equal(isGatewayPattern(bad), false, bad);
});

test('what a pattern covers and meets follows from the ids that it stands for', () => {
  fc.assert(
    fc.property(pattern, pattern, (wide, narrow) => {
      const of = (one: string): readonly string[] => IDS.filter((id) => coversDevices(one, id));
      if (coversDevices(wide, narrow)) for (const id of of(narrow)) assert.ok(of(wide).includes(id), `${wide} ${narrow} ${id}`);
      if (of(wide).some((id) => of(narrow).includes(id))) assert.equal(meetsDevices(wide, narrow), true);
      assert.equal(meetsDevices(wide, narrow), meetsDevices(narrow, wide));
      assert.equal(coversDevices(wide, wide), true);
    }),
  );
});

test('a gateway speaks for a device exactly when a grant names it and no denial does', () => {
  fc.assert(
    fc.property(grants, grants, fc.constantFrom(...IDS), (allow, deny, id) => {
      const names = (list: readonly string[]): boolean => list.some((one) => coversDevices(one.slice('gateway:'.length), id));
      const policy = policyOf(allow, deny);
      assert.equal(policy.allowsGateway(id), names(allow) && !names(deny));
      const explained = policy.explain({ gateway: id });
      assert.deepEqual(
        [explained.allowed, explained.by === undefined, explained.denied === undefined],
        [policy.allowsGateway(id), !names(allow), !names(deny)],
      );
      assert.equal(policy.grantsDevices, allow.length > 0);
      assert.equal(policy.grantsTopics, false);
    }),
  );
});

test('nobody gives away devices that he may not speak for himself', () => {
  fc.assert(
    fc.property(grants, grants, pattern, (allow, deny, given) => {
      const policy = policyOf(allow, deny);
      if (firstExcess(policy, [`gateway:${given}`]) >= 0) return;
      for (const id of IDS) if (coversDevices(given, id)) assert.equal(policy.allowsGateway(id), true, id);
    }),
  );
  const policy = policyOf(['gateway:gw-*', 'telemetry:write'], ['gateway:gw-secret']);
  for (const fine of ['gateway:gw-1', 'gateway:gw-1*', 'gateway:gw-t${device}']) assert.equal(firstExcess(policy, [fine]), -1, fine);
  for (const excess of ['gateway:gw-*', 'gateway:gw-s*', 'gateway:gw-secret', 'gateway:*', 'gateway:x', 'gateway:${device}-1', 'gateway:'])
    assert.equal(firstExcess(policy, [excess]), 0, excess);
});

test('variables stand for parts of ids, and for nothing that reaches further', () => {
  const tags = { site: 'north', star: '*', path: 'a/b', none: '', long: 'x'.repeat(65) };
  const allows = (grant: string, id: string): boolean => policyOf([grant], [], { tenant: 'demo', device: 'gw', tags }).allowsGateway(id);
  assert.equal(allows('gateway:${device}-*', 'gw-7'), true);
  assert.equal(allows('gateway:${device}-*', 'other-7'), false);
  assert.equal(allows('gateway:${tags.site}-${device}', 'north-gw'), true);
  for (const tag of ['star', 'path', 'none', 'long', 'unknown']) {
    assert.equal(policyOf([`gateway:\${tags.${tag}}`], [], { tenant: 'demo', device: 'gw', tags }).grantsDevices, false, tag);
    assert.equal(allows(`gateway:x\${tags.${tag}}*`, 'xy'), false, tag);
  }
  const denied = policyOf(['gateway:*'], ['gateway:gw-${tags.unknown}-x']);
  assert.deepEqual([denied.allowsGateway('gw-anything'), denied.allowsGateway('free')], [false, true], 'a denial holds for every value');
  assert.equal(widestPattern('a-${device}-b'), 'a-*');
  assert.equal(widestPattern('${device}'), '*');
  assert.equal(widestPattern('a*'), 'a*');
});

test('what is no grant of a gateway is said', () => {
  const doc = { allow: ['gateway:', 'gateway:a b', 'gateway:*x', 'gateway:${nobody}*', 'gateway:ok*'] };
  assert.deepEqual(
    policyProblems(doc).map(({ pointer }) => pointer),
    ['/allow/0', '/allow/1', '/allow/2', '/allow/3'],
  );
});
