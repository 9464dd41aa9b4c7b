import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quoted } from '../../../engine/kernel/quoted.ts';

test('what is quoted is one short line, and has no token in it', () => {
  const token = 'tfk_tenant.key.0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.string({ maxLength: 60 }), (before, after) => {
      const shown = quoted(`${before} ${token} ${after}`);
      assert.ok(!shown.includes('0123456789'), shown);
      // oxlint-disable-next-line no-control-regex
      assert.ok(!/[\u0000-\u001f]/.test(shown));
      assert.ok(shown.length < 64 * 6 + 2);
    }),
  );
  assert.equal(quoted('telemetry:wriet'), '"telemetry:wriet"');
  assert.equal(quoted(`a\r\nb ${token}`), '"a\\r\\nb tfk_…"');
});
