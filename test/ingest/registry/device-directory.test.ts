import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { partitionIn, prefixLengthIn, prefixStartIn, type TelemetryFormat } from '../../../ingest/registry/device-entries.ts';
import { DeviceDirectory } from '../../../ingest/registry/device-directory.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import { CONTENT_TYPE, KIND, VIA } from '../../../schemas/envelope.ts';
import { decodeEvent, type Event } from '../../../schemas/gen/lean.ts';
import { VirtualTime } from '../virtual-time.ts';

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

/** The id of the device that is found, or undefined. */
function idOf(directory: DeviceDirectory, tenant: string, name: string): string | undefined {
  const entry = directory.findByName(tenant, name);
  return entry === 0 ? undefined : directory.idOf(entry);
}

function prefixOf({ entries: { bytes } }: DeviceDirectory, entry: number, format: TelemetryFormat): Event | undefined {
  const start = prefixStartIn(bytes, entry, format);
  return decodeEvent(bytes.slice(start, start + prefixLengthIn(bytes, entry)));
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
          assert.equal(found === 0, tenant === 'c');
          if (found === 0) continue;
          assert.equal(directory.idOf(found), id);
          assert.equal(prefixOf(directory, found, 'json')?.tenant, tenant);
          assert.equal(partitionIn(directory.entries.bytes, found), partitionOf(tenant, id, PARTITIONS));
        }
        at += id.length;
      }
    }
  });

  it('encodes what all events of a device share', async () => {
    const { directory, commands } = await rig();
    await commands.registerDevice('a', { id: 'd', externalIds: [] });
    const found = directory.findByName('a', 'd');
    const event = prefixOf(directory, found, 'protobuf');
    assert.deepEqual(
      [event?.tenant, event?.device, event?.kind, event?.via, event?.contentType],
      ['a', 'd', KIND.telemetry, VIA.http, CONTENT_TYPE.protobuf],
    );
    assert.equal(prefixOf(directory, found, 'json')?.contentType, CONTENT_TYPE.json);
    assert.equal(prefixOf(directory, found, 'json')?.device, 'd');
  });

  it('forgets a device that was deleted, and follows an external id to its next holder', async () => {
    const { directory, commands } = await rig();
    await commands.registerDevice('a', { id: 'one', externalIds: ['00:11'] });
    assert.equal(idOf(directory, 'a', 'one'), 'one');
    assert.equal(idOf(directory, 'a', '00:11'), 'one');
    await commands.deleteDevice('a', 'one');
    assert.equal(idOf(directory, 'a', 'one'), undefined);
    assert.equal(idOf(directory, 'a', '00:11'), undefined);
    await commands.registerDevice('a', { id: 'two', externalIds: ['00:11'] });
    assert.equal(idOf(directory, 'a', '00:11'), 'two');
    await commands.registerDevice('a', { id: 'one', externalIds: [] });
    assert.equal(idOf(directory, 'a', 'one'), 'one');
  });

  it('keeps what a body found while it finds more than it had room for, and tells tenants apart', async () => {
    const { directory, commands } = await rig();
    for (let i = 0; i < 1_500; i++) await commands.registerDevice('a', { id: `device-${i}`, externalIds: [] });
    await commands.registerDevice('b', { id: 'device-7', externalIds: [] });
    directory.begin();
    const found = Array.from({ length: 1_500 }, (_, i) => directory.findByName('a', `device-${i}`));
    assert.equal(new Set(found).size, 1_500);
    for (const [i, entry] of found.entries()) assert.equal(directory.idOf(entry), `device-${i}`);
    assert.notEqual(directory.findByName('b', 'device-7'), found[7]);
    assert.equal(directory.findByName('b', 'device-8'), 0);
    assert.deepEqual(
      Array.from(found, (_, i) => directory.findByName('a', `device-${i}`)),
      found,
    );
  });
});
