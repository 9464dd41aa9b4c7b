/** What was stored and can't be right is refused by name, and never folded. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PartitionState } from '../../../engine/pipeline/partition-state.ts';
import { Replay } from '../../../engine/pipeline/replay.ts';
import { openSnapshot } from '../../../engine/pipeline/snapshot-reader.ts';
import { encodeSnapshot } from '../../../engine/pipeline/snapshot-writer.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { encodeControlRecord, encodeTwinSnapshot, RECORD_KIND } from '../../../schemas/envelope.ts';
import type { TwinSnapshotInit } from '../../../schemas/envelope.ts';
import { FoldRun } from '../../support/fold-run.ts';
import { batchOf, framesOf, jsonEvent } from '../../support/log-frames.ts';
import type { TestMessage } from '../../support/log-frames.ts';

const HOME = { partition: 0, partitions: 1 };

function messageOf(seq: number, payload: unknown = { a: seq }): TestMessage {
  return { seq, timeMs: 1_790_000_000_000 + seq, data: batchOf({ edgeEpoch: 1, counter: seq, events: [jsonEvent('d', payload)] }) };
}

function corrupt(what: RegExp): (error: unknown) => boolean {
  return (error) => hasCode(error, 'corrupt') && what.test(error.message);
}

describe('records and messages that don’t match', () => {
  const messages = [messageOf(1), messageOf(2), messageOf(3)];
  const run = new FoldRun();
  const records = messages.map((message) => run.fold([message]).record);
  const recover = (given: readonly Uint8Array[], from: readonly TestMessage[], state = new PartitionState(0, 1)): void =>
    new Replay().recover(state, { records: given, frames: framesOf(from) });

  test('as they are, they recover; claims and repairs cover nothing', () => {
    const claim = encodeControlRecord({ kind: RECORD_KIND.claim, fromSeq: 1, toSeq: 0, claim: { node: 'n' } });
    const repair = encodeControlRecord({
      kind: RECORD_KIND.repair,
      epoch: 1,
      fromSeq: 4,
      toSeq: 3,
      repair: { keptSeq: 3, resumedSeq: 10 },
    });
    const state = new PartitionState(0, 1);
    recover([claim, ...records, repair], messages, state);
    assert.equal(state.last.seq, 3);
  });

  test('a message is missing, or no record covers it', () => {
    assert.throws(() => recover(records, messages.slice(0, 2)), corrupt(/message 3 is missing/));
    assert.throws(() => recover(records, []), corrupt(/message 1 is missing/));
    assert.throws(() => recover(records.slice(0, 2), messages), corrupt(/no record covers message 3/));
    assert.throws(() => recover(records.slice(1), messages), corrupt(/message 1 stands before the record of 2 to 2/));
  });

  test('messages that the state reflects already', () => {
    const state = new PartitionState(0, 1);
    recover(records, messages, state);
    assert.throws(() => recover(records, messages, state), corrupt(/message 1 comes after 3/));
  });

  test('an event that was accepted can’t be read', () => {
    assert.throws(
      () => recover(records, [messages[0] ?? messageOf(1), messageOf(2, '{'), messageOf(3)]),
      corrupt(/event 0\.2\.0 was accepted once/),
    );
  });

  test('damaged records, and those of a newer fold', () => {
    assert.throws(() => recover([Uint8Array.of(0xff)], []), corrupt(/damaged/));
    assert.throws(() => recover([encodeControlRecord({ foldVersion: 99, fromSeq: 1, toSeq: 0 })], []), corrupt(/fold version 99/));
  });
});

describe('snapshots', () => {
  const leaf = { name: 0, number: 1, eventMs: 1, seq: 1 };
  const device = { tenant: 't', device: 'd', latest: [leaf], lastSeq: 1, firstSeq: 1 };
  const good: TwinSnapshotInit = { names: ['a'], devices: [device], last: { seq: 1 } };
  const refused: readonly (readonly [TwinSnapshotInit, RegExp])[] = [
    [{ ...good, partition: 3 }, /partition 3/],
    [{ ...good, foldVersion: 99 }, /fold version 99/],
    [{ ...good, names: [''] }, /a name/],
    [{ ...good, devices: [{ ...device, device: 'a b' }] }, /no sound id/],
    [{ ...good, devices: [device, device] }, /there twice/],
    [{ ...good, devices: [{ ...device, latest: [{ ...leaf, name: 1 }] }] }, /a leaf is malformed/],
    [{ ...good, devices: [{ ...device, latest: [{ name: 0, eventMs: 1 }] }] }, /no value/],
  ];

  test('a sound one opens', () => {
    const { state } = openSnapshot(encodeTwinSnapshot(good), HOME);
    assert.equal(state.twins.count, 1);
    assert.equal(openSnapshot(new Uint8Array(0), HOME).state.last.seq, 0);
  });

  for (const [init, what] of refused)
    test(`refused: ${what.source}`, () => assert.throws(() => openSnapshot(encodeTwinSnapshot(init), HOME), corrupt(what)));

  test('a device of another partition is refused', () => {
    const devices = Array.from({ length: 20 }, (_, i) => ({ ...device, device: `d${i}` }));
    assert.throws(
      () => openSnapshot(encodeTwinSnapshot({ ...good, devices }), { partition: 0, partitions: 4 }),
      corrupt(/another partition/),
    );
  });

  test('damaged ones are refused or open as something sound, and never throw anything else', () => {
    const run = new FoldRun();
    run.fold([messageOf(1, { seq: 1, id: 'x', metrics: { a: 1, b: 'text', c: true } }), messageOf(2, '{"big":12345678901234567890}')]);
    const bytes = encodeSnapshot(run.state, 1);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const damaged = cut ? bytes.slice(0, at) : bytes.slice();
        if (!cut) damaged[at] = byte;
        try {
          encodeSnapshot(openSnapshot(damaged, HOME).state, 1);
        } catch (error) {
          assert(hasCode(error, 'corrupt'), String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
