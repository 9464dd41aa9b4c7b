import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BATCH_BYTES_MAX } from '../../engine/kernel/limits.ts';
import type { Receipt } from '../../ingest/message.ts';
import { batchOf, draft, prefix, Recorder, rig } from './lanes/lane-rig.ts';

describe('a lane', () => {
  it('sends the first event at once, and gathers what follows until the tick', () => {
    const { time, publisher, attempts } = rig();
    const receipt = new Recorder();
    assert.equal(publisher.offer(draft(0, 'a'), receipt, 1), true);
    assert.equal(attempts.length, 0, 'not before what is being read was handled');
    time.settle();
    assert.equal(attempts.length, 1);
    time.advance(1);
    assert.deepEqual(receipt.stored_, [{ tag: 1, seq: 1, index: 0 }]);
    publisher.offer(draft(0, 'b'), receipt, 2);
    publisher.offer(draft(0, 'c'), receipt, 3);
    time.settle();
    assert.equal(attempts.length, 1, 'the lane was busy a moment ago');
    time.advance(6);
    assert.deepEqual(
      attempts.map(({ data }) => batchOf(data).payloads),
      [['a'], ['b', 'c']],
    );
    assert.deepEqual(receipt.stored_.slice(1), [
      { tag: 2, seq: 2, index: 0 },
      { tag: 3, seq: 2, index: 1 },
    ]);
  });

  it('names its writer, and counts from 1 without a gap', () => {
    const { time, publisher, attempts } = rig();
    for (let i = 0; i < 3; i++) {
      publisher.offer(draft(1, String(i)), new Recorder(), i);
      time.advance(30);
    }
    assert.deepEqual(
      attempts.map(({ data }) => batchOf(data).counter),
      [1, 2, 3],
    );
    assert.deepEqual(attempts.map(({ data }) => [batchOf(data).edgeEpoch, batchOf(data).edge])[0], [42, 'edge-a']);
  });

  it('lets all lanes leave in one run', () => {
    const { time, publisher, attempts } = rig();
    for (const partition of [0, 1]) publisher.offer(draft(partition, 'warm'), new Recorder(), 0);
    time.advance(2);
    publisher.offer(draft(0, 'a'), new Recorder(), 0);
    time.advance(1);
    publisher.offer(draft(1, 'b'), new Recorder(), 0);
    const before = attempts.length;
    time.advance(4);
    assert.equal(attempts.length, before + 2);
  });

  it('does not let urgent events wait for the tick', () => {
    const { time, publisher, attempts } = rig();
    publisher.offer(draft(0, 'warm'), new Recorder(), 0);
    time.advance(2);
    publisher.offer(draft(0, 'a'), new Recorder(), 0);
    publisher.offer(draft(0, 'b', true), new Recorder(), 0);
    time.settle();
    assert.deepEqual(batchOf(attempts[1]?.data ?? Buffer.alloc(0)).payloads, ['a', 'b']);
  });

  it('keeps one batch in flight, grows the next to its bound, and pushes back', () => {
    const { time, appender, publisher, attempts } = rig({ fate: () => ({ kind: 'hold' }) });
    publisher.offer(draft(0, 'first'), new Recorder(), 0);
    time.settle();
    const big = 'x'.repeat(60_000);
    let taken = 0;
    while (publisher.offer(draft(0, big), new Recorder(), taken)) taken++;
    assert.equal(taken, Math.floor(BATCH_BYTES_MAX / (60_000 + prefix.length + 20)));
    assert.equal(publisher.hasRoom(0, 60_000), false);
    assert.equal(publisher.hasRoom(1, 60_000), true, 'other lanes are not concerned');
    time.advance(1_000);
    assert.equal(attempts.length, 1, 'nothing overtakes');
    let called = 0;
    publisher.whenRoom(0, () => called++);
    time.advance(100);
    assert.equal(called, 0);
    appender.release();
    time.advance(10);
    assert.equal(called, 1);
    assert.equal(publisher.hasRoom(0, 60_000), true);
  });

  it('calls back at once when there is room already', () => {
    const { time, publisher } = rig();
    let called = 0;
    publisher.whenRoom(0, () => called++);
    assert.equal(called, 0);
    time.settle();
    assert.equal(called, 1);
  });
});

describe('an unknown outcome', () => {
  it('is followed by the same bytes until the log answers', () => {
    const { time, publisher, attempts } = rig({
      fates: [{ kind: 'lose' }, { kind: 'store-silently' }, { kind: 'refuse', why: 'full' }, { kind: 'lose' }],
    });
    const receipt = new Recorder();
    publisher.offer(draft(0, 'a'), receipt, 7);
    time.settle();
    publisher.offer(draft(0, 'b'), receipt, 8);
    time.advance(10_000);
    assert.equal(attempts.length, 6);
    for (const attempt of attempts.slice(1, 5)) assert.deepEqual(attempt.data, attempts[0]?.data);
    assert.deepEqual(receipt.failed_, []);
    assert.deepEqual(
      receipt.stored_.map(({ tag }) => tag),
      [7, 8],
    );
    assert.deepEqual(
      attempts.map(({ data }) => batchOf(data).counter),
      [1, 1, 1, 1, 1, 2],
    );
  });

  it('is tried again at once after a reconnect', () => {
    const { time, appender, publisher, attempts } = rig({
      fates: [{ kind: 'lose' }, { kind: 'lose' }, { kind: 'lose' }, { kind: 'lose' }, { kind: 'lose' }],
    });
    publisher.offer(draft(0, 'a'), new Recorder(), 0);
    time.advance(900);
    const before = attempts.length;
    appender.disconnect();
    appender.reconnect('S1');
    time.settle();
    assert.equal(attempts.length, before + 1);
  });

  it('does not begin while there is no connection: what was not sent cannot be stored', () => {
    const { time, appender, publisher, attempts } = rig({ fates: [{ kind: 'refuse', why: 'full' }] });
    const receipt = new Recorder();
    appender.disconnect();
    publisher.offer(draft(0, 'a'), receipt, 1);
    time.advance(5_000);
    assert.equal(attempts.length, 0);
    appender.reconnect('S1');
    time.advance(10);
    assert.equal(attempts.length, 1);
    assert.equal(receipt.failed_[0]?.failure.code, 'log-full');
  });
});

