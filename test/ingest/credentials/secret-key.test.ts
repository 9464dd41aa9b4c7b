import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { mintPsk, parsePskIdentity, pskFromText, pskIdentity, sealPsk, validPsks } from '../../../ingest/credentials/psk.ts';
import { decodeEntry, encodeEntry } from '../../../ingest/registry/codec.ts';
import type { CredentialEntry, DeviceEntry } from '../../../ingest/registry/entries.ts';
import { loadSecretKey, Secret, SecretKey } from '../../../ingest/credentials/secret-key.ts';

const key = new SecretKey(randomBytes(32), randomBytes);

describe('a sealed secret', () => {
  it('is had back with the same key and purpose, and with nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, context) => {
        const sealed = key.seal(bytes, context);
        const opened = key.open(sealed, context);
        assert.ok(opened.ok);
        assert.deepEqual([...opened.secret.bytes()], [...bytes]);
        assert.deepEqual(key.open(sealed, `${context}.`), { ok: false, why: 'damaged' });
        assert.deepEqual(new SecretKey(randomBytes(32), randomBytes).open(sealed, context), { ok: false, why: 'another-key' });
        assert.notEqual(sealed, key.seal(bytes, context));
      }),
      { numRuns: 50 },
    );
  });

  it('is damaged by every change', () => {
    const sealed = key.seal(Buffer.from('a secret of some length'), 'psk/a/b/c');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '_', '-', '.'), (at, char) => {
        const changed = sealed.slice(0, at) + char + sealed.slice(at + 1);
        const opened = key.open(changed, 'psk/a/b/c');
        // The last character of a base64 text may have bits that mean nothing.
        if (opened.ok) assert.equal(Buffer.from(opened.secret.bytes()).toString(), 'a secret of some length');
        else assert.ok(['damaged', 'another-key'].includes(opened.why));
      }),
    );
    for (const text of ['', 's1', 's1.a.b.c', '...', sealed.slice(0, -8), `${sealed}.x`])
      assert.equal(key.open(text, 'psk/a/b/c').ok, false);
  });

  it('never shows in a log line', () => {
    const secret = new Secret(Buffer.from('canary-0123456789'));
    const shown = [
      JSON.stringify({ secret, key }),
      inspect({ secret, key }),
      secret.toString(),
      inspect(new Error('x', { cause: secret })),
    ].join();
    assert.doesNotMatch(shown, /canary|99, ?97|Y2FuYXJ5/);
  });
});

describe('the secret key', () => {
  const inFolder = async (look: (folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'secret-key-'));
    try {
      await look(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('is made once, for its owner alone, and is the same later', async () =>
    inFolder(async (folder) => {
      const file = join(folder, 'secret-key');
      const made = await loadSecretKey({ file, isGiven: false }, randomBytes);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      const sealed = made.seal(Buffer.from('x'), 'c');
      await chmod(file, 0o644);
      const read = await loadSecretKey({ file, isGiven: false }, randomBytes);
      assert.ok(read.open(sealed, 'c').ok);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.deepEqual(read.derive('tickets', 48), made.derive('tickets', 48));
      assert.notDeepEqual(read.derive('tickets', 48), made.derive('other tickets', 48));
      assert.equal(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64').length, 32);
    }));

  it('that was named must be there, whole, and nobody else’s to read', async () =>
    inFolder(async (folder) => {
      const file = join(folder, 'k');
      const load = async (): Promise<unknown> => loadSecretKey({ file, isGiven: true }, randomBytes);
      const isRefused = (pattern: RegExp) => (error: unknown) => hasCode(error, 'bad-option') && pattern.test((error as Error).message);
      await assert.rejects(load(), isRefused(/can't be read/));
      await writeFile(file, 'c2hvcnQ=', { mode: 0o600 });
      await assert.rejects(load(), isRefused(/32 bytes/));
      await writeFile(file, randomBytes(32).toString('base64'));
      await chmod(file, 0o640);
      await assert.rejects(load(), isRefused(/chmod 600/));
      await chmod(file, 0o400);
      await load();
    }));
});

describe('a pre-shared key', () => {
  const clock = { now: () => 1_000 };
  const device = (credentials: readonly CredentialEntry[], more: Partial<DeviceEntry> = {}): DeviceEntry => ({
    kind: 'device',
    tenant: 'acme',
    id: 'dev-1',
    externalIds: [],
    createdMs: 0,
    credentials,
    ...more,
  });
  const psk = mintPsk(randomBytes);
  const entry = (id: string, more: Partial<CredentialEntry> = {}): CredentialEntry => ({
    id,
    type: 'psk',
    sealed: sealPsk(psk, { tenant: 'acme', device: 'dev-1', credential: id }, key),
    createdMs: 0,
    ...more,
  });
  const ids = (of: DeviceEntry): string[] => validPsks(of, key, clock).map(({ credential }) => credential.id);

  it('is named by tenant and device', () => {
    assert.deepEqual(parsePskIdentity(pskIdentity({ tenant: 'acme', device: 'dev-1' })), { tenant: 'acme', device: 'dev-1' });
    for (const text of ['', 'acme', 'acme/', '/dev-1', 'acme/dev-1/x', 'acme/dev 1', 'a.b/c'])
      assert.equal(parsePskIdentity(text), undefined, text);
  });

  it('is had back for a handshake, over the registry and back, newest first', () => {
    const read = decodeEntry(encodeEntry(device([entry('old'), entry('new'), { id: 'token', hash: 'h', createdMs: 0 }])));
    assert.ok(read?.kind === 'device');
    const found = validPsks(read, key, clock);
    assert.deepEqual(
      found.map(({ credential }) => credential.id),
      ['new', 'old'],
    );
    for (const one of found) assert.deepEqual([...one.psk.bytes()], [...psk.bytes()]);
    assert.doesNotMatch(JSON.stringify(read), new RegExp(Buffer.from(psk.bytes()).toString('base64url').slice(0, 12)));
  });

  it('is none when it was revoked, is out of time, of another device, or its device may not', () => {
    assert.deepEqual(
      ids(device([entry('a', { revokedMs: 1 }), entry('b', { notAfterMs: 1_000 }), entry('c', { notBeforeMs: 1_001 })])),
      [],
    );
    assert.deepEqual(ids(device([entry('moved')], { id: 'dev-2' })), []);
    assert.deepEqual(ids(device([{ ...entry('a'), id: 'b' }])), []);
    for (const state of ['disabled', 'decommissioned'] as const) assert.deepEqual(ids(device([entry('a')], { state })), []);
    assert.deepEqual(validPsks(device([entry('a')]), new SecretKey(randomBytes(32), randomBytes), clock), []);
    assert.deepEqual(ids(device([entry('a')])), ['a']);
  });

  it('of a client’s own choice has 16 to 64 bytes', () => {
    for (const [bytes, isGood] of [
      [15, false],
      [16, true],
      [64, true],
      [65, false],
    ] as const)
      assert.equal(pskFromText(Buffer.alloc(bytes, 7).toString('hex')) !== undefined, isGood);
    for (const text of ['', 'not hex at all, but long enough.', 'a'.repeat(33), `${'ab'.repeat(16)}\n`])
      assert.equal(pskFromText(text), undefined, text);
  });
});
