/**
 * Tokens: how they look, how they are made, and what the registry keeps of them. A token names its credential in the
 * clear and proves it by a 256-bit random secret; the registry holds an HMAC of the whole token under the deployment's
 * pepper, so that neither a copy of the registry nor a guess leads back to a token.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '../../engine/kernel/ids.ts';

const SECRET_BYTES = 32;
const SECRET_CHARS = 43;
const CREDENTIAL_ID_BYTES = 6;
const HASH_BYTES = 32;
/** The longest token: two ids and a credential's, of 64 characters each, the secret, prefix and dots. */
export const TOKEN_CHARS_MAX = 4 + 3 * 65 + SECRET_CHARS;

/** An operator may choose this one. */
const ADMIN = /^tfa_[A-Za-z0-9_-]{16,128}$/;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** What a token says about itself; whether it is true, the registry knows. */
export type TokenName =
  | { readonly kind: 'admin' }
  | { readonly kind: 'key'; readonly tenant: string; readonly id: string }
  | { readonly kind: 'provisioning'; readonly tenant: string; readonly group: string }
  | { readonly kind: 'device'; readonly tenant: string; readonly device: string; readonly id: string };

/** What a deployment's tokens are hashed under. */
export type Pepper = Uint8Array;

export function pepperOf(base64url: string): Pepper {
  return Buffer.from(base64url, 'base64url');
}

export type RandomBytes = (count: number) => Uint8Array;

/** Undefined when the text is no token of ours. */
export function parseToken(token: string): TokenName | undefined {
  if (token.length > TOKEN_CHARS_MAX) return undefined;
  if (ADMIN.test(token)) return { kind: 'admin' };
  const parts = token.slice(4).split('.');
  const secret = parts.pop() ?? '';
  if (!SECRET.test(secret) || !parts.every(isId)) return undefined;
  const [first, second, third] = parts;
  switch (token.slice(0, 4)) {
    case 'tfk_':
      return parts.length === 2 && first !== undefined && second !== undefined ? { kind: 'key', tenant: first, id: second } : undefined;
    case 'tfp_':
      return parts.length === 2 && first !== undefined && second !== undefined
        ? { kind: 'provisioning', tenant: first, group: second }
        : undefined;
    case 'tfd_':
      return parts.length === 3 && first !== undefined && second !== undefined && third !== undefined
        ? { kind: 'device', tenant: first, device: second, id: third }
        : undefined;
    default:
      return undefined;
  }
}

/** The name of a credential in records, sessions and logs: the token without its secret. */
export function credentialName(name: TokenName): string {
  switch (name.kind) {
    case 'admin':
      return 'tfa';
    case 'key':
      return `tfk_${name.tenant}.${name.id}`;
    case 'provisioning':
      return `tfp_${name.tenant}.${name.group}`;
    case 'device':
      return `tfd_${name.tenant}.${name.device}.${name.id}`;
  }
}

/** A new token for the credential; the only time that its secret is seen. */
export function mintToken(name: TokenName, randomBytes: RandomBytes): string {
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
  return name.kind === 'admin' ? `tfa_${secret}` : `${credentialName(name)}.${secret}`;
}

export function mintCredentialId(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(CREDENTIAL_ID_BYTES)).toString('base64url');
}

/** What the registry keeps of a token. */
export function hashToken(token: string, pepper: Pepper): string {
  return digestOf(token, pepper).toString('base64url');
}

/**
 * Whether the hash is that of the token. Takes the same time for every token and hash; without a hash (an unknown
 * credential) the work is done all the same, and the answer is no.
 */
export function provesToken(token: string, hash: string | undefined, pepper: Pepper): boolean {
  const kept = Buffer.alloc(HASH_BYTES);
  const isKnown = hash !== undefined && kept.write(hash, 'base64url') === HASH_BYTES;
  return timingSafeEqual(digestOf(token, pepper), kept) && isKnown;
}

function digestOf(token: string, pepper: Pepper): Buffer {
  return createHmac('sha256', pepper).update(token).digest();
}
