/** One record in flight, each carrying on what the one before said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeControlRecord, encodeControlRecord, type ControlRecord } from '../../../schemas/envelope.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { MemoryControlLog } from '../../../engine/memory/memory-control-log.ts';
import { claimPartition, NOTHING_COVERED } from '../../../engine/runtime/claim.ts';
import { ControlWriter, type RecordToWrite } from '../../../engine/runtime/control-writer.ts';
import { Gate, hooked } from '../../support/hooked-port.ts';

const MEMBER = { node: 'n', instance: 'i' };

interface Bench {
  readonly log: MemoryControlLog;
  readonly gate: Gate;
  readonly writer: ControlWriter;
  readonly broken: Error[];
  last(): Promise<ControlRecord>;
}

async function bench(log = new MemoryControlLog(() => 0)): Promise<Bench> {
  const gate = new Gate('control.append');
  const control = hooked('control', log, gate.hook);
  const broken: Error[] = [];
  const claimed = await claimPartition({ partition: 0, member: MEMBER, control });
  const dispatched = (): number => 0;
  const writer = new ControlWriter(
    { partition: 0, member: MEMBER, control, dispatched, onBroken: (error) => void broken.push(error) },
    claimed,
  );
  const last = async (): Promise<ControlRecord> => decodeControlRecord((await log.get(0, await log.lastSeq(0)))?.data ?? new Uint8Array());
  return { log, gate, writer, broken, last };
}

function covering(fromSeq: number, toSeq: number, committed: (seq: number) => void = () => undefined): RecordToWrite {
  const last = toSeq === 0 ? NOTHING_COVERED : { seq: toSeq, timestampMs: 1, edgeEpoch: 1, counter: toSeq };
  return { bytes: encodeControlRecord({ epoch: 1, fromSeq, toSeq, last }), last, logMs: toSeq, committed };
}

test('a record is sent at once and the next one waits for it', async () => {
  const { gate, writer, log } = await bench();
  const committed: number[] = [];
  const reached = gate.close();
  assert.equal(writer.nextSeq, 2);
  await writer.write(covering(1, 3, (seq) => committed.push(seq)));
  await reached;
  assert.equal(writer.busy, true);
  assert.equal(writer.nextSeq, 3);
  assert.equal(writer.state.last.seq, 0, 'the state is what is committed');
  const second = writer.write(covering(4, 4, (seq) => committed.push(seq)));
  assert.deepEqual(committed, []);
  gate.open();
  await second;
  await writer.settle();
  assert.deepEqual(committed, [2, 3]);
  assert.equal(writer.state.last.seq, 4);
  assert.equal(await log.lastSeq(0), 3);
});

test('the sink’s last word goes with the next record, and is carried on by those after it', async () => {
  const { writer, last } = await bench();
  const first = writer.wish({ hwm: 1, hwmLogSeq: 1, intent: undefined });
  const second = writer.wish({ hwm: 2, hwmLogSeq: 7, intent: undefined });
  assert.equal(writer.wished, true);
  await writer.write(covering(1, 7));
  assert.deepEqual(await Promise.all([first, second]), [2, 2]);
  assert.equal(writer.wished, false);
  await writer.write(covering(8, 9));
  await writer.settle();
  assert.deepEqual((await last()).sink, { hwm: 2, hwmLogSeq: 7, intent: undefined });
});

test('who may still have inserts under way is carried on until the sink says a word', async () => {
  const { log, writer, last } = await bench();
  await writer.write(covering(1, 1));
  await writer.settle();
  const taker = await bench(log);
  assert.deepEqual(taker.writer.state.unfenced, ['i']);
  await taker.writer.write(covering(2, 2));
  await taker.writer.settle();
  assert.equal((await last()).claim?.previousInstance, 'i');
  void taker.writer.wish({ hwm: 4, hwmLogSeq: 2, intent: undefined });
  await taker.writer.write(covering(3, 3));
  await taker.writer.settle();
  assert.equal((await last()).claim?.previousInstance, '');
});

test('where a repaired log goes on is carried on until messages beyond it are covered', async () => {
  const { log } = await bench();
  const { writer, last } = await bench(log);
  const repair = { keptSeq: 0, resumedSeq: 9, what: 'gone' };
  writer.reclaimed({ ...writer.state, repair });
  await writer.write(covering(1, 0));
  await writer.settle();
  assert.deepEqual((await last()).repair, repair);
  assert.deepEqual((await bench(log)).writer.state.repair, repair, 'a taker learns it');
  const taker = await bench(log);
  await taker.writer.write(covering(9, 9));
  await taker.writer.settle();
  assert.equal((await last()).repair, undefined);
  assert.equal((await bench(log)).writer.state.repair, undefined);
});

test('a refused append breaks the writer: all who wait are told, and nothing more is written', async () => {
  const { log, writer, broken } = await bench();
  await log.append(0, encodeControlRecord({ epoch: 9 }), 1);
  const wish = writer.wish({ hwm: 1, hwmLogSeq: 1, intent: undefined });
  const refused = assert.rejects(wish, (error) => hasCode(error, 'fenced'));
  await writer.write(covering(1, 1, () => assert.fail('was not committed')));
  await refused;
  await assert.rejects(writer.settle(), (error) => hasCode(error, 'fenced'));
  await assert.rejects(writer.wish({ hwm: 1, hwmLogSeq: 1, intent: undefined }), (error) => hasCode(error, 'fenced'));
  await assert.rejects(writer.write(covering(2, 2)), (error) => hasCode(error, 'fenced'));
  assert.equal(broken.length, 1);
  assert.equal(writer.busy, false);
});

test('a lost answer breaks the writer too, though the record is there', async () => {
  const { log, writer, broken } = await bench();
  log.loseAnswers = true;
  await writer.write(covering(1, 1));
  await assert.rejects(writer.settle(), (error) => hasCode(error, 'unknown-outcome'));
  assert.equal(await log.lastSeq(0), 2);
  assert.equal(writer.state.recordSeq, 1);
  assert.ok(hasCode(broken[0], 'unknown-outcome'));
});

test('what is done on a commit may fail without the failure getting lost', async () => {
  const { writer, broken } = await bench();
  await writer.write(
    covering(1, 1, () => {
      throw new RangeError('in the callback');
    }),
  );
  await assert.rejects(writer.settle(), RangeError);
  assert.equal(broken.length, 1);
});

test('an abandoned writer tells who waits, once', async () => {
  const { writer, broken } = await bench();
  const wish = assert.rejects(writer.wish({ hwm: 1, hwmLogSeq: 1, intent: undefined }), /over/);
  writer.abandon(new Error('over'));
  writer.abandon(new Error('over again'));
  await wish;
  await assert.rejects(writer.settle(), /over$/);
  assert.deepEqual(broken, []);
});

test('a record that lands elsewhere than expected is taken for a fence', async () => {
  const log = new MemoryControlLog(() => 0);
  const claimed = await claimPartition({ partition: 0, member: MEMBER, control: log });
  const astray = hooked('control', log, () => undefined);
  const writer = new ControlWriter(
    {
      partition: 0,
      member: MEMBER,
      control: new Proxy(astray, { get: (target, key) => (key === 'append' ? async () => 77 : Reflect.get(target, key)) as unknown }),
      dispatched: () => 0,
      onBroken: () => undefined,
    },
    claimed,
  );
  await writer.write(covering(1, 1));
  await assert.rejects(writer.settle(), (error) => hasCode(error, 'fenced'));
});

test('an owner that claims anew writes nothing where another record stands', async () => {
  const { log, writer } = await bench();
  const again = await claimPartition({ partition: 0, member: MEMBER, control: log }, writer.state.recordSeq);
  assert.equal(again.epoch, 2);
  await assert.rejects(claimPartition({ partition: 0, member: MEMBER, control: log }, writer.state.recordSeq), (error) =>
    hasCode(error, 'fenced'),
  );
  assert.equal(await log.lastSeq(0), 2);
});

test('a control log whose last record can’t be read is not claimed', async () => {
  const log = new MemoryControlLog(() => 0);
  await log.append(0, encodeControlRecord({ epoch: 9 }), 0);
  const blind = new Proxy(log, {
    get: (target, key) => (key === 'get' ? async () => undefined : hooked('control', target, () => undefined)[key as 'lastSeq']),
  });
  await assert.rejects(claimPartition({ partition: 0, member: MEMBER, control: blind }), (error) => hasCode(error, 'corrupt'));
  assert.equal(await log.lastSeq(0), 1);
});
