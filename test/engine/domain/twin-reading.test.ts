import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastJson from 'fast-json-stringify';
import fc from 'fast-check';
import { placeOf } from '../../../engine/kernel/position.ts';
import { DeviceKey } from '../../../engine/domain/twin-store.ts';
import { twinJson } from '../../../engine/domain/twin-reading.ts';
import { twinSchema } from '../../../schemas/http/twin.ts';
import { FoldRun } from '../../support/fold-run.ts';
import { batchOf, jsonEvent } from '../../support/log-frames.ts';
import { connected, DEV, disconnected, message } from '../../support/session-events.ts';

const stringify = fastJson(structuredClone(twinSchema) as unknown as Parameters<typeof fastJson>[0]);

test('a twin’s body is what its schema writes', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => /^[^\p{C}]+$/u.test(text) && !/^(metrics|payload|\d+)$/.test(text));
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e15, min: -1e15 }),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(name, value, { minKeys: 1, maxKeys: 6, noNullPrototype: true }), { minLength: 1, maxLength: 5 }),
      (payloads) => {
        const run = new FoldRun();
        const { counts } = run.fold(
          payloads.map((payload, i) => ({
            seq: i + 1,
            timeMs: 1_790_000_000_000 + i,
            data: batchOf({ events: [jsonEvent('d-1', payload)] }),
          })),
        );
        assert.equal(counts.accepted, payloads.length);
        const key = new DeviceKey();
        key.setText('t', 'd-1');
        const body = new TextDecoder().decode(twinJson(run.state, key, 0));
        const parsed: unknown = JSON.parse(body);
        assert.equal(stringify(parsed), body);
        const { latest } = parsed as { latest: Record<string, { value: unknown }> };
        for (const [leaf, expected] of Object.entries(Object.assign({}, ...payloads) as Record<string, unknown>))
          assert.equal(latest[leaf]?.value, expected === 0 ? 0 : expected);
      },
    ),
  );
});

test('the section presence is what its schema writes', () => {
  const run = new FoldRun();
  const other = { ...DEV, session: 'd:dev:2' };
  const storm = Array.from({ length: 20 }, () => connected(DEV, { expiryS: 0 }));
  run.fold([message(1, 0, [...storm, connected(other, { address: '' }, { gateway: 'gw' })])]);
  run.fold([message(2, 1, [disconnected(other, placeOf(1, 20), { reason: 141, why: 'keep-alive' })])]);
  const key = new DeviceKey();
  key.setText('t', 'dev');
  const body = new TextDecoder().decode(twinJson(run.state, key, 0));
  assert.equal(stringify(JSON.parse(body)), body);
  assert.match(body, /"flapping":true.*"gateway":"gw".*"why":"keep-alive".*"flapping":true/);
});
