import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Clock } from '../../../engine/kernel/clock.ts';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { RegistryAuthenticator } from '../../../ingest/credentials/authenticator.ts';
import {
  credentialName,
  hashToken,
  mintToken,
  parseToken,
  pepperOf,
  provesToken,
  type TokenName,
} from '../../../ingest/credentials/credentials.ts';
import { RegistryGrants } from '../../../ingest/credentials/grants.ts';
import { FEED_LOST_MS_MAX, RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import type { DeviceEntry } from '../../../ingest/registry/entries.ts';
import type { RegistryRefusal } from '../../../ingest/registry/deciders.ts';
import { decodeEntry, encodeEntry } from '../../../ingest/registry/codec.ts';
import { VirtualTime } from '../virtual-time.ts';

const pepper = pepperOf(randomBytes(32).toString('base64url'));
const adminToken = mintToken({ kind: 'admin' }, randomBytes);

interface Node {
  readonly cache: RegistryCache;
  readonly commands: RegistryCommands;
  readonly authenticator: RegistryAuthenticator;
}

async function node(log: MemoryRegistry, clock: Clock): Promise<Node> {
  const cache = new RegistryCache(log, clock);
  await cache.caughtUp();
  return {
    cache,
    commands: new RegistryCommands({ log, cache, clock, randomBytes, pepper }),
    authenticator: new RegistryAuthenticator({
      registry: cache,
      clock,
      pepper,
      grants: new RegistryGrants(cache),
      adminHash: hashToken(adminToken, pepper),
    }),
  };
}

async function rig(): Promise<Node & { readonly time: VirtualTime; readonly log: MemoryRegistry }> {
  const time = new VirtualTime();
  const log = new MemoryRegistry();
  const made = await node(log, time);
  await made.commands.createTenant('demo');
  return { ...made, time, log };
}

function valueOf<T>(decided: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: RegistryRefusal }): T {
  assert.ok(decided.ok, decided.ok ? '' : decided.why);
  return decided.value;
}

function whyOf(decided: { readonly ok: boolean; readonly why?: RegistryRefusal }): RegistryRefusal | undefined {
  return decided.ok ? undefined : decided.why;
}

const listed = async (cache: RegistryCache): Promise<readonly DeviceEntry[]> =>
  (await cache.list('demo', {}, { from: 0, limit: 10 })).items.map(({ entry }) => entry);

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('tokens', () => {
  const id = fc.string({ unit: fc.constantFrom(...'ABZabz059_-'.split('')), minLength: 1, maxLength: 64 });
  const name: fc.Arbitrary<TokenName> = fc.oneof(
    fc.constant<TokenName>({ kind: 'admin' }),
    fc.record({ kind: fc.constant('key' as const), tenant: id, id }, { noNullPrototype: true }),
    fc.record({ kind: fc.constant('device' as const), tenant: id, device: id, id }, { noNullPrototype: true }),
  );

  it('name what they were made for', () => {
    fc.assert(
      fc.property(name, (made) => {
        const token = mintToken(made, randomBytes);
        assert.deepEqual(parseToken(token), made);
        if (made.kind !== 'admin') assert.ok(token.startsWith(`${credentialName(made)}.`));
      }),
    );
  });

  it('are proven by their whole text', () => {
    const token = mintToken({ kind: 'device', tenant: 't', device: 'd', id: 'c' }, randomBytes);
    const hash = hashToken(token, pepper);
    assert.equal(provesToken(token, hash, pepper), true);
    assert.equal(provesToken(token.replace('tfd_t.d', 'tfd_t.e'), hash, pepper), false);
    assert.equal(provesToken(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, hash, pepper), false);
    assert.equal(provesToken(token, hash, pepperOf('other')), false);
    assert.equal(provesToken(token, undefined, pepper), false);
    assert.equal(provesToken(token, '', pepper), false);
  });

  it('of another shape are none', () => {
    const secret = 'a'.repeat(43);
    for (const text of [
      '',
      'x',
      `tfx_a.b.${secret}`,
      `tfk_a.${secret}`,
      `tfd_a.b.${secret}`,
      `tfd_a.b.c.d.${secret}`,
      `tfk_a.b.${secret}a`,
      `tfk_a.b*.${secret}`,
      `tfk_.b.${secret}`,
      'tfa_short',
      `tfa_${'a'.repeat(400)}`,
    ]) {
      assert.equal(parseToken(text), undefined, text);
    }
  });
});

describe('entries', () => {
  it('survive their encoding, and what is unknown is left alone', () => {
    const entry = {
      kind: 'device' as const,
      tenant: 't',
      id: 'd',
      externalIds: ['x'],
      group: 'g',
      tags: { a: 1 },
      createdMs: 5,
      credentials: [{ id: 'c', hash: 'h', createdMs: 5, notAfterMs: 9 }],
    };
    assert.deepEqual(decodeEntry(encodeEntry(entry)), entry);
    for (const text of [
      '',
      '{',
      '1',
      '{}',
      '{"v":2,"kind":"tenant","tenant":"t"}',
      '{"v":1,"kind":"other"}',
      '{"v":1,"kind":"tenant","tenant":"a.b"}',
      '{"v":1,"kind":"device","tenant":"t","id":"d"}',
      '{"v":1,"kind":"device","tenant":"t","id":"d","credentials":[{}]}',
    ]) {
      assert.equal(decodeEntry(Buffer.from(text)), undefined, text);
    }
  });
});

