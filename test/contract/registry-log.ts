/** What every log of the registry keeps: one decision a version, several at once, and all of it to be read again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { RegistryLog } from '../../engine/ports/registry.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (entry: { readonly data: Uint8Array } | undefined): string | undefined =>
  entry === undefined ? undefined : Buffer.from(entry.data).toString();

/** `fresh`: a log that nothing was written to. */
export function registryLogContract(name: string, fresh: () => Promise<RegistryLog>): void {
  test(`${name}: several entries are stored at once, each fenced by its own subject`, async () => {
    const log = await fresh();
    const many = Array.from({ length: 300 }, (_, i) => ({ subject: `reg.t.device.d${i}`, data: bytes(`one ${i}`), expectedLastSeq: 0 }));
    const first = await log.appendMany(many);
    const seqs = first.map((outcome) => (outcome.ok ? outcome.seq : 0));
    for (const [i, seq] of seqs.entries()) {
      const last = await log.last(`reg.t.device.d${i}`);
      if (i % 50 === 0) assert.deepEqual([last?.seq, textOf(last)], [seq, `one ${i}`]);
    }
    const second = await log.appendMany([
      { subject: 'reg.t.device.d0', data: bytes('stale'), expectedLastSeq: 0 },
      { subject: 'reg.t.device.new', data: bytes('new'), expectedLastSeq: 0 },
      { subject: 'reg.t.device.d1', data: bytes('two'), expectedLastSeq: seqs[1] ?? 0 },
    ]);
    assert.deepEqual(
      second.map((outcome) => (outcome.ok ? 'ok' : outcome.why)),
      ['conflict', 'ok', 'ok'],
      'one that is refused takes no other with it',
    );
    assert.equal(textOf(await log.last('reg.t.device.d0')), 'one 0');
    assert.equal(textOf(await log.last('reg.t.device.d1')), 'two');
    assert.deepEqual(await log.appendMany([]), []);
    const [single] = await log.appendMany([{ subject: 'reg.t.device.d0', data: bytes('two'), expectedLastSeq: seqs[0] ?? 0 }]);
    assert.equal(single?.ok, true);
    await assert.rejects(log.append('reg.t.device.d0', bytes('stale'), seqs[0] ?? 0), (error) => hasCode(error, 'conflict'));
  });

  test(`${name}: the last entry of a subject, or none`, async () => {
    const log = await fresh();
    assert.equal(await log.last('reg.t.device.none'), undefined);
    const seq = await log.append('reg.t.device.d', bytes('one'), 0);
    const next = await log.append('reg.t.device.d', bytes('two'), seq);
    const last = await log.last('reg.t.device.d');
    assert.deepEqual([last?.seq, last?.subject, textOf(last)], [next, 'reg.t.device.d', 'two']);
  });

  test(`${name}: history goes back from the newest, by subject, as far as is asked`, async () => {
    const log = await fresh();
    const seqs: number[] = [];
    for (let i = 0; i < 60; i++)
      seqs.push(await log.append(`reg.${i % 2 === 0 ? 'a' : 'b'}.${i % 3 === 0 ? 'key' : 'device'}.x${i}`, bytes(String(i)), 0));
    const texts = async (filter: string, before: number, limit: number): Promise<readonly (string | undefined)[]> =>
      (await log.history(filter, before, limit)).map(textOf);
    assert.deepEqual(await texts('reg.a.*.*', Number.MAX_SAFE_INTEGER, 3), ['58', '56', '54']);
    assert.deepEqual(await texts('reg.a.key.*', seqs[12] ?? 0, 5), ['6', '0']);
    assert.deepEqual(await texts('reg.>', seqs[2] ?? 0, 5), ['1', '0']);
    assert.deepEqual(await texts('reg.none.*.*', Number.MAX_SAFE_INTEGER, 5), []);
    assert.deepEqual(await texts('reg.a.*.*', 1, 5), []);
  });
}
