import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { MemoryRegistry } from '../../engine/memory/memory-registry.ts';
import { DeviceDirectory } from '../../ingest/device-directory.ts';
import { RegistryCache } from '../../ingest/registry-cache.ts';
import { RegistryCommands } from '../../ingest/registry-commands.ts';
import { CONTENT_TYPE, KIND, VIA } from '../../schemas/envelope.ts';
import { decodeEvent } from '../../schemas/gen/lean.ts';
import { VirtualTime } from './virtual-time.ts';

const PARTITIONS = 16;

async function rig(): Promise<{ readonly directory: DeviceDirectory; readonly commands: RegistryCommands }> {
  const time = new VirtualTime();
  const log = new MemoryRegistry();
  const cache = new RegistryCache(log, time);
  await cache.caughtUp();
  const commands = new RegistryCommands({ log, cache, clock: time, randomBytes, pepper: randomBytes(32) });
  for (const tenant of ['a', 'b']) await commands.createTenant(tenant);
  return { directory: new DeviceDirectory({ registry: cache, partitions: PARTITIONS, via: VIA.http }), commands };
}

describe('the directory of devices', () => {
  it('finds each device by its bytes, in its tenant, as often as it is asked', async () => {
    const { directory, commands } = await rig();
    for (const tenant of ['a', 'b'])
      for (let i = 0; i < 300; i++) await commands.registerDevice(tenant, { id: `dev-${i}`, externalIds: [] });
    const body = Buffer.from(`xx${Array.from({ length: 300 }, (_, i) => `dev-${i}`).join('')}`);
    for (let round = 0; round < 2; round++) {
      let at = 2;
      for (let i = 0; i < 300; i++) {
        const id = `dev-${i}`;
        for (const tenant of ['a', 'b', 'c']) {
          const found = directory.find(tenant, body, { start: at, end: at + id.length });
          assert.equal(found?.record.id, tenant === 'c' ? undefined : id);
          if (found === undefined) continue;
          assert.equal(found.record.tenant, tenant);
          assert.equal(found.partition, partitionOf(tenant, id, PARTITIONS));
        }
        at += id.length;
      }
    }
  });

  it('encodes what all events of a device share', async () => {
    const { directory, commands } = await rig();
    await commands.registerDevice('a', { id: 'd', externalIds: [] });
    const found = directory.findByName('a', 'd');
    const event = decodeEvent(found?.prefixes.protobuf ?? new Uint8Array(0));
    assert.deepEqual(
      [event?.tenant, event?.device, event?.kind, event?.via, event?.contentType],
      ['a', 'd', KIND.telemetry, VIA.http, CONTENT_TYPE.protobuf],
    );
    assert.equal(decodeEvent(found?.prefixes.json ?? new Uint8Array(0))?.contentType, CONTENT_TYPE.json);
  });

  it('forgets a device that was deleted, and follows an external id to its next holder', async () => {
    const { directory, commands } = await rig();
    await commands.registerDevice('a', { id: 'one', externalIds: ['00:11'] });
    assert.equal(directory.findByName('a', 'one')?.record.id, 'one');
    assert.equal(directory.findByName('a', '00:11')?.record.id, 'one');
    await commands.deleteDevice('a', 'one');
    assert.equal(directory.findByName('a', 'one'), undefined);
    assert.equal(directory.findByName('a', '00:11'), undefined);
    await commands.registerDevice('a', { id: 'two', externalIds: ['00:11'] });
    assert.equal(directory.findByName('a', '00:11')?.record.id, 'two');
    await commands.registerDevice('a', { id: 'one', externalIds: [] });
    assert.equal(directory.findByName('a', 'one')?.record.alive, true);
  });
});
