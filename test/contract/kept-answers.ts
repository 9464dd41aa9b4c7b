/** What every store of kept answers keeps: one entry a key, claimed by whoever is first, replaced only by who knows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { KeptAnswers } from '../../engine/ports/kept-answers.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** `fresh`: a store that nothing was written to. */
export function keptAnswersContract(name: string, fresh: () => Promise<KeptAnswers>): void {
  const textOf = async (answers: KeptAnswers, key: string): Promise<string | undefined> => {
    const last = await answers.last(key);
    return last === undefined ? undefined : Buffer.from(last.data).toString();
  };
  const isConflict = (error: unknown): boolean => hasCode(error, 'conflict');

  test(`${name}: of many that claim a key at once one is first`, async () => {
    const answers = await fresh();
    const claims = await Promise.allSettled(Array.from({ length: 20 }, async (_, i) => answers.put('key_-1', bytes(`claim ${i}`), 0)));
    const won = claims.flatMap((claim, i) => (claim.status === 'fulfilled' ? [i] : []));
    assert.equal(won.length, 1);
    assert.ok(claims.every((claim) => claim.status === 'fulfilled' || isConflict(claim.reason)));
    assert.equal(await textOf(answers, 'key_-1'), `claim ${won[0]}`);
  });

  test(`${name}: an entry is replaced by who knows it, and there is only the last`, async () => {
    const answers = await fresh();
    const first = await answers.put('key', bytes('one'), 0);
    const other = await answers.put('other', bytes('other'), 0);
    assert.notEqual(first, other);
    const second = await answers.put('key', bytes('two'), first);
    await assert.rejects(answers.put('key', bytes('stale'), first), isConflict);
    const last = await answers.last('key');
    assert.deepEqual([last?.seq, Buffer.from(last?.data ?? []).toString()], [second, 'two']);
    assert.ok((last?.ageMs ?? -1) > -1_000 && (last?.ageMs ?? 0) < 60_000);
    assert.equal(await textOf(answers, 'none'), undefined);
  });

  test(`${name}: what is forgotten can be claimed again; what was replaced stays`, async () => {
    const answers = await fresh();
    const first = await answers.put('key', bytes('one'), 0);
    const second = await answers.put('key', bytes('two'), first);
    await answers.forget(first);
    assert.equal(await textOf(answers, 'key'), 'two');
    await answers.forget(second);
    await answers.forget(second);
    assert.equal(await textOf(answers, 'key'), undefined);
    await assert.rejects(answers.put('key', bytes('stale'), second), isConflict);
    await answers.put('key', bytes('three'), 0);
    assert.equal(await textOf(answers, 'key'), 'three');
  });
}
