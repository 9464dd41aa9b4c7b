/** What every way into topic partitions must do, whatever keeps them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicEffects } from '../../engine/ports/topic-effects.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

export function topicEffectsContract(name: string, open: () => Promise<TopicEffects>): void {
  test(`${name}: each pair of target and source has an end of its own`, async () => {
    const effects = await open();
    assert.equal(await effects.last(1, 0), undefined);
    assert.deepEqual(await effects.append({ target: 1, source: 0, data: bytes('a'), expectedSeq: 0 }), { kind: 'stored', seq: 1 });
    assert.deepEqual(await effects.append({ target: 1, source: 1, data: bytes('b'), expectedSeq: 0 }), { kind: 'stored', seq: 2 });
    assert.deepEqual(await effects.append({ target: 1, source: 0, data: bytes('c'), expectedSeq: 1 }), { kind: 'stored', seq: 3 });
    assert.deepEqual(await effects.append({ target: 0, source: 0, data: bytes('d'), expectedSeq: 0 }), { kind: 'stored', seq: 1 });
    const last = await effects.last(1, 0);
    assert.deepEqual([last?.seq, Buffer.from(last?.data ?? []).toString()], [3, 'c']);
    assert.equal((await effects.last(1, 1))?.seq, 2);
  });

  test(`${name}: of two who go on behind the same message one is fenced, and nothing of it stays`, async () => {
    const effects = await open();
    await effects.append({ target: 0, source: 1, data: bytes('a'), expectedSeq: 0 });
    const both = await Promise.all(
      ['b', 'c'].map(async (text) => effects.append({ target: 0, source: 1, data: bytes(text), expectedSeq: 1 })),
    );
    assert.deepEqual(both.map(({ kind }) => kind).toSorted(), ['fenced', 'stored']);
    assert.equal((await effects.last(0, 1))?.seq, 2);
    assert.deepEqual(await effects.append({ target: 0, source: 1, data: bytes('d'), expectedSeq: 0 }), { kind: 'fenced' });
  });
}
