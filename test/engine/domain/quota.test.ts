import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { endOf, Quotas } from '../../../engine/domain/quota.ts';
import { encodeQuotaAsk, parseQuotaAsk, readQuotaAccounts, type EdgeGrant, type QuotaAsk } from '../../../engine/domain/quota-lease.ts';

const NOON = Date.UTC(2026, 1, 27, 12);
const DAY_MS = 86_400_000;

function askOf(over: Partial<QuotaAsk>): QuotaAsk {
  const nothing = [0, 0, 0];
  return {
    scope: 'tenant',
    edge: 1,
    n: 1,
    rev: 1,
    limits: {},
    want: nothing,
    back: nothing,
    backDay: 0,
    spent: nothing,
    refused: 0,
    ...over,
  };
}

function grantOf(quotas: Quotas, edge: number, logMs: number): EdgeGrant {
  const account = readQuotaAccounts(quotas.json('t', logMs) ?? '')?.[0];
  const grant = account?.edges.find((one) => one.edge === edge);
  assert.ok(grant !== undefined);
  return grant;
}

describe('the quota account', () => {
  it('grants what is wanted while there is enough, and says what is short', () => {
    const quotas = new Quotas();
    const limits = { messages: '10/s burst 30', perDay: { messages: 50 } };
    quotas.apply('t', askOf({ limits, want: [20, 0, 0] }), NOON);
    assert.deepEqual(grantOf(quotas, 1, NOON).grant, [20, 0, 0]);
    quotas.apply('t', askOf({ limits, n: 2, want: [20, 0, 0] }), NOON);
    const second = grantOf(quotas, 1, NOON);
    assert.deepEqual(second.grant, [10, 0, 0]);
    assert.deepEqual(second.shortage, { measure: 0, window: '10/s burst 30', retryMs: 1_000 });
    quotas.apply('t', askOf({ limits, n: 3, want: [25, 0, 0] }), NOON + 60_000);
    const third = grantOf(quotas, 1, NOON);
    assert.deepEqual(third.grant, [20, 0, 0]);
    assert.deepEqual(third.shortage, { measure: 0, window: 'day', retryMs: 12 * 3_600_000 - 60_000 });
  });

  it('grants an ask once, however often it comes', () => {
    const quotas = new Quotas();
    const limits = { perDay: { messages: 100 } };
    for (let i = 0; i < 3; i++) quotas.apply('t', askOf({ limits, want: [30, 0, 0] }), NOON + i);
    assert.equal(readQuotaAccounts(quotas.json('t', NOON) ?? '')?.[0]?.windows[0]?.used, 30);
  });

  it('warns at 80 %, once a period, and begins anew with the next', () => {
    const quotas = new Quotas();
    const limits = { perDay: { messages: 100 } };
    quotas.apply('t', askOf({ limits, want: [79, 0, 0] }), NOON);
    const day = (logMs: number): { readonly used?: number; readonly warnedMs?: number } =>
      readQuotaAccounts(quotas.json('t', logMs) ?? '')?.[0]?.windows[0] ?? {};
    assert.equal(day(NOON).warnedMs, undefined);
    quotas.apply('t', askOf({ limits, n: 2, want: [1, 0, 0] }), NOON + 5);
    assert.equal(day(NOON + 9).warnedMs, NOON + 5);
    quotas.apply('t', askOf({ limits, n: 3, want: [1, 0, 0] }), NOON + 7);
    assert.equal(day(NOON + 9).warnedMs, NOON + 5);
    assert.equal(day(NOON + DAY_MS).used, 0);
    quotas.apply('t', askOf({ limits, n: 4, want: [1, 0, 0] }), NOON + DAY_MS);
    assert.deepEqual([day(NOON + DAY_MS).used, day(NOON + DAY_MS).warnedMs], [1, undefined]);
  });

  it('takes credit back only into the day that it is from, and no more than is left of it', () => {
    const quotas = new Quotas();
    const limits = { perDay: { messages: 100 } };
    const today = Math.floor(NOON / DAY_MS);
    const used = (): number | undefined => readQuotaAccounts(quotas.json('t', NOON) ?? '')?.[0]?.windows[0]?.used;
    quotas.apply('t', askOf({ limits, want: [40, 0, 0] }), NOON);
    quotas.apply('t', askOf({ limits, n: 2, back: [10, 0, 0], backDay: today - 1 }), NOON);
    assert.equal(used(), 40);
    quotas.apply('t', askOf({ limits, n: 3, want: [20, 0, 0] }), NOON);
    quotas.apply('t', askOf({ limits, n: 4, spent: [50, 0, 0], back: [1_000, 0, 0], backDay: today }), NOON);
    assert.equal(used(), 50);
  });

  it('lets newer limits replace older ones, never the other way', () => {
    const quotas = new Quotas();
    quotas.apply('t', askOf({ rev: 5, limits: { perDay: { messages: 10 } }, want: [5, 0, 0] }), NOON);
    quotas.apply('t', askOf({ edge: 2, rev: 3, limits: { perDay: { messages: 1_000 } }, want: [100, 0, 0] }), NOON);
    assert.deepEqual(grantOf(quotas, 2, NOON).grant, [5, 0, 0]);
  });

  it('knows the ends of days and months', () => {
    assert.equal(endOf('perDay', NOON), Date.UTC(2026, 1, 28));
    assert.equal(endOf('perMonth', NOON), Date.UTC(2026, 2, 1));
    assert.equal(endOf('perMonth', Date.UTC(2026, 11, 31, 23)), Date.UTC(2027, 0, 1));
  });

  it('refuses payloads that are no ask', () => {
    assert.deepEqual(parseQuotaAsk(encodeQuotaAsk(askOf({}))), askOf({}));
    for (const bad of [
      '',
      '{}',
      '[]',
      '{"v":2}',
      encodeQuotaAsk(askOf({ scope: 'other' })),
      encodeQuotaAsk(askOf({ want: [1, 2] })),
      encodeQuotaAsk(askOf({ n: -1 })),
    ]) {
      assert.equal(parseQuotaAsk(bad), undefined, bad);
    }
  });
});

