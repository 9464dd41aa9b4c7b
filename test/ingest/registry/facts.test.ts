import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { partitionOf } from '../../../engine/kernel/partition.ts';
import type { EventDraft, Intake, Receipt } from '../../../ingest/message.ts';
import { encodeEntry } from '../../../ingest/registry/codec.ts';
import type { DeviceEntry, RegistryFact } from '../../../ingest/registry/entries.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryFacts } from '../../../ingest/registry/facts.ts';
import { KIND } from '../../../schemas/envelope.ts';
import { VirtualTime } from '../virtual-time.ts';

interface Offer {
  readonly partition: number;
  readonly prefix: Uint8Array;
  readonly payload: string;
  readonly receipt: Receipt;
  readonly tag: number;
}

function rig(hasRoom = true, registry: Pick<RegistryCache, 'onReadmitted'> = { onReadmitted: () => undefined }) {
  const offers: Offer[] = [];
  const intake: Intake = {
    partitions: 7,
    offer: ({ end, partition, payload, prefix, start }: EventDraft, receipt, tag) => {
      if (hasRoom) offers.push({ partition, prefix, payload: Buffer.from(payload.slice(start, end)).toString(), receipt, tag });
      return hasRoom;
    },
    hasRoom: () => hasRoom,
    whenRoom: () => undefined,
  };
  const facts = new RegistryFacts(intake, registry);
  const told: string[] = [];
  const hand = (seq: number, fact: RegistryFact): void =>
    facts.take({ seq, data: encodeEntry(fact), done: () => told.push(`done ${seq}`), again: () => told.push(`again ${seq}`) });
  return { facts, hand, offers, told };
}

const device: DeviceEntry = {
  kind: 'device',
  tenant: 't',
  id: 'd',
  state: 'disabled',
  externalIds: ['00:11'],
  group: 'g',
  tags: { a: 1 },
  createdMs: 1,
  credentials: [{ id: 'c', hash: 'the hash', createdMs: 1 }],
  actor: 'tfa',
  did: 'disabled',
};

describe('what the fold learns of the registry', () => {
  it('is in its device’s partition, without a credential, and done when it is stored', () => {
    const { hand, offers, told } = rig();
    hand(41, device);
    const [offer] = offers;
    assert.ok(offer !== undefined);
    assert.equal(offer.partition, partitionOf('t', 'd', 7));
    assert.deepEqual(JSON.parse(offer.payload), { seq: 41, did: 'disabled', state: 'disabled', group: 'g', tags: { a: 1 } });
    assert.ok(Buffer.from(offer.prefix).includes('tfa'));
    assert.ok(Buffer.from(offer.prefix).includes(Buffer.from([0x18, KIND.registryFact])));
    assert.deepEqual(told, []);
    offer.receipt.stored(offer.tag, 5, 0);
    assert.deepEqual(told, ['done 41']);
  });

  it('is handed out again when it could not be stored', () => {
    const { hand, offers, told } = rig();
    hand(1, device);
    offers[0]?.receipt.failed(offers[0].tag, { code: 'log-unavailable', retryAfterMs: 1 });
    assert.deepEqual(told, ['again 1']);
    const full = rig(false);
    full.hand(2, device);
    assert.deepEqual(full.told, ['again 2']);
  });

  it('is said by every edge of a device that was barred, before that lets it in', async () => {
    const time = new VirtualTime();
    const log = new MemoryRegistry();
    const cache = new RegistryCache(log, time);
    await cache.caughtUp();
    const { offers } = rig(true, cache);
    let lastSeq = 0;
    const put = async (entry: Partial<DeviceEntry>): Promise<void> => {
      const { state: _state, ...bare } = device;
      const data = encodeEntry({ ...bare, ...entry });
      lastSeq = await log.append('reg.t.device.d', data, lastSeq);
      await cache.reached(lastSeq);
    };
    for (const state of ['registered', 'active', 'disabled', 'active', 'decommissioned', 'registered'] as const) await put({ state });
    await put({ deletedMs: 9 });
    await put({ state: 'registered' });
    await put({ state: 'active' });
    assert.deepEqual(
      offers.map(({ payload }) => (JSON.parse(payload) as { readonly state: string }).state),
      ['active', 'registered', 'registered'],
    );
    await cache.stop();
  });

  it('is no credential’s business, and nothing of what is no device', () => {
    const { facts, hand, offers, told } = rig();
    hand(1, { ...device, did: 'credential-rotated' });
    hand(2, { kind: 'tenant', tenant: 't', createdMs: 1 });
    facts.take({ seq: 3, data: Buffer.from('rubbish'), done: () => told.push('done 3'), again: () => told.push('again 3') });
    assert.deepEqual([told, offers], [['done 1', 'done 2', 'done 3'], []]);
    hand(4, { ...device, deletedMs: 9, did: 'deleted' });
    assert.match(offers[0]?.payload ?? '', /"state":"deleted"/);
  });
});
