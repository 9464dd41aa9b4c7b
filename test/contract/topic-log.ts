/** What every topic log must do beyond an input log: nominate messages by their keys; and messages that pass by any log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TopicIndexBuilder } from '../../engine/domain/topic-index-builder.ts';
import { encodeTopicSegment } from '../../schemas/gen/lean.ts';
import { partOfKey } from '../../engine/kernel/topic-index.ts';
import type { QuickMessages, TopicLogKeeper, TopicLogReader } from '../../engine/ports/topic-log.ts';
import { partName, segmentName, type TopicStore } from '../../engine/ports/topic-store.ts';
import { until } from '../support/processes.ts';

export interface TopicLogUnderTest {
  readonly log: TopicLogReader & TopicLogKeeper;
  readonly index: TopicStore;
}

const KEY = 0x1234_5678;
const NEIGHBOUR = KEY + 1;
const ELSEWHERE = 0xff00_0000;

export function topicLogContract(name: string, fresh: () => Promise<TopicLogUnderTest>): void {
  /** One message a sequence, each with the keys given for it. */
  const write = async (index: TopicStore, fromSeq: number, keysOf: readonly (readonly number[])[]): Promise<void> => {
    const builder = new TopicIndexBuilder(fromSeq);
    for (const [i, keys] of keysOf.entries()) {
      builder.begin(fromSeq + i);
      for (const key of keys) builder.add(key);
    }
    const { parts, toSeq, entries } = builder.close(fromSeq + keysOf.length - 1);
    const end = { name: segmentName('s'), data: encodeTopicSegment({ fromSeq, toSeq, entries }) };
    await index.append(1, [...parts.map((data, part) => ({ name: partName('s', part), data })), end], await index.lastSeq(1));
  };

  test(`${name}: the index nominates messages by their keys, as far as it goes`, async () => {
    const { log, index } = await fresh();
    const wanted = { keys: [KEY], from: 1, to: 100 };
    assert.deepEqual(await log.candidates(1, wanted), { seqs: [], indexedTo: 0 });
    await write(index, 1, [[KEY], [NEIGHBOUR], [KEY, ELSEWHERE], []]);
    await write(index, 5, [[ELSEWHERE], [KEY]]);
    assert.deepEqual(await log.candidates(1, wanted), { seqs: [1, 3, 6], indexedTo: 6 });
    assert.deepEqual(await log.candidates(1, { ...wanted, from: 2, to: 5 }), { seqs: [3], indexedTo: 5 });
    assert.deepEqual(await log.candidates(1, { keys: [ELSEWHERE, NEIGHBOUR, KEY], from: 1, to: 100 }), {
      seqs: [1, 2, 3, 5, 6],
      indexedTo: 6,
    });
    assert.deepEqual(await log.candidates(0, wanted), { seqs: [], indexedTo: 0 });
  });

  test(`${name}: behind a gap of the index nothing is nominated`, async () => {
    const { log, index } = await fresh();
    await write(index, 1, [[KEY], [KEY]]);
    await write(index, 4, [[KEY]]);
    assert.deepEqual(await log.candidates(1, { keys: [KEY], from: 1, to: 9 }), { seqs: [1, 2], indexedTo: 2 });
    await index.purge(1, partName('s', partOfKey(KEY)), 600);
    assert.deepEqual(await log.candidates(1, { keys: [KEY], from: 1, to: 9 }), { seqs: [], indexedTo: 0 });
    assert.deepEqual(await log.candidates(1, { keys: [ELSEWHERE], from: 1, to: 9 }), { seqs: [], indexedTo: 2 });
  });

  test(`${name}: the owner's own messages are appended together`, async () => {
    const { log } = await fresh();
    const data = Array.from({ length: 5 }, (_, i) => Buffer.from(`m${i}`));
    assert.equal(await log.appendAll(1, data), true);
    assert.deepEqual((await log.bounds(1)).lastSeq, 5);
    const read = await Array.fromAsync(log.range(1, 1, 5));
    assert.deepEqual(
      read.map((message) => Buffer.from(message.data).toString()),
      ['m0', 'm1', 'm2', 'm3', 'm4'],
    );
  });
}

export function quickMessagesContract(name: string, fresh: () => Promise<QuickMessages>): void {
  test(`${name}: whoever listens hears what is sent, the sender too, until stopped`, async () => {
    const quick = await fresh();
    const heard: string[][] = [[], []];
    const first = quick.receive((batch) => heard[0]?.push(Buffer.from(batch).toString()));
    const second = quick.receive((batch) => heard[1]?.push(Buffer.from(batch).toString()));
    for (const word of ['one', 'two']) assert.equal(quick.send(Buffer.from(word)), true);
    await until(() => heard.every((words) => words.length === 2), 'both messages');
    assert.deepEqual(heard, [
      ['one', 'two'],
      ['one', 'two'],
    ]);
    first.stop();
    quick.send(Buffer.from('three'));
    await until(() => heard[1]?.length === 3, 'the third');
    second.stop();
    assert.equal(heard[0]?.length, 2);
  });
}