const ASKS = fc.array(
  fc.record({
    edge: fc.integer({ min: 1, max: 3 }),
    want: fc.tuple(fc.nat(40), fc.nat(4_000), fc.nat(40)),
    back: fc.tuple(fc.nat(10), fc.nat(10), fc.nat(10)),
    isRepeat: fc.boolean(),
    afterMs: fc.oneof(fc.nat(500), fc.constant(6 * 3_600_000)),
  }),
  { maxLength: 60 },
);

describe('any history of asks', () => {
  it('never grants more than rate and volume allow, and folds to the same from any snapshot', () => {
    fc.assert(
      fc.property(ASKS, fc.nat(60), (asks, cut) => {
        const limits = { messages: '20/s burst 60', perDay: { messages: 300, bytes: 20_000 } };
        let live = new Quotas();
        const fresh = new Quotas();
        const numbers = [0, 0, 0, 0];
        const granted: { readonly atMs: number; readonly messages: number }[] = [];
        let logMs = NOON;
        for (const [i, { edge, want, back, isRepeat, afterMs }] of asks.entries()) {
          logMs += afterMs;
          const before = numbers[edge] ?? 0;
          if (!isRepeat || before === 0) numbers[edge] = before + 1;
          const ask = askOf({
            edge,
            n: numbers[edge] ?? 1,
            limits,
            want,
            back: i % 5 === 0 ? back : [0, 0, 0],
            backDay: Math.floor(logMs / DAY_MS),
          });
          live.apply('t', ask, logMs);
          fresh.apply('t', ask, logMs);
          if (numbers[edge] !== before) granted.push({ atMs: logMs, messages: grantOf(live, edge, logMs).grant[0] ?? 0 });
          if (i === cut) {
            const restored = new Quotas();
            for (const { tenant, id, body } of live.states()) assert.ok(restored.restore(tenant, id, body));
            live = restored;
          }
          for (const { used, allowed } of readQuotaAccounts(live.json('t', logMs) ?? '')?.[0]?.windows ?? []) assert.ok(used <= allowed);
        }
        assert.deepEqual(live.states(), fresh.states());
        for (let from = 0; from < granted.length; from++) {
          let sum = 0;
          for (let to = from; to < granted.length; to++) {
            sum += granted[to]?.messages ?? 0;
            const stretchMs = (granted[to]?.atMs ?? 0) - (granted[from]?.atMs ?? 0);
            assert.ok(sum <= (stretchMs * 20) / 1_000 + 60 + 1e-6);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
