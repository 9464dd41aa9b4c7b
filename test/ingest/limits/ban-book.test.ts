/** Who failed too often: when a ban begins, whom it concerns, when it ends, and that no flood makes the book grow. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BAN_RULES, BanBook, type BanRules } from '../../../ingest/limits/ban-book.ts';
import { VirtualTime } from '../virtual-time.ts';

const RULES: BanRules = {
  prefix: { failures: 5, windowMs: 60_000, banMs: 30_000 },
  credential: { failures: 3, windowMs: 60_000, banMs: 20_000 },
};
/** Two generations of 8,192 names for each of the two kinds. */
const NAMES_MAX = 4 * 8_192;

function book(rules: BanRules = RULES): { readonly time: VirtualTime; readonly bans: BanBook; readonly begun: string[] } {
  const time = new VirtualTime();
  const begun: string[] = [];
  return { time, begun, bans: new BanBook(time, { rules, onBan: (scope, name) => begun.push(`${scope} ${name}`) }) };
}

function fail(bans: BanBook, times: number, who: { address?: string; credential?: string }): readonly (string | undefined)[] {
  return Array.from({ length: times }, () => bans.failed(who.address, who.credential)?.limit);
}

describe('a ban', () => {
  it('begins with so many failures of a credential, wherever they come from, and ends by time', () => {
    const { bans, begun, time } = book();
    assert.deepEqual(
      ['10.0.0.1', '10.1.0.1', '10.2.0.1', '10.3.0.1'].map((address) => bans.failed(address, 'tfd_t.d.c')?.limit),
      [undefined, undefined, undefined, 'credential-failures'],
    );
    assert.deepEqual(begun, ['credential tfd_t.d.c']);
    assert.equal(bans.failed('10.9.0.1', 'tfd_t.d.other'), undefined, 'another credential of the device is its own');
    time.advance(19_999);
    assert.deepEqual(bans.failed('10.4.0.1', 'tfd_t.d.c'), {
      limit: 'credential-failures',
      window: '3 failures in 60 s',
      used: 3,
      allowed: 3,
      perMs: 60_000,
      retryAfterMs: 1,
    });
    time.advance(1);
    assert.deepEqual(bans.list(), []);
    assert.deepEqual(fail(bans, 3, { credential: 'tfd_t.d.c' }), [undefined, undefined, undefined], 'it starts from nothing');
    assert.deepEqual(fail(bans, 1, { credential: 'tfd_t.d.c' }), ['credential-failures']);
  });

  it('begins with so many failures of a prefix, whatever they name, and concerns no other prefix', () => {
    const { bans, begun } = book();
    for (let i = 0; i < 5; i++) assert.equal(bans.failed(`192.0.2.${i}`, `tfd_t.d.${i}`), undefined);
    assert.equal(bans.failed('::ffff:192.0.2.77', undefined)?.limit, 'prefix-failures');
    assert.equal(bans.failed('192.0.3.1', undefined), undefined);
    assert.deepEqual(begun, ['prefix 192.0.2.0/24']);
  });

  it('needs its failures within one window', () => {
    const { bans, time } = book();
    for (let i = 0; i < 20; i++) {
      assert.deepEqual(fail(bans, 2, { address: '192.0.2.1', credential: 'tfk_t.k' }), [undefined, undefined]);
      time.advance(60_000);
    }
    assert.deepEqual(bans.list(), []);
  });

  it('is not made longer by those who go on, and is told with how many it refused', () => {
    const { bans, time } = book();
    fail(bans, 3, { credential: 'tfk_t.k' });
    const untilMs = time.now() + 20_000;
    time.advance(5_000);
    fail(bans, 7, { credential: 'tfk_t.k' });
    assert.deepEqual(bans.list(), [
      {
        scope: 'credential',
        name: 'tfk_t.k',
        sinceMs: untilMs - 20_000,
        untilMs,
        refused: 7,
        lastMs: untilMs - 15_000,
        window: '3 failures in 60 s',
        allowed: 3,
      },
    ]);
  });

  it('outlives a flood of other names, and the flood takes no more memory than there is for it', () => {
    const { bans } = book();
    fail(bans, 5, { address: '192.0.2.1' });
    fail(bans, 3, { credential: 'tfk_t.k' });
    for (let i = 0; i < 60_000; i++) {
      // Every address is a prefix of its own, and every name is new.
      bans.failed(`10.${(i >> 8) & 255}.${i & 255}.1`, `tfd_t.d.${i}`);
      if (i % 5_000 === 0) assert.equal(bans.failed('192.0.2.9', 'tfk_t.k')?.limit, 'credential-failures');
      assert.ok(bans.size <= NAMES_MAX);
    }
    assert.deepEqual(
      bans.list().map(({ name }) => name),
      ['tfk_t.k', '192.0.2.0/24'],
    );
  });

  it('in random orders: a name is under a ban exactly when it failed often enough within the window before', () => {
    const step = fc.record({ name: fc.constantFrom('a', 'b', 'c'), waitMs: fc.constantFrom(0, 1, 5_000, 19_999, 20_000, 60_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { bans, time } = book();
        const model = new Map<string, { count: number; since: number; until: number }>();
        for (const { name, waitMs } of steps) {
          time.advance(waitMs);
          const now = time.monotonic();
          const known = model.get(name) ?? { count: 0, since: -Infinity, until: -Infinity };
          model.set(name, known);
          const isBanned = now < known.until;
          if (!isBanned) {
            if (now - known.since >= 60_000) Object.assign(known, { since: now, count: 0 });
            known.count++;
            if (known.count === 3) Object.assign(known, { until: now + 20_000, since: -Infinity });
          }
          assert.equal(bans.failed(undefined, name) !== undefined, isBanned);
        }
      }),
    );
  });
});

it('the rules leave room for a device that tries again now and then', () => {
  const { bans, time } = book(BAN_RULES);
  for (let i = 0; i < 100; i++) {
    assert.equal(bans.failed('192.0.2.1', 'tfd_t.d.c'), undefined);
    time.advance(10_000);
  }
});
