/**
 * Reads one file out of a zip archive held in memory. Only what package archives use is known: stored and deflated
 * entries, no encryption, no zip64 (APPNOTE.TXT 4.3).
 */
import { inflateRawSync } from 'node:zlib';
import { TwinfoldError } from '../kernel/errors.ts';

const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
/** The largest file we take out of an archive; a nats-server binary has 19 MB. */
const ENTRY_BYTES_MAX = 256 * 1024 * 1024;

/** The content of the first entry whose name `matches`; an archive without one, or one that is damaged, is an error. */
export function readZipEntry(archive: Buffer, matches: (name: string) => boolean): Buffer {
  const end = findEndOfDirectory(archive);
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let i = 0; i < entries; i++) {
    if (at + DIRECTORY_ENTRY_BYTES > archive.length || archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw damaged('its directory');
    const nameBytes = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + DIRECTORY_ENTRY_BYTES, at + DIRECTORY_ENTRY_BYTES + nameBytes);
    if (matches(name)) return readContent(archive, at, name);
    at += DIRECTORY_ENTRY_BYTES + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw damaged('an expected file');
}

function findEndOfDirectory(archive: Buffer): number {
  const lowest = Math.max(0, archive.length - END_OF_DIRECTORY_BYTES - COMMENT_BYTES_MAX);
  for (let at = archive.length - END_OF_DIRECTORY_BYTES; at >= lowest; at--) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw damaged('its end record');
}

function readContent(archive: Buffer, entry: number, name: string): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const bytes = archive.readUInt32LE(entry + 24);
  const header = archive.readUInt32LE(entry + 42);
  if (bytes > ENTRY_BYTES_MAX || header + LOCAL_HEADER_BYTES > archive.length) throw damaged(name);
  const start = header + LOCAL_HEADER_BYTES + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) throw damaged(name);
  const content = unpack(packed, method, name);
  if (content.length !== bytes) throw damaged(name);
  return content;
}

function unpack(packed: Buffer, method: number, name: string): Buffer {
  if (method === STORED) return Buffer.from(packed);
  if (method !== DEFLATED) throw damaged(`${name} (packed by method ${method})`);
  try {
    return inflateRawSync(packed, { maxOutputLength: ENTRY_BYTES_MAX });
  } catch (error) {
    throw damaged(name, error);
  }
}

function damaged(what: string, cause?: unknown): TwinfoldError {
  return new TwinfoldError('corrupt', `The archive is damaged or incomplete: ${what} can't be read`, {
    domain: 'external',
    retryable: false,
    cause,
  });
}
