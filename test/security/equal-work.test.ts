/** Who tries tokens learns nothing from the time it takes: whatever is wrong with one, as many hashes are computed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { RegistryAuthenticator } from '../../ingest/credentials/authenticator.ts';
import { hashToken, provesToken } from '../../ingest/credentials/credentials.ts';
import { MemoryRegistry } from '../../engine/memory/memory-registry.ts';
import { RegistryCache } from '../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../ingest/registry/commands.ts';
import { RegistryGrants } from '../../ingest/credentials/grants.ts';

const clock = { now: () => 1_800_000_000_000, monotonic: () => 0 };

test('a token costs one hash, whether its tenant, its device, its credential or nothing of it is known', async () => {
  const pepper = randomBytes(32);
  const log = new MemoryRegistry();
  const registry = new RegistryCache(log, clock);
  await registry.caughtUp();
  const commands = new RegistryCommands({ log, cache: registry, clock, randomBytes, pepper });
  await commands.createTenant('t');
  const made = await commands.registerDevice('t', { id: 'd', externalIds: [] });
  assert(made.ok);
  const key = await commands.createKey('t', ['twin:read']);
  assert(key.ok);
  const revoked = await commands.createKey('t', ['twin:read']);
  assert(revoked.ok && (await commands.revokeKey('t', revoked.value.id)).ok);
  let hashes = 0;
  const authenticator = new RegistryAuthenticator({
    registry,
    clock,
    pepper,
    adminHash: hashToken(`tfa_${'a'.repeat(43)}`, pepper),
    grants: new RegistryGrants(registry),
    proves: (token, hash, of) => {
      hashes += 1;
      return provesToken(token, hash, of);
    },
  });
  const secret = 'A'.repeat(43);
  const [, device = '', id = ''] = made.value.token.split('.');
  const attempts: Readonly<Record<string, string>> = {
    'the right one': made.value.token,
    'another secret': `tfd_t.${device}.${id}.${secret}`,
    'another credential': `tfd_t.${device}.AAAAAAAA.${secret}`,
    'another device': `tfd_t.nobody.${id}.${secret}`,
    'another tenant': `tfd_nobody.${device}.${id}.${secret}`,
    'a key': key.value.token,
    'a key that is not there': `tfk_t.AAAAAAAA.${secret}`,
    'a revoked key': revoked.value.token,
    'a tenant without keys': `tfk_nobody.AAAAAAAA.${secret}`,
    'the administrator’s': `tfa_${'b'.repeat(43)}`,
    'a group that has no provisioning key': `tfp_t.nobody.${secret}`,
  };
  const counts = Object.entries(attempts).map(([what, token]) => {
    hashes = 0;
    authenticator.authenticate(token);
    return [what, hashes] as const;
  });
  assert.deepEqual(
    counts,
    Object.keys(attempts).map((what) => [what, 1]),
  );
  await registry.stop();
});
