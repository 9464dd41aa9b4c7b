/**
 * Tokens that were refused lately, so that the same one tried again costs no hash. What was found out holds as long as the
 * entry of the registry that it rests on is the same one: whatever makes a token good is another entry, so a token is never
 * refused from here that has become valid meanwhile.
 *
 * Bound: two generations of `REFUSED_TOKENS_MAX`, some 600 bytes each.
 */
import type { AuthResult } from '../message.ts';
import type { TokenName } from './credentials.ts';

export type Refused = Extract<AuthResult, { ok: false }>;

const REFUSED_TOKENS_MAX = 8_192;
/** Also what rests on no entry is looked at again after so long. */
export const REFUSED_MS_MAX = 30_000;

interface RefusedToken {
  readonly name: TokenName;
  readonly seq: number;
  readonly untilMs: number;
  readonly result: Refused;
}

export class RefusedTokens {
  readonly #seqOf: (name: TokenName) => number;
  readonly #monotonic: () => number;
  #young = new Map<string, RefusedToken>();
  #old = new Map<string, RefusedToken>();

  /** `seqOf`: the entry that now says who holds such a token. */
  constructor(seqOf: (name: TokenName) => number, monotonic: () => number) {
    this.#seqOf = seqOf;
    this.#monotonic = monotonic;
  }

  /** Tokens that are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Undefined: nothing is known, or nothing that still holds. */
  find(token: string): Refused | undefined {
    const known = this.#young.get(token) ?? this.#old.get(token);
    if (known === undefined || this.#monotonic() >= known.untilMs) return undefined;
    return known.seq === this.#seqOf(known.name) ? known.result : undefined;
  }

  /** Remembers a refusal that only another entry can end, and answers it. */
  note(token: string, name: TokenName, result: Refused): Refused {
    if (result.why === 'not-yet-valid') return result;
    if (this.#young.size >= REFUSED_TOKENS_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(token, { name, seq: this.#seqOf(name), untilMs: this.#monotonic() + REFUSED_MS_MAX, result });
    return result;
  }
}
