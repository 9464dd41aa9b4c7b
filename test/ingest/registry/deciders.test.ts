import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as deciders from '../../../ingest/registry/deciders.ts';
import type { CredentialEntry, DeviceEntry, KeyEntry } from '../../../ingest/registry/entries.ts';

const NOW = 1_000_000;
const stamp = { at: NOW, actor: 'tfk_t.k' };
const token = (id: string, more: Partial<CredentialEntry> = {}): CredentialEntry => ({ id, hash: 'h', createdMs: 1, ...more });
const device = (more: Partial<DeviceEntry> = {}): DeviceEntry => ({
  kind: 'device',
  tenant: 't',
  id: 'd',
  externalIds: [],
  createdMs: 1,
  state: 'active',
  credentials: [token('c1')],
  ...more,
});

function entryOf<E>(verdict: deciders.Verdict<E>): E {
  assert.ok(verdict.ok, verdict.ok ? '' : verdict.why);
  return verdict.entry;
}
const whyOf = (verdict: deciders.Verdict<unknown>): string | undefined => (verdict.ok ? undefined : verdict.why);

type Command = 'disable' | 'enable' | 'activate' | 'decommission' | 'patch' | 'credential' | 'rotate';
const COMMANDS: Readonly<Record<Command, (known: DeviceEntry) => deciders.Verdict<DeviceEntry>>> = {
  disable: (known) => deciders.decideDisable(known, stamp),
  enable: (known) => deciders.decideEnable(known, stamp),
  activate: (known) => deciders.decideActivate(known, stamp),
  decommission: (known) => deciders.decideDecommission(known, { ...stamp, reuse: false }),
  patch: (known) => deciders.decidePatch(known, { tags: { a: 1 } }, stamp),
  credential: (known) => deciders.decideCredential(known, token('new'), stamp),
  rotate: (known) => deciders.decideRotation(known, token('new'), { ...stamp, overlapMs: 1 }),
};

/** What each state becomes: a state, `same` (nothing is decided), or a refusal. */
const LIFE: Readonly<Record<NonNullable<DeviceEntry['state']>, Readonly<Record<Command, string>>>> = {
  registered: {
    disable: 'disabled',
    enable: 'same',
    activate: 'active',
    decommission: 'decommissioned',
    patch: 'registered',
    credential: 'registered',
    rotate: 'registered',
  },
  active: {
    disable: 'disabled',
    enable: 'same',
    activate: 'same',
    decommission: 'decommissioned',
    patch: 'active',
    credential: 'active',
    rotate: 'active',
  },
  disabled: {
    disable: 'same',
    enable: 'active',
    activate: 'same',
    decommission: 'decommissioned',
    patch: 'disabled',
    credential: 'disabled',
    rotate: 'disabled',
  },
  decommissioned: {
    disable: '!decommissioned',
    enable: '!decommissioned',
    activate: 'same',
    decommission: 'same',
    patch: '!decommissioned',
    credential: '!decommissioned',
    rotate: '!decommissioned',
  },
};

describe('the life of a device', () => {
  for (const [state, becomes] of Object.entries(LIFE)) {
    for (const [command, expected] of Object.entries(becomes)) {
      it(`${state}, ${command}: ${expected}`, () => {
        const known = device({
          state: state as DeviceEntry['state'] & string,
          credentials: state === 'decommissioned' ? [token('c1', { revokedMs: 5 })] : [token('c1')],
        });
        const verdict = COMMANDS[command as Command](known);
        if (expected.startsWith('!')) assert.equal(whyOf(verdict), expected.slice(1));
        else if (expected === 'same') assert.deepEqual(verdict, { ok: true, entry: known, isChange: false });
        else {
          const entry = entryOf(verdict);
          assert.equal(entry.state, expected);
          assert.deepEqual([entry.at, entry.actor], [NOW, stamp.actor]);
        }
      });
    }
  }

  it('begins once, and again only where its end says so', () => {
    const draft = { id: 'd', tenant: 't', externalIds: [], credentials: [] };
    const by = { ...stamp, did: 'created' as const };
    assert.equal(entryOf(deciders.decideRegister(undefined, draft, by)).state, 'registered');
    assert.equal(whyOf(deciders.decideRegister(device(), draft, by)), 'already-registered');
    const retired = device({ state: 'decommissioned' });
    assert.equal(whyOf(deciders.decideRegister(retired, draft, by)), 'decommissioned');
    assert.equal(entryOf(deciders.decideRegister(retired, draft, { ...by, reuse: true })).state, 'registered');
    assert.equal(entryOf(deciders.decideRegister({ ...retired, reuse: true }, draft, by)).state, 'registered');
  });

  it('ends with all credentials dead, and its names free only where said so', () => {
    const known = device({ externalIds: ['x'], credentials: [token('c1'), token('c2', { revokedMs: 7 })] });
    const kept = entryOf(deciders.decideDecommission(known, { ...stamp, reuse: false }));
    assert.deepEqual(
      kept.credentials.map(({ revokedMs }) => revokedMs),
      [NOW, 7],
    );
    assert.deepEqual(kept.externalIds, ['x']);
    assert.deepEqual(entryOf(deciders.decideDecommission(known, { ...stamp, reuse: true })).externalIds, []);
  });
});