describe('a device', () => {
  it('is known by its token, its id and its external ids', async () => {
    const { commands, cache, authenticator } = await rig();
    const { token } = valueOf(await commands.registerDevice('demo', { id: 'd1', externalIds: ['00:11', 'urn:x'] }));
    const result = authenticator.authenticate(token);
    assert.ok(result.ok);
    assert.equal(result.principal.kind === 'device' && result.principal.device, 'd1');
    for (const name of ['d1', '00:11', 'urn:x']) assert.equal(cache.device('demo', name)?.id, 'd1');
    assert.equal(cache.device('other', 'd1'), undefined);
  });

  it('is registered once, and needs its tenant', async () => {
    const { commands } = await rig();
    valueOf(await commands.registerDevice('demo', { id: 'd1', externalIds: ['x'] }));
    assert.equal(whyOf(await commands.registerDevice('demo', { id: 'd1', externalIds: [] })), 'already-registered');
    assert.equal(whyOf(await commands.registerDevice('demo', { id: 'd2', externalIds: ['x'] })), 'external-id-taken');
    assert.equal(whyOf(await commands.registerDevice('nobody', { id: 'd1', externalIds: [] })), 'unknown-tenant');
    assert.equal(whyOf(await commands.createTenant('demo')), 'already-registered');
  });

  it('may have two tokens, each of which can be revoked', async () => {
    const { commands, authenticator } = await rig();
    const first = valueOf(await commands.registerDevice('demo', { id: 'd1', externalIds: [] }));
    const second = valueOf(await commands.addCredential('demo', 'd1', {}));
    assert.equal(whyOf(await commands.addCredential('demo', 'd1', {})), 'too-many-credentials');
    assert.ok(authenticator.authenticate(first.token).ok);
    valueOf(await commands.revokeCredential('demo', 'd1', first.credential.id));
    assert.deepEqual(authenticator.authenticate(first.token), { ok: false, why: 'revoked' });
    assert.ok(authenticator.authenticate(second.token).ok);
    assert.equal(whyOf(await commands.revokeCredential('demo', 'd1', first.credential.id)), 'not-found');
    valueOf(await commands.addCredential('demo', 'd1', {}));
  });

  it('has tokens that are good in their time only', async () => {
    const { commands, authenticator, time } = await rig();
    valueOf(await commands.registerDevice('demo', { id: 'd1', externalIds: [] }));
    const { token } = valueOf(
      await commands.addCredential('demo', 'd1', { notBeforeMs: time.now() + 1_000, notAfterMs: time.now() + 2_000 }),
    );
    assert.deepEqual(authenticator.authenticate(token), { ok: false, why: 'not-yet-valid' });
    time.advance(1_000);
    assert.ok(authenticator.authenticate(token).ok);
    time.advance(1_000);
    assert.deepEqual(authenticator.authenticate(token), { ok: false, why: 'expired' });
  });

  it('is gone when deleted, and its names are free again', async () => {
    const { commands, cache, authenticator } = await rig();
    const { token } = valueOf(await commands.registerDevice('demo', { id: 'd1', externalIds: ['x'] }));
    const record = cache.device('demo', 'd1');
    valueOf(await commands.deleteDevice('demo', 'x'));
    assert.equal(record !== undefined && cache.isCurrent(record), false);
    assert.equal(cache.device('demo', 'd1'), undefined);
    assert.equal(cache.device('demo', 'x'), undefined);
    assert.deepEqual(authenticator.authenticate(token), { ok: false, why: 'unknown-credential' });
    assert.equal(whyOf(await commands.deleteDevice('demo', 'd1')), 'not-found');
    valueOf(await commands.registerDevice('demo', { id: 'd2', externalIds: ['x'] }));
    valueOf(await commands.registerDevice('demo', { id: 'd1', externalIds: [] }));
    assert.equal(cache.device('demo', 'x')?.id, 'd2');
    assert.deepEqual(authenticator.authenticate(token), { ok: false, why: 'unknown-credential' });
  });
});

describe('keys', () => {
  it('carry their scopes until revoked', async () => {
    const { commands, authenticator } = await rig();
    const { id, token } = valueOf(await commands.createKey('demo', ['twin:read']));
    const result = authenticator.authenticate(token);
    assert.ok(result.ok && result.principal.kind === 'key');
    assert.deepEqual(result.principal.scopes, ['twin:read']);
    valueOf(await commands.revokeKey('demo', id));
    assert.deepEqual(authenticator.authenticate(token), { ok: false, why: 'revoked' });
    assert.equal(whyOf(await commands.revokeKey('demo', id)), 'not-found');
    assert.equal(whyOf(await commands.createKey('nobody', [])), 'unknown-tenant');
  });

  it('of the administrator is known by its hash alone', async () => {
    const { authenticator } = await rig();
    assert.ok(authenticator.authenticate(adminToken).ok);
    assert.deepEqual(authenticator.authenticate(mintToken({ kind: 'admin' }, randomBytes)), { ok: false, why: 'unknown-credential' });
    assert.deepEqual(authenticator.authenticate('rubbish'), { ok: false, why: 'malformed' });
  });
});

