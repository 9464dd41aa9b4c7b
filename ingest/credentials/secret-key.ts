/**
 * Secrets that must be had back (keys of a tenant's own CA, pre-shared keys): sealed before they enter the registry, under
 * a key that never does. Each secret has a data key of its own, which the secret key wraps; what it is for is part of the
 * seal, so that one moved to another place opens nothing.
 */
import { createCipheriv, createDecipheriv, hash, hkdfSync } from 'node:crypto';
import { chmod, open, readFile, stat } from 'node:fs/promises';
import { inspect } from 'node:util';
import { TwinfoldError } from '../../engine/kernel/errors.ts';
import type { RandomBytes } from './credentials.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_CHARS = 12;
const VERSION = 's1';
const CIPHER = 'aes-256-gcm';

/** A secret in memory that no log line or error shows: only `bytes()` gives it away. */
export class Secret {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  toJSON(): string {
    return '[secret]';
  }

  toString(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** `another-key`: it was sealed under a secret key that this process doesn't have. */
export type Opened = { readonly ok: true; readonly secret: Secret } | { readonly ok: false; readonly why: 'another-key' | 'damaged' };

export class SecretKey {
  readonly #key: Uint8Array;
  readonly #randomBytes: RandomBytes;
  /** Names the key without telling it; part of every seal. */
  readonly id: string;

  constructor(key: Uint8Array, randomBytes: RandomBytes) {
    if (key.length !== KEY_BYTES)
      throw new TwinfoldError('bad-option', 'a secret key has 32 bytes', { domain: 'external', retryable: false });
    this.#key = Uint8Array.from(key);
    this.#randomBytes = randomBytes;
    this.id = hash('sha256', Buffer.concat([Buffer.from('twinfold secret key id\0'), key]), 'base64url').slice(0, KEY_ID_CHARS);
  }

  /** `context` says what the secret is for (`psk/<tenant>/<device>/<credential>`); opening takes the same. */
  seal(secret: Uint8Array, context: string): string {
    const dataKey = this.#randomBytes(KEY_BYTES);
    const wrapped = this.#encrypt(this.#key, dataKey, `${context}\0key`);
    const sealed = this.#encrypt(dataKey, secret, context);
    return [VERSION, this.id, wrapped, sealed].join('.');
  }

  open(sealed: string, context: string): Opened {
    const [version, keyId, wrapped, body, ...rest] = sealed.split('.');
    if (version !== VERSION || keyId === undefined || wrapped === undefined || body === undefined || rest.length > 0)
      return { ok: false, why: 'damaged' };
    if (keyId !== this.id) return { ok: false, why: 'another-key' };
    try {
      const dataKey = decrypt(this.#key, wrapped, `${context}\0key`);
      return { ok: true, secret: new Secret(decrypt(dataKey, body, context)) };
    } catch {
      return { ok: false, why: 'damaged' };
    }
  }

  /** Another key from this one, for one purpose; the same for whoever has the same secret key. */
  derive(purpose: string, bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, Buffer.alloc(0), `twinfold ${purpose}`, bytes));
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return `[secret key ${this.id}]`;
  }

  #encrypt(key: Uint8Array, plain: Uint8Array, context: string): string {
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }
}

/** Throws where the bytes were changed, or are for another context. */
function decrypt(key: Uint8Array, text: string, context: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

export interface SecretKeyPlace {
  readonly file: string;
  /** The operator named the file: it must be there. Otherwise it is made. */
  readonly isGiven: boolean;
}

/** The key of the file, as base64 text of 32 bytes; rejects with `bad-option` and a remedy where it can't be had. */
export async function loadSecretKey({ file, isGiven }: SecretKeyPlace, randomBytes: RandomBytes): Promise<SecretKey> {
  const found = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!isGiven && error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unfit(`${file} can't be read`, error);
  });
  if (found === undefined) return makeSecretKey(file, randomBytes);
  const key = Buffer.from(found.trim(), 'base64');
  if (key.length !== KEY_BYTES) throw unfit(`${file} must hold 32 bytes as base64 (openssl rand -base64 32 > ${file})`);
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    if (isGiven) throw unfit(`${file} may be read by others; chmod 600 ${file}`);
    await chmod(file, 0o600);
  }
  return new SecretKey(key, randomBytes);
}

async function makeSecretKey(file: string, randomBytes: RandomBytes): Promise<SecretKey> {
  const key = randomBytes(KEY_BYTES);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${Buffer.from(key).toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return new SecretKey(key, randomBytes);
}

function unfit(problem: string, cause?: unknown): TwinfoldError {
  return new TwinfoldError('bad-option', `--secret-key-file: ${problem}`, { domain: 'external', retryable: false, cause });
}