describe('credentials', () => {
  it('are at most two valid of a type, and dead ones are named a while', () => {
    const types = fc.constantFrom<CredentialEntry['type']>(undefined, 'x509', 'psk');
    const step = fc.record({
      do: fc.constantFrom('add', 'rotate', 'revoke'),
      type: types,
      overlapMs: fc.constantFrom(0, 10),
      at: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let known = device();
        let at = NOW;
        for (const [i, one] of steps.entries()) {
          at += one.at;
          const by = { at, actor: 'a' };
          const made = token(`n${i}`, one.type === undefined ? {} : { type: one.type });
          const first = deciders.validCredentials(known, by.at)[0];
          const verdict =
            one.do === 'add'
              ? deciders.decideCredential(known, made, by)
              : one.do === 'rotate'
                ? deciders.decideRotation(known, made, { ...by, overlapMs: one.overlapMs })
                : deciders.decideRevocation(known, first?.id ?? 'none', by);
          if (verdict.ok) known = verdict.entry;
          const valid = deciders.validCredentials(known, by.at);
          for (const type of [undefined, 'x509', 'psk'] as const)
            assert.ok(valid.filter((each) => (each.type ?? 'token') === (type ?? 'token')).length <= deciders.CREDENTIALS_MAX);
          if (one.do === 'rotate')
            assert.ok(
              valid.some(({ id }) => id === made.id),
              'the new one is good',
            );
          assert.ok(known.credentials.length <= 6 + 4 + 1);
          assert.equal(new Set(known.credentials.map(({ id }) => id)).size, known.credentials.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('that proved the caller outlive those in between', () => {
    const known = device({ credentials: [token('proof', { notAfterMs: NOW + 50 }), token('lost')] });
    const { credentials } = entryOf(deciders.decideRotation(known, token('new'), { ...stamp, overlapMs: 100, keep: 'proof' }));
    const good = credentials.filter(({ revokedMs }) => revokedMs === undefined);
    assert.deepEqual(
      good.map(({ id, notAfterMs }) => [id, notAfterMs]),
      [
        ['proof', NOW + 50],
        ['new', undefined],
      ],
      'its time is not made longer',
    );
  });

  it('of keys are rotated with an overlap, and revoked with what was before', () => {
    const key: KeyEntry = { kind: 'key', tenant: 't', id: 'k', scopes: [], credential: token('k') };
    const rotated = entryOf(deciders.decideKeyRotation(key, token('k', { hash: 'new' }), { ...stamp, overlapMs: 100 }));
    assert.deepEqual([rotated.credential.hash, rotated.previous?.hash, rotated.previous?.notAfterMs], ['new', 'h', NOW + 100]);
    const revoked = entryOf(deciders.decideKeyRevocation(rotated, stamp));
    assert.deepEqual([revoked.credential.revokedMs, revoked.previous], [NOW, undefined]);
    assert.equal(whyOf(deciders.decideKeyRevocation(revoked, stamp)), 'not-found');
    assert.equal(whyOf(deciders.decideKeyRotation(revoked, token('k'), { ...stamp, overlapMs: 0 })), 'not-found');
  });
});

describe('a patch', () => {
  it('merges tags, takes away what is null, and is nothing when it changes nothing', () => {
    const known = device({ tags: { a: 1, b: { c: 2 } }, group: 'g', model: 'm' });
    const entry = entryOf(deciders.decidePatch(known, { tags: { a: null, d: 3 }, group: null }, stamp));
    assert.deepEqual([entry.tags, entry.group, entry.model, entry.did], [{ b: { c: 2 }, d: 3 }, undefined, 'm', 'updated']);
    for (const patch of [{}, { tags: {} }, { tags: { b: { c: 2 } } }, { group: 'g' }, { policy: null }]) {
      const same = deciders.decidePatch(known, patch, stamp);
      assert.deepEqual(same, { ok: true, entry: known, isChange: false });
    }
    assert.equal(entryOf(deciders.decidePatch(known, { tags: null }, stamp)).tags, undefined);
    assert.equal(whyOf(deciders.decidePatch(known, { tags: { long: 'x'.repeat(deciders.TAGS_BYTES_MAX) } }, stamp)), 'too-many-tags');
  });
});