describe('two edges', () => {
  it('tell each other of a revocation, and end the sessions it concerns', async () => {
    const { commands, log, time } = await rig();
    const { token, credential } = valueOf(await commands.registerDevice('demo', { id: 'd1', externalIds: [] }));
    const other = await node(log, time);
    const result = other.authenticator.authenticate(token);
    assert.ok(result.ok);
    let ended = 0;
    let canceled = 0;
    other.authenticator.onRevoked(result.principal.credential, () => ended++);
    other.authenticator.onRevoked(result.principal.credential, () => canceled++)();
    valueOf(await commands.addCredential('demo', 'd1', {}));
    await settle();
    assert.equal(ended, 0, 'another credential of the same device is no revocation');
    valueOf(await commands.revokeCredential('demo', 'd1', credential.id));
    await settle();
    assert.deepEqual([ended, canceled], [1, 0]);
    assert.deepEqual(other.authenticator.authenticate(token), { ok: false, why: 'revoked' });
  });

  it('that register the same device at once: one wins', async () => {
    const { commands, cache, log, time } = await rig();
    const other = await node(log, time);
    const outcomes = await Promise.all([
      commands.registerDevice('demo', { id: 'd1', externalIds: [] }),
      other.commands.registerDevice('demo', { id: 'd1', externalIds: [] }),
    ]);
    assert.deepEqual(new Set(outcomes.map((one) => whyOf(one))), new Set(['already-registered', undefined]));
    await settle();
    assert.deepEqual(cache.device('demo', 'd1')?.entry, other.cache.device('demo', 'd1')?.entry);
  });

  it('end in the same state, however entries come again', async () => {
    const action = fc.record({ do: fc.constantFrom('register', 'delete', 'add', 'revoke', 'key'), device: fc.nat(3), node: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        const { cache, commands, log, time } = await rig();
        const other = await node(log, time);
        for (const one of actions) {
          const by = one.node ? commands : other.commands;
          const id = `d${one.device}`;
          const device = (one.node ? cache : other.cache).device('demo', id);
          if (one.do === 'register') await by.registerDevice('demo', { id, externalIds: [`x${one.device}`] });
          else if (one.do === 'delete') await by.deleteDevice('demo', id);
          else if (one.do === 'add') await by.addCredential('demo', id, {});
          else if (one.do === 'key') await by.createKey('demo', ['twin:read']);
          else await by.revokeCredential('demo', id, device?.entry.credentials[0]?.id ?? 'none');
        }
        await settle();
        const late = await node(log, time);
        for (const { cache: seen } of [other, late]) {
          assert.deepEqual(await listed(seen), await listed(cache));
          assert.equal(seen.devices, cache.devices);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a lost feed', () => {
  it('lets nobody in when it is lost for too long, and everybody when it is back', async () => {
    const { cache, authenticator, time } = await rig();
    cache.feedLost();
    time.advance(FEED_LOST_MS_MAX - 1);
    cache.feedLost();
    assert.ok(authenticator.authenticate(adminToken).ok);
    time.advance(1);
    assert.deepEqual(authenticator.authenticate(adminToken), { ok: false, why: 'registry-behind' });
    cache.feedRestored();
    assert.ok(authenticator.authenticate(adminToken).ok);
  });

  it('is also one that has not begun', () => {
    const cache = new RegistryCache({ follow: () => ({ stop: () => Promise.resolve() }) }, new VirtualTime());
    assert.equal(cache.isBehind(), true);
  });
});

describe('the list of devices', () => {
  it('comes in pages, in the order of the first registration', async () => {
    const { commands, cache } = await rig();
    for (const id of ['c', 'a', 'e', 'b', 'd']) valueOf(await commands.registerDevice('demo', { id, externalIds: [] }));
    const page = async (from: number, limit: number): Promise<{ readonly ids: readonly string[]; readonly next: number | undefined }> => {
      const { items, next } = await cache.list('demo', {}, { from, limit });
      return { ids: items.map(({ id }) => id), next };
    };
    const first = await page(0, 3);
    assert.deepEqual(first.ids, ['c', 'a', 'e']);
    assert.deepEqual(await page(first.next ?? -1, 3), { ids: ['b', 'd'], next: undefined });
    await commands.deleteDevice('demo', 'b');
    await commands.registerDevice('demo', { id: 'f', externalIds: [] });
    await commands.registerDevice('demo', { id: 'b', externalIds: [] });
    assert.deepEqual((await page(0, 9)).ids, ['c', 'a', 'e', 'b', 'd', 'f'], 'an id keeps its place');
    assert.deepEqual(await cache.list('nobody', {}, { from: 0, limit: 9 }), { items: [], next: undefined });
  });
});
