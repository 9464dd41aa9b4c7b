import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Quotas } from '../../engine/domain/quota.ts';
import { readQuotaAccounts } from '../../engine/domain/quota-lease.ts';
import type { Admission } from '../../ingest/admit.ts';
import { gateOf, offer, QuotaRig } from './limits/quota-rig.ts';

function usedToday(quotas: Quotas, tenant: string, logMs: number): number {
  const account = readQuotaAccounts(quotas.json(tenant, logMs) ?? '')?.[0];
  return account?.windows.find(({ window }) => window === 'day')?.used ?? -1;
}

/** What edges have of it that they didn't say they spent. */
function heldOf(quotas: Quotas, tenant: string, logMs: number): number {
  const account = readQuotaAccounts(quotas.json(tenant, logMs) ?? '')?.[0];
  return (account?.edges ?? []).reduce((sum, { held }) => sum + (held[0] ?? 0), 0);
}

describe('admission at one edge', () => {
  it('limits nobody of whom nothing is said', () => {
    const rig = new QuotaRig();
    const edge = rig.edge();
    const gate = gateOf('t', 'd');
    assert.equal(offer(edge, gate, { count: 10_000 }), 10_000);
    assert.equal(edge.isFree('t'), true);
    assert.equal(edge.gauges.buckets, 0);
  });

  it('holds a device to all windows of its own rate', () => {
    const rig = new QuotaRig();
    rig.limitDevice('t', 'd', { messages: '10/s burst 20, 30/h' });
    const edge = rig.edge();
    const gate = gateOf('t', 'd');
    assert.equal(offer(edge, gate, { count: 100 }), 20);
    rig.nowMs += 1_000;
    assert.equal(offer(edge, gate, { count: 100 }), 10);
    rig.nowMs += 1_000;
    const hit = edge.event(gate, 1, 10, 1);
    assert.deepEqual([hit?.limit, hit?.window, hit?.scope, hit?.allowed], ['device-messages', '30/h', 'device', 30]);
    assert.equal(offer(edge, gateOf('t', 'other'), { count: 100 }), 100);
  });

  it('charges no level when another refuses', () => {
    const rig = new QuotaRig();
    rig.limitDevice('t', 'd', { messages: '1/h', bytes: '1M/s burst 65536' });
    const edge = rig.edge({ listener: { messages: '1/h burst 3' } });
    assert.equal(offer(edge, gateOf('t', 'd'), { count: 50 }), 1);
    assert.equal(offer(edge, gateOf('u', 'x'), { count: 50 }), 2);
  });

  it('follows a change of limits at the next message', () => {
    const rig = new QuotaRig();
    const edge = rig.edge();
    const gate = gateOf('t', 'd');
    assert.equal(offer(edge, gate, { count: 5 }), 5);
    rig.limitDevice('t', 'd', { messages: '1/h' });
    assert.equal(offer(edge, gate, { count: 5 }), 1);
    rig.limitDevice('t', 'd', {});
    assert.equal(offer(edge, gate, { count: 5 }), 5);
  });

  it('gives each device of a tenant or group what those say, unless it has its own', () => {
    const rig = new QuotaRig((_tenant, device) => (device.startsWith('g') ? ['group'] : []));
    rig.limit('t', { eachDevice: { messages: '1/h burst 2' } });
    rig.limitGroup('t', 'group', { eachDevice: { messages: '1/h burst 3' } });
    rig.limitDevice('t', 'own', { messages: '1/h burst 4' });
    const edge = rig.edge();
    assert.deepEqual(
      ['a', 'b', 'g1', 'own'].map((device) => offer(edge, gateOf('t', device), { count: 9 })),
      [2, 2, 3, 4],
    );
  });

  it('counts connections and how fast they come', () => {
    const rig = new QuotaRig();
    rig.limit('t', { connections: 2 });
    rig.limitDevice('t', 'd', { connectRate: '1/h burst 2' });
    const edge = rig.edge({ prefix: { connectRate: '1/h burst 4' } });
    const sender = gateOf('t', 'd', { address: '192.0.2.1' }).sender;
    const first = edge.enter(sender);
    assert.equal(first.hit, undefined);
    assert.equal(edge.enter(gateOf('t', 'x').sender).hit, undefined);
    assert.equal(edge.enter(gateOf('t', 'y').sender).hit?.limit, 'tenant-connections');
    first.leave();
    assert.equal(edge.enter(sender).hit, undefined);
    assert.equal(edge.enter(gateOf('u', 'd').sender).hit, undefined);
    for (let i = 0; i < 4; i++) assert.equal(edge.knock('mqtt', `192.0.2.${i}`), undefined);
    assert.equal(edge.knock('mqtt', '192.0.2.9')?.limit, 'prefix-connect-rate');
    assert.equal(edge.knock('mqtt', '198.51.100.1'), undefined);
  });

  it('forgets addresses and devices that are idle', () => {
    const rig = new QuotaRig();
    rig.limit('t', { eachDevice: { messages: '10/s burst 20' } });
    const edge = rig.edge({ prefix: { messages: '100/s' } });
    for (let i = 0; i < 2_000; i++) offer(edge, gateOf('t', `d${i}`, { address: `10.${i >> 8}.${i & 255}.1` }), { count: 1 });
    assert.equal(edge.gauges.buckets, 4_000);
    rig.nowMs += 60_000;
    edge.sweep();
    assert.equal(edge.gauges.buckets, 0);
  });

  it('remembers whom it refused, and by what', () => {
    const rig = new QuotaRig();
    rig.limitDevice('t', 'd', { messages: '1/h' });
    const edge = rig.edge();
    const gate = gateOf('t', 'd');
    offer(edge, gate, { count: 1 });
    for (let i = 0; i < 3; i++) {
      const hit = edge.event(gate, 1, 1, 1);
      assert.ok(hit !== undefined);
      edge.refused(gate.sender, hit);
    }
    assert.deepEqual(
      edge.refusals.of({ tenant: 't', device: 'd' }).map(({ limit, window, count }) => [limit, window, count]),
      [['device-messages', '1/h', 3]],
    );
    assert.equal(edge.refusals.of({ tenant: 't', device: undefined })[0]?.count, 3);
    assert.deepEqual(
      edge.describe(gate.sender).map(({ limit, used, allowed }) => [limit, used, allowed]),
      [['device-messages', 1, 1]],
    );
  });
});

