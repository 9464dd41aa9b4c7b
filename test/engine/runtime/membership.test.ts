/** Leases move with the living: taken, renewed, given back, lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MemoryLeases } from '../../../engine/memory/memory-leases.ts';
import { silentLog } from '../../../engine/observability/log.ts';
import { desiredOwners, Membership, type OwnedPartition } from '../../../engine/runtime/membership.ts';

class FakeOwner implements OwnedPartition {
  brokenOff: unknown;
  /** Takes its time to end. */
  slow = false;
  #end: (() => void) | undefined;

  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  stop(): void {
    if (!this.slow) this.end();
  }

  breakOff(reason: unknown): void {
    this.brokenOff = reason;
    this.stop();
  }

  end(): void {
    this.#end?.();
  }
}

function member(
  name: string,
  leases: MemoryLeases,
  now: () => number,
): { membership: Membership; owners: Map<number, FakeOwner>; fresh: Map<number, () => boolean> } {
  const owners = new Map<number, FakeOwner>();
  const fresh = new Map<number, () => boolean>();
  const membership = new Membership({
    member: { node: name, instance: `${name}-1` },
    partitions: 8,
    leases,
    clock: { now, monotonic: now },
    log: silentLog,
    own: (partition, leaseFresh) => {
      const owner = new FakeOwner();
      owners.set(partition, owner);
      fresh.set(partition, leaseFresh);
      return owner;
    },
    onFailed: () => undefined,
  });
  return { membership, owners, fresh };
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 2_000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(holds(), 'never came true');
};

test('one node owns everything, two share, and the one that stays takes the rest', async () => {
  let nowMs = 0;
  const leases = new MemoryLeases(4_000, () => nowMs);
  const a = member('a', leases, () => nowMs);
  const runA = a.membership.run();
  await until(() => a.membership.held().length === 8);
  const b = member('b', leases, () => nowMs);
  const runB = b.membership.run();
  await until(() => b.membership.held().length > 0 && a.membership.held().length + b.membership.held().length === 8);
  assert.deepEqual(
    a.membership.held().filter((partition) => b.membership.held().includes(partition)),
    [],
  );
  b.membership.stop();
  await runB;
  await until(() => a.membership.held().length === 8);
  a.membership.stop();
  await runA;
  nowMs += 10_000;
  assert.deepEqual(await leases.nodes(), []);
});

test('a lease that another instance took ends the owner', async () => {
  let nowMs = 0;
  const leases = new MemoryLeases(4_000, () => nowMs);
  const a = member('a', leases, () => nowMs);
  const run = a.membership.run();
  await until(() => a.membership.held().length === 8);
  assert.equal(a.fresh.get(0)?.(), true);
  const first = a.owners.get(0);
  nowMs += 3_500;
  assert.equal(a.fresh.get(0)?.(), false, 'with less than a second left nothing is answered');
  await leases.take(0, { node: 'a', instance: 'a-2' });
  await until(() => first?.brokenOff !== undefined);
  a.membership.stop();
  await run;
});

test('a partition that was lost and is free again gets no second owner before the first has ended', async () => {
  let nowMs = 0;
  const leases = new MemoryLeases(4_000, () => nowMs);
  const a = member('a', leases, () => nowMs);
  const run = a.membership.run();
  await until(() => a.membership.held().length === 8);
  const first = a.owners.get(0);
  assert.ok(first !== undefined);
  first.slow = true;
  const taken = await leases.take(0, { node: 'a', instance: 'a-2' });
  assert.ok(taken !== undefined);
  await until(() => first.brokenOff !== undefined);
  await leases.release(taken);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.equal(a.owners.get(0), first, 'a beat later still the only one');
  assert.equal(a.fresh.get(0)?.(), false);
  first.end();
  await until(() => a.owners.get(0) !== first);
  a.membership.stop();
  await run;
});

test('every partition has one owner, whatever the order of the list, and nobody more than a fair share', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 64 }),
      (nodes, partitions) => {
        const owners = desiredOwners(partitions, nodes);
        assert.equal(owners.length, partitions);
        assert.deepEqual(desiredOwners(partitions, nodes.toReversed()), owners);
        for (const node of nodes) assert.ok(owners.filter((owner) => owner === node).length <= Math.ceil(partitions / nodes.length));
        assert.ok(owners.every((owner) => owner !== undefined && nodes.includes(owner)));
      },
    ),
  );
});

test('nobody alive owns nothing', () => {
  assert.deepEqual(desiredOwners(2, []), [undefined, undefined]);
});