describe('a refusal', () => {
  it('at the first attempt fails the events, names the limit and consumes no counter', () => {
    const { time, publisher, attempts } = rig({ fates: [{ kind: 'refuse', why: 'full' }] });
    const receipt = new Recorder();
    publisher.offer(draft(0, 'a'), receipt, 1);
    publisher.offer(draft(0, 'b'), receipt, 2);
    time.advance(10);
    assert.deepEqual(
      receipt.failed_.map(({ tag, failure }) => [tag, failure.code, failure.limit]),
      [
        [1, 'log-full', 'log-bytes'],
        [2, 'log-full', 'log-bytes'],
      ],
    );
    publisher.offer(draft(0, 'c'), receipt, 3);
    time.advance(30);
    assert.deepEqual(
      attempts.map(({ data }) => batchOf(data).counter),
      [1, 1],
    );
    assert.deepEqual(receipt.stored_, [{ tag: 3, seq: 1, index: 0 }]);
  });

  it('because the server is busy is tried again', () => {
    const { time, publisher, attempts } = rig({
      fates: [
        { kind: 'refuse', why: 'busy' },
        { kind: 'refuse', why: 'full' },
      ],
    });
    const receipt = new Recorder();
    publisher.offer(draft(0, 'a'), receipt, 1);
    time.advance(1_000);
    assert.equal(attempts.length, 2);
    assert.equal(receipt.failed_[0]?.failure.code, 'log-full', 'no attempt can have stored it');
  });
});

describe('receipts', () => {
  it('that throw do not keep others from theirs', () => {
    const { time, publisher } = rig();
    const receipt = new Recorder();
    const broken: Receipt = {
      stored: () => {
        throw new Error('broken adapter');
      },
      failed: () => undefined,
    };
    publisher.offer(draft(0, 'a'), receipt, 1);
    publisher.offer(draft(0, 'b'), broken, 2);
    publisher.offer(draft(0, 'c'), receipt, 3);
    time.advance(10);
    assert.deepEqual(
      receipt.stored_.map(({ tag }) => tag),
      [1, 3],
    );
  });
});

describe('another server process', () => {
  it('gets nothing before the owner confirmed the end of the log', async () => {
    const asked: string[] = [];
    let confirm: (() => void) | undefined;
    const { time, appender, publisher, attempts } = rig({
      partitions: 1,
      fates: [{ kind: 'lose' }],
      confirmEnd: (partition, { ackedSeq, serverId }) => {
        asked.push(`${partition} ${serverId} ${ackedSeq}`);
        return new Promise((resolve) => {
          confirm = resolve;
        });
      },
    });
    const receipt = new Recorder();
    publisher.offer(draft(0, 'a'), receipt, 1);
    time.advance(2);
    appender.disconnect();
    appender.reconnect('S2');
    publisher.offer(draft(0, 'b'), receipt, 2);
    time.advance(5_000);
    assert.deepEqual(asked, ['0 S2 0']);
    assert.equal(attempts.length, 1);
    assert.equal(publisher.gauges()[0]?.isOpen, false);
    confirm?.();
    await Promise.resolve();
    await Promise.resolve();
    time.advance(50);
    assert.deepEqual(
      receipt.stored_.map(({ tag }) => tag),
      [1, 2],
    );
  });
});

describe('draining', () => {
  it('takes nothing more, and resolves when all is acknowledged', async () => {
    const { time, publisher } = rig();
    const receipt = new Recorder();
    publisher.offer(draft(0, 'warm'), receipt, 0);
    time.advance(2);
    publisher.offer(draft(0, 'a'), receipt, 1);
    publisher.offer(draft(1, 'b'), receipt, 2);
    const drained = publisher.drain(5_000);
    assert.equal(publisher.offer(draft(0, 'late'), receipt, 3), false);
    time.advance(10);
    await drained;
    assert.deepEqual(
      receipt.stored_.map(({ tag }) => tag).toSorted((a, b) => a - b),
      [0, 1, 2],
    );
  });

  it('settles what is left when its time is over', async () => {
    const { time, publisher } = rig({ fate: () => ({ kind: 'hold' }) });
    const receipt = new Recorder();
    publisher.offer(draft(0, 'flying'), receipt, 1);
    time.settle();
    publisher.offer(draft(0, 'waiting'), receipt, 2);
    const drained = publisher.drain(1_000);
    time.advance(1_001);
    await drained;
    assert.deepEqual(
      receipt.failed_.map(({ tag, failure }) => [tag, failure.code]),
      [
        [1, 'unknown-outcome'],
        [2, 'draining'],
      ],
    );
  });
});