/** Every edge offers `perMs` messages each millisecond for `ms`. */
async function flood(rig: QuotaRig, edges: readonly Admission[], load: { readonly ms: number; readonly perMs: number }): Promise<number> {
  const gates = edges.map((_, i) => gateOf('t', `d${i}`));
  let taken = 0;
  for (let i = 0; i < load.ms; i++) {
    for (const [e, edge] of edges.entries()) taken += offer(edge, gates[e] ?? gateOf('t', ''), { count: load.perMs });
    await rig.pass(1);
  }
  return taken;
}

describe('edges that share a quota', () => {
  it('together take the rate, not more than 1 % of a minute or a message an edge beyond, and not much less', async () => {
    for (const edges of [1, 2, 5]) {
      const rig = new QuotaRig();
      rig.limit('t', { messages: '100/s burst 100' });
      const all = Array.from({ length: edges }, () => rig.edge());
      const taken = await flood(rig, all, { ms: 10_000, perMs: 2 });
      const allowed = 100 * 10 + 100;
      assert.ok(taken <= allowed + Math.max(0.01 * 6_000, edges), `${edges} edges took ${taken} of ${allowed}`);
      assert.ok(taken >= 0.9 * allowed, `${edges} edges took ${taken} of ${allowed}`);
    }
  });

  it('let one edge have what the others leave', async () => {
    const rig = new QuotaRig();
    rig.limit('t', { messages: '100/s burst 100' });
    const [busy, idle] = [rig.edge(), rig.edge()];
    assert.equal(offer(idle, gateOf('t', 'x'), { count: 1 }), 0);
    const taken = await flood(rig, [busy], { ms: 10_000, perMs: 2 });
    assert.ok(taken >= 950 && taken <= 1_160, String(taken));
  });

  it('never take more than a volume, and begin anew the next day', async () => {
    const rig = new QuotaRig();
    rig.limit('t', { perDay: { messages: 5_000 } });
    const edges = [rig.edge(), rig.edge()];
    const taken = await flood(rig, edges, { ms: 3_000, perMs: 3 });
    assert.ok(taken <= 5_000 && taken >= 4_950, String(taken));
    const hit = edges[0]?.event(gateOf('t', 'd0'), 1, 1, 1);
    assert.deepEqual([hit?.limit, hit?.window, hit?.allowed], ['tenant-messages-day', 'day', 5_000]);
    assert.ok((hit?.retryAfterMs ?? 0) > 11 * 3_600_000);
    rig.nowMs += 12 * 3_600_000;
    await rig.pass(1);
    assert.ok((await flood(rig, edges, { ms: 500, perMs: 3 })) > 1_000);
  });

  it('count again to the same usage, and lose nothing but what was leased when an edge dies', async () => {
    const rig = new QuotaRig();
    rig.limit('t', { perDay: { messages: 100_000 } });
    const [first, second] = [rig.edge(), rig.edge()];
    let taken = await flood(rig, [first, second], { ms: 700, perMs: 2 });
    // The second is killed: what it held is gone, and was used.
    taken += await flood(rig, [first, rig.edge()], { ms: 700, perMs: 2 });
    const again = new Quotas();
    for (const { tenant, ask, atMs } of rig.log) again.apply(tenant, ask, atMs);
    assert.deepEqual(again.states(), rig.quotas.states());
    const used = usedToday(rig.quotas, 't', rig.log.at(-1)?.atMs ?? 0);
    const held = heldOf(rig.quotas, 't', rig.log.at(-1)?.atMs ?? 0);
    assert.ok(held > 0 && used >= taken && used - held <= taken, `${used} used, ${held} of it held, ${taken} taken`);
  });

  it('go on with their share of a rate while nobody answers, and stop at a volume', async () => {
    const rig = new QuotaRig();
    rig.limit('t', { messages: '100/s burst 100' });
    const edges = [rig.edge(), rig.edge()];
    await flood(rig, edges, { ms: 3_000, perMs: 2 });
    rig.answerMs = undefined;
    const taken = await flood(rig, edges, { ms: 10_000, perMs: 2 });
    assert.ok(taken >= 500 && taken <= 1_160, String(taken));
    const strict = new QuotaRig();
    strict.limit('t', { perDay: { messages: 1_000 } });
    strict.answerMs = undefined;
    assert.equal(await flood(strict, [strict.edge()], { ms: 5_000, perMs: 2 }), 0);
  });

  it('give back what they did not spend', async () => {
    const rig = new QuotaRig();
    rig.limit('t', { perDay: { messages: 100_000 } });
    const edge = rig.edge();
    const taken = await flood(rig, [edge], { ms: 400, perMs: 2 });
    for (let i = 0; i < 70; i++) {
      rig.nowMs += 1_000;
      edge.sweep();
      await rig.pass(20);
    }
    assert.equal(usedToday(rig.quotas, 't', rig.log.at(-1)?.atMs ?? 0), taken);
  });
});

