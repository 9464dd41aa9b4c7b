import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PolicyDoc } from '../../../engine/domain/policy.ts';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { excessGrant, RegistryGrants } from '../../../ingest/credentials/grants.ts';
import type { Principal } from '../../../ingest/message.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { encodeEntry } from '../../../ingest/registry/codec.ts';
import {
  type DeviceEntry,
  deviceSubject,
  type GroupEntry,
  groupSubject,
  type KeyEntry,
  keySubject,
  type RegistryFact,
  tenantSubject,
} from '../../../ingest/registry/entries.ts';
import { VirtualTime } from '../virtual-time.ts';

const CREDENTIAL = { id: 'c', hash: 'h', createdMs: 1 };
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Rig {
  readonly cache: RegistryCache;
  readonly grants: RegistryGrants;
  tenant(policy?: PolicyDoc): Promise<void>;
  group(id: string, more: Partial<GroupEntry>): Promise<void>;
  device(id: string, more?: Partial<DeviceEntry>): Promise<void>;
  key(id: string, more: Partial<KeyEntry>): Promise<void>;
}

async function rig(): Promise<Rig> {
  const log = new MemoryRegistry();
  const cache = new RegistryCache(log, new VirtualTime());
  await cache.caughtUp();
  const seqs = new Map<string, number>();
  const append = async (subject: string, fact: RegistryFact): Promise<void> => {
    seqs.set(subject, await log.append(subject, encodeEntry(fact), seqs.get(subject) ?? 0));
    await settle();
  };
  const made: Rig = {
    cache,
    grants: new RegistryGrants(cache),
    tenant: async (policy) =>
      append(tenantSubject('demo'), { kind: 'tenant', tenant: 'demo', createdMs: 1, ...(policy === undefined ? {} : { policy }) }),
    group: async (id, more) => append(groupSubject('demo', id), { kind: 'group', tenant: 'demo', id, createdMs: 1, ...more }),
    device: async (id, more = {}) =>
      append(deviceSubject('demo', id), {
        kind: 'device',
        tenant: 'demo',
        id,
        externalIds: [],
        createdMs: 1,
        credentials: [CREDENTIAL],
        ...more,
      }),
    key: async (id, more) =>
      append(keySubject('demo', id), { kind: 'key', tenant: 'demo', id, scopes: [], credential: CREDENTIAL, ...more }),
  };
  await made.tenant();
  return made;
}

describe('the grants of a device', () => {
  it('are the defaults where nothing more is said: itself, and no topics', async () => {
    const { device, grants } = await rig();
    await device('d1');
    const held = grants.device('demo', 'd1');
    for (const scope of ['telemetry:write', 'twin:read', 'twin:write:reported', 'command:respond', 'firmware:receive'])
      assert.equal(held.allows(scope), true, scope);
    for (const scope of ['twin:write', 'twin:write:desired', 'command:send', 'registry:admin', 'telemetry:read'])
      assert.equal(held.allows(scope), false, scope);
    assert.equal(held.grantsTopics, false);
    assert.equal(held.allowsPublish('plant/1'), false);
  });

  it('come from its tenant, its groups and itself, and follow each of them while they are held', async () => {
    const { device, grants, group, tenant } = await rig();
    await device('d1', { group: 'g', tags: { site: 'north' } });
    await device('d2');
    const held = grants.device('demo', 'd1');
    const other = grants.device('demo', 'd2');
    assert.equal(held.allowsPublish('plant/d1'), false);

    await group('g', { policy: { allow: ['topic:plant/${device}:pub'] } });
    assert.equal(held.allowsPublish('plant/d1'), true);
    assert.equal(held.allowsPublish('plant/d2'), false);
    assert.equal(other.allowsPublish('plant/d2'), false);

    await device('d1', { group: 'g', tags: { site: 'south' }, policy: { allow: ['topic:sites/${tags.site}/#:sub'] } });
    assert.equal(held.allowsSubscribe('sites/south/+'), true);
    assert.equal(held.allowsReceive('sites/north/x'), false);

    await tenant({ allow: ['topic:news/#:sub'], deny: ['topic:sites/south/secret:sub', 'firmware:receive'] });
    assert.equal(held.allowsSubscribe('news/today'), true);
    assert.equal(other.allowsSubscribe('news/today'), true);
    assert.equal(held.allowsReceive('sites/south/open'), true);
    assert.equal(held.allowsReceive('sites/south/secret'), false);
    assert.equal(held.allowsSubscribe('sites/south/+'), false);
    assert.equal(other.allows('firmware:receive'), false);

    await group('g', { policy: { allow: [], deny: ['telemetry:write'] } });
    assert.equal(held.allows('telemetry:write'), false);
    assert.equal(other.allows('telemetry:write'), true);
    await device('d1', { group: 'none' });
    assert.equal(held.allows('telemetry:write'), true);
  });

  it('follow the tags that put it in a continuous group', async () => {
    const { device, grants, group } = await rig();
    await group('north', { mode: 'continuous', query: { tags: { site: 'north' } }, policy: { allow: ['topic:north/#:pubsub'] } });
    await device('d1', { tags: { site: 'south' } });
    const held = grants.device('demo', 'd1');
    assert.equal(held.allowsPublish('north/x'), false);
    await device('d1', { tags: { site: 'north' } });
    assert.equal(held.allowsPublish('north/x'), true);
    await group('north', { mode: 'continuous', query: { tags: { site: 'north' } }, deletedMs: 5 });
    assert.equal(held.allowsPublish('north/x'), false);
  });

  it('are none when there is no such device, or no longer', async () => {
    const { device, grants } = await rig();
    const ghost = grants.device('demo', 'ghost');
    assert.equal(ghost.allows('telemetry:write'), false);
    const held = grants.device('demo', 'd1');
    assert.equal(held.allows('telemetry:write'), false);
    await device('d1');
    assert.equal(held.allows('telemetry:write'), true);
    await device('d1', { deletedMs: 9, credentials: [] });
    assert.equal(held.allows('telemetry:write'), false);
  });

  it('are not those of whoever has its id as an external id', async () => {
    const { device, grants } = await rig();
    await device('d1', { externalIds: ['d2'], policy: { allow: ['topic:a:pub'] } });
    assert.equal(grants.device('demo', 'd2').allowsPublish('a'), false);
  });
});

