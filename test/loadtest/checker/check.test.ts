/** The checker finds nothing in a correct run, and finds every planted bug wherever it is put. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { FOUND_AS, plant, PLANTED } from '../../../loadtest/checker/planted.ts';
import { FAIL, INVOKE, NO_POSITION, OK } from '../../../loadtest/simulator/history.ts';
import { HEAD, smallRun, verdictOf } from './small-run.ts';
import type { SmallRun } from './small-run.ts';

const run = smallRun();

describe('a correct run', () => {
  it('has no violation, and is counted', async () => {
    const report = await verdictOf(run);
    assert.equal(report.violations(), 0, report.lines().join('\n'));
    const { acked, inLog, rows, unknownResolved } = report.findings;
    assert.deepEqual({ acked, inLog, rows, unknownResolved }, { acked: 160, inLog: 160, rows: 176, unknownResolved: 16 });
  });

  it('is still correct when the old part of the log is purged', async () => {
    const report = await verdictOf(run, 20);
    assert.equal(report.violations(), 0, report.lines().join('\n'));
  });
});

describe('planted bugs', () => {
  for (const bug of PLANTED) {
    it(`${bug} is caught wherever it is`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), async (pick) => {
          const spoilt: SmallRun = { ...run, ...plant(bug, run, { tenant: HEAD.tenant, pick }) };
          const report = await verdictOf(spoilt);
          assert.ok(report.findings[FOUND_AS[bug]] > 0, `${bug} at ${pick}: ${report.lines().join('\n')}`);
        }),
        { numRuns: 40 },
      );
    });
  }
});

describe('each rule of its own', () => {
  const at = { partition: 0, seq: 500, index: 0 };

  it('an acknowledged event that is quarantined is missing', async () => {
    const rows = run.rows.map((row, i) => (i === 10 ? { ...row, outcome: 'quarantined' as const } : row));
    assert.ok((await verdictOf({ ...run, rows })).findings.missing > 0);
  });

  it('an acknowledged position that holds another event is missing', async () => {
    const history = run.history.map((entry) =>
      entry.step === OK && entry.device === 0 && entry.n === 5 ? { ...entry, at: { ...entry.at, seq: entry.at.seq + 1 } } : entry,
    );
    assert.equal((await verdictOf({ ...run, history })).findings.missing, 1);
  });

  it('a position in a batch that was sent again stands for its original', async () => {
    const again = run.rows.find((row) => row.device === 'sim-0' && row.outcome === 'duplicate') ?? assert.fail();
    const rows = run.rows.map((row) => (row === again ? { ...row, reason: 'resent-batch', n: 0, boot: 0 } : row));
    const acked = (entry: (typeof run.history)[number]): boolean => entry.step === OK && entry.device === 0 && entry.n === again.n;
    const place = { partition: again.partition, seq: again.seq, index: again.index };
    const history = run.history.map((entry) => (acked(entry) ? { ...entry, at: place } : entry));
    assert.equal((await verdictOf({ ...run, rows, history })).violations(), 0);
    const lost = rows.filter((row) => !(row.device === 'sim-0' && row.n === again.n));
    assert.equal((await verdictOf({ ...run, rows: lost, history })).findings.missing, 1);
  });

  it('an acknowledged position without a row is missing, though the event is there', async () => {
    const history = run.history.map((entry) => (entry.step === OK && entry.device === 0 && entry.n === 5 ? { ...entry, at } : entry));
    assert.equal((await verdictOf({ ...run, history })).findings.missing, 1);
  });

  it('a log event without a row is unaccounted, even if nobody was told that it is stored', async () => {
    const rows = run.rows.filter((row) => !(row.device === 'sim-3' && row.outcome === 'duplicate'));
    const { missing, unaccounted } = (await verdictOf({ ...run, rows })).findings;
    assert.deepEqual({ missing, unaccounted }, { missing: 0, unaccounted: 4 });
  });

  it('an event behind a younger one is out of order, unless it was refused before', async () => {
    const late = 4;
    const moved = plant('rows-swapped', run, { tenant: HEAD.tenant, pick: 0 });
    const plain = await verdictOf({ ...run, ...moved });
    assert.equal(plain.findings.outOfOrder, 1);
    const refused = Array.from({ length: late }, (_, n) => ({ step: FAIL, device: 0, n: n + 1, at: NO_POSITION }) as const);
    assert.equal((await verdictOf({ ...run, ...moved, history: [...run.history, ...refused] })).findings.outOfOrder, 0);
  });

  it('an attempt without an acknowledgement owes nothing', async () => {
    const history = [...run.history, { step: INVOKE, device: 0, n: 41, at: NO_POSITION } as const];
    assert.equal((await verdictOf({ ...run, history })).violations(), 0);
  });

  it('a control record of an older epoch behind a claim is a mismatch', async () => {
    const facts = run.control.get(0) ?? [];
    const claim = { seq: 99, kind: 'claim', epoch: 0, fromSeq: 45, toSeq: 44, runs: [], keptSeq: 0, resumedSeq: 0 } as const;
    const stale = { seq: 100, kind: 'fold', epoch: 1, fromSeq: 45, toSeq: 44, runs: [], keptSeq: 0, resumedSeq: 0 } as const;
    const control = new Map(run.control).set(0, [...facts, claim, stale]);
    assert.equal((await verdictOf({ ...run, control })).findings.controlMismatch, 1);
  });

  it('a gap between control records is a mismatch', async () => {
    const facts = (run.control.get(0) ?? []).filter((fact) => fact.fromSeq !== 7);
    assert.equal((await verdictOf({ ...run, control: new Map(run.control).set(0, facts) })).findings.controlMismatch, 1);
  });

  it('a row that says otherwise than the control log is a mismatch', async () => {
    const facts = (run.control.get(0) ?? []).map((fact) =>
      fact.fromSeq === 7 ? { ...fact, runs: [{ seq: 7, index: 1, count: 1, outcome: 'quarantined' as const }] } : fact,
    );
    assert.equal((await verdictOf({ ...run, control: new Map(run.control).set(0, facts) })).findings.controlMismatch, 1);
  });

  it('what the product reports as lost is counted apart', async () => {
    const kept = (row: { readonly partition: number; readonly seq: number }): boolean => row.partition !== 0 || row.seq <= 30;
    const facts = (run.control.get(0) ?? []).filter((fact) => fact.fromSeq <= 30);
    const repair = { seq: 90, kind: 'repair', epoch: 1, fromSeq: 31, toSeq: 30, runs: [], keptSeq: 30, resumedSeq: 1_000 } as const;
    const control = new Map(run.control).set(0, [...facts, repair]);
    const twins = new Map([...run.twins].filter(([device]) => device !== 'sim-2'));
    const spoilt = { ...run, events: run.events.filter(kept), rows: run.rows.filter(kept), control, twins };
    const report = await verdictOf(spoilt);
    assert.equal(report.violations(), 0, report.lines().join('\n'));
    assert.ok(report.findings.lostReported > 0);
    // The control log forgets its repairs as it is purged; what was told meanwhile stands for them.
    const purged = { ...spoilt, control: new Map(run.control).set(0, facts) };
    assert.ok((await verdictOf(purged)).violations() > 0);
    const told = await verdictOf({ ...purged, lost: [{ partition: 0, keptSeq: 30, resumedSeq: 1_000 }] });
    assert.deepEqual(told.findings, report.findings);
  });
});
