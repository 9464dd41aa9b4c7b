/** Tokens that were refused are refused again without a hash; one that has become valid meanwhile never is. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import type { RegistryLog } from '../../../engine/ports/registry.ts';
import { RegistryAuthenticator } from '../../../ingest/credentials/authenticator.ts';
import { hashToken, provesToken } from '../../../ingest/credentials/credentials.ts';
import { RegistryGrants } from '../../../ingest/credentials/grants.ts';
import { REFUSED_MS_MAX, RefusedTokens } from '../../../ingest/credentials/refused-tokens.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import { VirtualTime } from '../virtual-time.ts';

const pepper = randomBytes(32);
const SECRET = 'A'.repeat(43);

let time: VirtualTime;
let registry: RegistryCache;
let commands: RegistryCommands;
let authenticator: RegistryAuthenticator;
let hashes: number;
let log: MemoryRegistry;
/** Whether what the log says reaches the edge later. */
let isDeaf: boolean;
const unheard: (() => void)[] = [];

/** What became of the token, and how many hashes it took. */
function tried(token: string): readonly [string, number] {
  hashes = 0;
  const result = authenticator.authenticate(token);
  return [result.ok ? 'ok' : result.why, hashes];
}

beforeEach(async () => {
  time = new VirtualTime();
  hashes = 0;
  isDeaf = false;
  unheard.length = 0;
  log = new MemoryRegistry();
  const heard: Pick<RegistryLog, 'follow'> = {
    follow: (onEntry, caughtUp) =>
      log.follow((entry) => {
        if (isDeaf) unheard.push(() => onEntry(entry));
        else onEntry(entry);
      }, caughtUp),
  };
  registry = new RegistryCache(heard, time);
  await registry.caughtUp();
  commands = new RegistryCommands({ log, cache: registry, clock: time, randomBytes, pepper });
  await commands.createTenant('t');
  authenticator = new RegistryAuthenticator({
    registry,
    clock: time,
    pepper,
    adminHash: hashToken(`tfa_${SECRET}`, pepper),
    grants: new RegistryGrants(registry),
    proves: (token, hash, of) => {
      hashes += 1;
      return provesToken(token, hash, of);
    },
  });
});

describe('a token that was refused', () => {
  it('costs one hash in thirty seconds, whatever is wrong with it', async () => {
    const made = await commands.registerDevice('t', { id: 'd', externalIds: [] });
    assert(made.ok);
    const [, , id = ''] = made.value.token.split('.');
    for (const token of [
      `tfd_t.d.${id}.${SECRET}`,
      `tfd_t.d.AAAAAAAA.${SECRET}`,
      `tfd_t.nobody.${id}.${SECRET}`,
      `tfk_t.AAAAAAAA.${SECRET}`,
      `tfp_t.group.${SECRET}`,
      `tfa_${'b'.repeat(43)}`,
    ]) {
      assert.deepEqual(
        [tried(token), tried(token), tried(token)],
        [
          ['unknown-credential', 1],
          ['unknown-credential', 0],
          ['unknown-credential', 0],
        ],
        token,
      );
      time.advance(REFUSED_MS_MAX - 1);
      assert.deepEqual(tried(token), ['unknown-credential', 0], token);
      time.advance(1);
      assert.deepEqual(tried(token), ['unknown-credential', 1], token);
    }
    assert.deepEqual(tried(made.value.token), ['ok', 1], 'the right one is another token');
  });

  it('is let in at once when it has become valid: a device that is enabled again', async () => {
    const made = await commands.registerDevice('t', { id: 'd', externalIds: [] });
    assert(made.ok);
    const { token } = made.value;
    assert((await commands.disableDevice('t', 'd')).ok);
    assert.deepEqual(
      [tried(token), tried(token)],
      [
        ['disabled', 1],
        ['disabled', 0],
      ],
    );
    assert((await commands.enableDevice('t', 'd')).ok);
    assert.deepEqual(tried(token), ['ok', 1]);
  });

  it('is let in at once when the registry is heard to say that it was made', async () => {
    // Another edge makes what this one hears of later.
    const elsewhere = new RegistryCache(log, time);
    await elsewhere.caughtUp();
    const makes = new RegistryCommands({ log, cache: elsewhere, clock: time, randomBytes, pepper });
    isDeaf = true;
    const device = await makes.registerDevice('t', { id: 'd', externalIds: [] });
    const key = await makes.createKey('t', ['telemetry:write']);
    await makes.createGroup('t', 'g', {});
    const provisioning = await makes.createKey('t', { kind: 'provisioning', group: 'g', scopes: [] });
    assert(device.ok && key.ok && provisioning.ok);
    const tokens = [device.value.token, key.value.token, provisioning.value.token];
    for (const token of tokens)
      assert.deepEqual(
        [tried(token), tried(token)],
        [
          ['unknown-credential', 1],
          ['unknown-credential', 0],
        ],
      );
    assert.equal(authenticator.authenticateProvisioning(provisioning.value.token).ok, false);
    isDeaf = false;
    for (const hear of unheard.splice(0)) hear();
    assert.deepEqual(tokens.map(tried), [
      ['ok', 1],
      ['ok', 1],
      ['provisioning-key', 1],
    ]);
    assert.equal(authenticator.authenticateProvisioning(provisioning.value.token).ok, true);
  });

  it('is looked at again as soon as its time may have come', async () => {
    const notBeforeMs = time.now() + 5_000;
    const made = await commands.registerDevice('t', { id: 'd', externalIds: [] });
    assert(made.ok);
    const rotated = await commands.addCredential('t', 'd', { notBeforeMs });
    assert(rotated.ok);
    assert.deepEqual(tried(rotated.value.token), ['not-yet-valid', 1]);
    time.advance(5_000);
    assert.deepEqual(tried(rotated.value.token), ['ok', 1]);
  });
});

it('no flood makes it grow', () => {
  const refused = new RefusedTokens(
    () => 0,
    () => 0,
  );
  for (let i = 0; i < 50_000; i++) {
    refused.note(`tfk_t.${i}.${SECRET}`, { kind: 'key', tenant: 't', id: String(i) }, { ok: false, why: 'unknown-credential' });
    assert.ok(refused.size <= 2 * 8_192);
  }
  assert.equal(refused.find(`tfk_t.49999.${SECRET}`)?.why, 'unknown-credential');
  assert.equal(refused.find(`tfk_t.0.${SECRET}`), undefined);
});
