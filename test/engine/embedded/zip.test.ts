import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { readZipEntry } from '../../../engine/embedded/zip.ts';
import { TwinfoldError } from '../../../engine/kernel/errors.ts';

interface Entry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflated: boolean;
}

/** A writer of our own, after APPNOTE.TXT; checksums are left 0, which the reader does not look at. */
function zip(entries: readonly Entry[], comment: string): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, deflated } of entries) {
    const packed = deflated ? deflateRawSync(content) : Buffer.from(content);
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(nameBytes.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(nameBytes.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, nameBytes, packed);
    directory.push(entry, nameBytes);
    offset += 30 + nameBytes.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, ...directory, end, Buffer.from(comment)]);
}

const entry = fc.record({ name: fc.stringMatching(/^[a-z]{1,20}$/), content: fc.uint8Array({ maxLength: 500 }), deflated: fc.boolean() });

test('every entry of an archive is found by its name and has its content', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { minLength: 1, maxLength: 8, selector: ({ name }) => name }),
      fc.stringMatching(/^[a-z ]{0,40}$/),
      (entries, comment) => {
        const archive = zip(entries, comment);
        for (const { name, content } of entries) {
          assert.deepEqual([...readZipEntry(archive, (one) => one === name)], [...content]);
        }
      },
    ),
  );
});

test('an archive without the entry, or cut short, is called damaged', () => {
  const archive = zip([{ name: 'a/nats-server', content: Buffer.alloc(1_000, 7), deflated: false }], '');
  const isDamage = (error: unknown): boolean => error instanceof TwinfoldError && error.code === 'corrupt';
  assert.throws(() => readZipEntry(archive, () => false), isDamage);
  for (const length of [0, 10, 500, archive.length - 1])
    assert.throws(() => readZipEntry(archive.subarray(0, length), () => true), isDamage);
});

test('content whose unpacked size is not what the directory says is refused', () => {
  const archive = zip([{ name: 'x', content: Buffer.from('hello hello hello'), deflated: true }], '');
  const directory = archive.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  archive.writeUInt32LE(3, directory + 24);
  assert.throws(() => readZipEntry(archive, () => true), /can't be read/);
});