describe('a noisy tenant at 20 times its rate', () => {
  it('leaves the others all that they may send', async () => {
    const rig = new QuotaRig();
    for (const tenant of ['noisy', 'a', 'b'])
      rig.limit(tenant, { messages: '1000/s burst 1000', eachDevice: { messages: '200/s burst 200' } });
    const edge = rig.edge();
    const offered: Record<string, number> = { noisy: 0, a: 0, b: 0 };
    const taken: Record<string, number> = { noisy: 0, a: 0, b: 0 };
    const gates = new Map(['noisy', 'a', 'b'].map((tenant) => [tenant, Array.from({ length: 20 }, (_, i) => gateOf(tenant, `d${i}`))]));
    await rig.pass(1);
    for (let ms = 0; ms < 5_000; ms++) {
      for (const [tenant, perMs] of [
        ['noisy', 20],
        ['a', ms % 4 === 0 ? 3 : 0],
        ['b', ms % 4 === 2 ? 3 : 0],
      ] as const) {
        for (let i = 0; i < perMs; i++) {
          const gate = gates.get(tenant)?.[(ms + i) % 20];
          assert.ok(gate !== undefined);
          offered[tenant] = (offered[tenant] ?? 0) + 1;
          taken[tenant] = (taken[tenant] ?? 0) + offer(edge, gate, { count: 1 });
        }
      }
      await rig.pass(1);
    }
    assert.ok((taken['noisy'] ?? 0) <= 1_000 * 5 + 1_000 + 600, String(taken['noisy']));
    for (const tenant of ['a', 'b'])
      assert.ok((taken[tenant] ?? 0) >= 0.95 * (offered[tenant] ?? 0), `${tenant}: ${taken[tenant]} of ${offered[tenant]}`);
  });
});
