import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { RegistryAuthenticator } from '../../../ingest/credentials/authenticator.ts';
import { RegistryGrants } from '../../../ingest/credentials/grants.ts';
import { LastUsedBook, USED_RESOLUTION_MS, type UsedLog } from '../../../ingest/credentials/last-used.ts';
import type { Principal } from '../../../ingest/message.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import { VirtualTime } from '../virtual-time.ts';

class MemoryUsedLog implements UsedLog {
  readonly messages: Uint8Array[] = [];
  readonly #followers = new Set<(data: Uint8Array) => void>();

  append(data: Uint8Array): Promise<void> {
    this.messages.push(data);
    for (const follower of this.#followers) follower(data);
    return Promise.resolve();
  }

  follow(onEntry: (data: Uint8Array) => void): { stop(): Promise<void> } {
    for (const message of this.messages) onEntry(message);
    this.#followers.add(onEntry);
    return {
      stop: () => {
        this.#followers.delete(onEntry);
        return Promise.resolve();
      },
    };
  }
}

async function node(log: MemoryRegistry, usedLog: UsedLog, time: VirtualTime) {
  const pepper = Buffer.alloc(32, 1);
  const cache = new RegistryCache(log, time);
  await cache.caughtUp();
  const commands = new RegistryCommands({ log, cache, clock: time, randomBytes, pepper });
  const book = new LastUsedBook({ registry: cache, commands, log: usedLog, clock: time });
  const authenticator = new RegistryAuthenticator({
    registry: cache,
    clock: time,
    pepper,
    adminHash: '',
    grants: new RegistryGrants(cache),
    onUsed: (principal) => book.note(principal),
  });
  return { authenticator, book, cache, commands };
}

async function rig() {
  const time = new VirtualTime();
  time.advance(Date.UTC(2026, 0, 1) - time.now());
  const log = new MemoryRegistry();
  const usedLog = new MemoryUsedLog();
  const one = await node(log, usedLog, time);
  await one.commands.createTenant('demo');
  const made = await one.commands.registerDevice('demo', { id: 'd', externalIds: [] });
  assert.ok(made.ok);
  const { credential, token } = made.value;
  return { ...one, time, log, usedLog, token, name: `tfd_demo.d.${credential.id}` };
}

describe('the last use of a credential', () => {
  it('is told to other edges, once an hour however often it is used', async () => {
    const { authenticator, book, log, name, time, token, usedLog } = await rig();
    const other = await node(log, usedLog, time);
    assert.equal(book.of(name), undefined);
    for (let i = 0; i < 1_000; i++) authenticator.authenticate(token);
    await book.tell();
    assert.equal(usedLog.messages.length, 1);
    assert.equal(other.book.of(name), time.now());
    const first = time.now();
    time.advance(USED_RESOLUTION_MS - 1);
    assert.ok(authenticator.authenticate(token).ok);
    await book.tell();
    assert.deepEqual([usedLog.messages.length, book.of(name)], [1, first]);
    time.advance(60_001);
    assert.ok(authenticator.authenticate(token).ok);
    await book.tell();
    assert.equal(usedLog.messages.length, 2);
    assert.ok((other.book.of(name) ?? 0) > first);
    const late = await node(log, usedLog, time);
    assert.equal(late.book.of(name), other.book.of(name));
  });

  it('is known of keys too, and rubbish in the log is passed over', async () => {
    const { authenticator, book, commands, usedLog } = await rig();
    const key = await commands.createKey('demo', ['twin:read']);
    assert.ok(key.ok && authenticator.authenticate(key.value.token).ok);
    assert.notEqual(book.of(`tfk_demo.${key.value.id}`), undefined);
    for (const text of ['', '{', '[]', '{"used":1}', '{"used":{"tfd_x.y.z":1,"":2,"tfk_demo.none":3,"tfd_demo.d.c":"x"}}'])
      await usedLog.append(Buffer.from(text));
    assert.equal(book.of('tfd_x.y.z'), undefined);
  });

  it('of a certificate is that of the credential which pins it, told as often as a token’s', async () => {
    const { book, cache, name, time, usedLog } = await rig();
    const grants = new RegistryGrants(cache).device('demo', 'd');
    const credential = `x509_demo.d.${'ab'.repeat(32)}`;
    const pinned: Principal = { kind: 'device', tenant: 'demo', device: 'd', credential, listedAs: name, group: undefined, grants };
    for (let i = 0; i < 1_000; i++) book.note(pinned);
    await book.tell();
    assert.deepEqual([book.of(name), book.of(credential), usedLog.messages.length], [time.now(), undefined, 1]);
    assert.match(Buffer.from(usedLog.messages[0] ?? []).toString(), new RegExp(`"${name}"`));
    time.advance(USED_RESOLUTION_MS - 1);
    book.note(pinned);
    await book.tell();
    assert.equal(usedLog.messages.length, 1);
    time.advance(60_001);
    book.note(pinned);
    await book.tell();
    assert.deepEqual([book.of(name), usedLog.messages.length], [time.now() - (time.now() % 60_000), 2]);
    await book.activate();
    assert.equal(cache.stateOf('demo', 'd'), 'active');
  });

  it('makes a registered device an active one, by one decision', async () => {
    const { authenticator, book, cache, log, token } = await rig();
    assert.equal(cache.stateOf('demo', 'd'), 'registered');
    authenticator.authenticate(token);
    await book.activate();
    assert.equal(cache.stateOf('demo', 'd'), 'active');
    const seq = cache.deviceSeq('demo', 'd');
    assert.ok(authenticator.authenticate(token).ok);
    await book.activate();
    assert.equal(cache.deviceSeq('demo', 'd'), seq);
    const [last] = await log.history('reg.demo.device.d', Number.MAX_SAFE_INTEGER, 1);
    assert.match(Buffer.from(last?.data ?? []).toString(), /"actor":"system:activation","did":"activated"/);
  });
});