describe('the grants of a key', () => {
  it('are its scopes and its own policy, less what its tenant denies', async () => {
    const { grants, key, tenant } = await rig();
    await key('k', { scopes: ['twin:read', 'topic:a/#:sub'], policy: { allow: ['telemetry:write'], deny: ['twin:read:tags'] } });
    const held = grants.key('demo', 'k');
    assert.equal(held.allows('telemetry:write'), true);
    assert.equal(held.allows('twin:read'), false);
    assert.equal(held.allowsPart('twin:read'), true);
    assert.equal(held.allows('twin:read:reported'), true);
    assert.equal(held.allowsSubscribe('a/b'), true);
    await tenant({ allow: ['registry:admin'], deny: ['topic:a/b:pubsub'] });
    assert.equal(held.allows('registry:admin'), false);
    assert.equal(held.allowsSubscribe('a/b'), false);
    await key('k', { scopes: ['registry:admin'] });
    assert.equal(held.allows('registry:admin'), true);
    assert.equal(held.allows('telemetry:write'), false);
    assert.equal(grants.key('demo', 'none').allows('registry:admin'), false);
  });

  it('are not given on beyond themselves', async () => {
    const { grants, key } = await rig();
    await key('k', { scopes: ['registry:admin', 'twin:read', 'topic:a/#:pubsub'] });
    const principal: Principal = {
      kind: 'key',
      tenant: 'demo',
      credential: 'tfk_demo.k',
      scopes: [],
      group: undefined,
      grants: grants.key('demo', 'k'),
    };
    assert.equal(excessGrant(principal, ['twin:read:reported', 'topic:a/b:pub'], 'key'), undefined);
    assert.equal(excessGrant(principal, ['twin:read', 'command:send', 'twin:write'], 'key'), 'command:send');
    assert.equal(excessGrant(principal, ['telemetry:write'], 'key'), 'telemetry:write');
    assert.equal(excessGrant(principal, ['telemetry:write', 'twin:write:reported', 'topic:a/${device}:pub'], 'device'), undefined);
    assert.equal(excessGrant(principal, ['telemetry:write', 'topic:b/${device}:pub'], 'device'), 'topic:b/${device}:pub');
    const admin: Principal = { kind: 'admin', tenant: undefined, credential: 'tfa' };
    assert.equal(excessGrant(admin, ['command:send', 'topic:#:pubsub'], 'key'), undefined);
  });
});

describe('compiled policies', () => {
  it('are made again only for whom something changed', async () => {
    const { cache, device, grants, key } = await rig();
    for (const id of ['d1', 'd2']) await device(id);
    await key('k', { scopes: ['twin:read'] });
    const held = [grants.device('demo', 'd1'), grants.device('demo', 'd2'), grants.key('demo', 'k')];
    for (const one of held) one.allows('telemetry:write');
    let looks = 0;
    const look = cache.device.bind(cache);
    cache.device = (tenant, name) => {
      looks++;
      return look(tenant, name);
    };
    for (const one of held) one.allows('telemetry:write');
    assert.equal(looks, 0);
    await device('d1', { policy: { allow: [], deny: ['telemetry:write'] } });
    assert.deepEqual(
      held.map((one) => one.allows('telemetry:write')),
      [false, true, false],
    );
    assert.equal(looks, 1);
  });
});
