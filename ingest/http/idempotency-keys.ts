/**
 * Idempotency keys: each is claimed before its request is carried out, and holds the answer afterwards, where all edges
 * see it. Of two that claim a key at once the log lets one be first. A claim is held by renewing it; one that isn't was
 * left by an edge that died, and is another's to take.
 *
 * Answers may hold tokens, so they are sealed, and so is what was asked: a pre-shared key may stand in it.
 */
import { hash } from 'node:crypto';
import { hasCode } from '../../engine/kernel/errors.ts';
import type { KeptAnswers, KeptEntry } from '../../engine/ports/kept-answers.ts';
import type { SecretKey } from '../credentials/secret-key.ts';

/** Long enough for an edge to be paused for half a minute, short enough for a client to wait it out. */
const CLAIM_MS = 60_000;
/** A claim is renewed so often in its time. */
const RENEWALS_A_CLAIM = 3;
/** What isn't answered by then never is: its claim runs out. */
const RENEWALS_MAX = 30;
/** All that the API answers is smaller; sealed it fits a message of the log. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** Whoever finds the key changed each time is told that it is in use. */
const ATTEMPTS_MAX = 3;
const VERSION = 1;

export interface IdempotencyOptions {
  readonly answers: KeptAnswers;
  /** The same at all edges. */
  readonly secretKey: SecretKey;
  /** `epoch`: which of the processes of that name this is; no two live at once. */
  readonly edge: { readonly name: string; readonly epoch: number };
  /** When a claim that isn't renewed is free; `CLAIM_MS` where nothing is said. */
  readonly claimMs?: number;
  readonly answerBytesMax?: number;
}

/** Whose key it is, and for what. Keys of different senders are different keys. */
export interface Asked {
  readonly tenant: string;
  /** The credential's name. */
  readonly sender: string;
  readonly key: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly body: Uint8Array;
}

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Begun =
  /** It is to be carried out, and then `finish`ed. `isTakenOver`: an edge that died had begun it. */
  | { readonly kind: 'claimed'; readonly claim: Claim; readonly isTakenOver: boolean }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** The key was used for something else. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'in-flight' }
  /** It was carried out, with this status, but its answer was too large to keep. */
  | { readonly kind: 'not-kept'; readonly status: number }
  /** Sealed under a secret key that this edge hasn't got. */
  | { readonly kind: 'sealed-elsewhere' }
  /** Nothing was done, and nothing is known of the key. */
  | { readonly kind: 'unavailable' };

/** What became of an answer: kept, or free to be asked again, or not in the log though it should be. */
export type Finished = 'kept' | 'freed' | 'lost';

export interface Claim {
  readonly subject: string;
  readonly fingerprint: string;
  seq: number;
  renewals: number;
  timer: NodeJS.Timeout | undefined;
  /** The renewal that is under way. */
  renewing: Promise<void> | undefined;
}

/** The sealed part: what was asked, and once it is there, the answer. */
interface Content {
  readonly fingerprint: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Base64. Absent: too large. */
  readonly body?: string;
}

interface Entry {
  readonly v: number;
  readonly state: 'claimed' | 'answered';
  readonly edge: string;
  readonly epoch: number;
  readonly sealed: string;
}

export class IdempotencyKeys {
  readonly #options: IdempotencyOptions;
  readonly #claimMs: number;
  readonly #claims = new Set<Claim>();

  constructor(options: IdempotencyOptions) {
    this.#options = options;
    this.#claimMs = options.claimMs ?? CLAIM_MS;
  }

  get answerBytesMax(): number {
    return this.#options.answerBytesMax ?? ANSWER_BYTES_MAX;
  }

  /** Claims the key, or says what is known of it. Never rejects. */
  async begin(asked: Asked): Promise<Begun> {
    const subject = hash('sha256', JSON.stringify([asked.tenant, asked.sender, asked.key]), 'base64url');
    const claim: Claim = { subject, fingerprint: fingerprintOf(asked), seq: 0, renewals: 0, timer: undefined, renewing: undefined };
    try {
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
        if (await this.#claim(claim)) return { kind: 'claimed', claim, isTakenOver: attempt > 1 };
        const last = await this.#options.answers.last(subject);
        const known = last === undefined ? undefined : this.#judge(claim, last);
        if (known !== undefined) return known;
        // Nobody's any more: forgotten, or left behind.
        claim.seq = last?.seq ?? 0;
      }
      return { kind: 'in-flight' };
    } catch {
      return { kind: 'unavailable' };
    }
  }

  /** Keeps the answer, or frees the key where the request may be tried again. Never rejects. */
  async finish(claim: Claim, answer: KeptAnswer | { readonly status: number }): Promise<Finished> {
    await this.#release(claim);
    const mayBeTriedAgain = answer.status >= 500 || answer.status === 429;
    const isWhole = 'body' in answer && answer.body.length <= this.answerBytesMax;
    const content = isWhole
      ? { status: answer.status, headers: answer.headers, body: answer.body.toString('base64') }
      : { status: answer.status };
    try {
      if (mayBeTriedAgain) await this.#options.answers.forget(claim.seq);
      else await this.#options.answers.put(claim.subject, this.#encode(claim, 'answered', content), claim.seq);
      return mayBeTriedAgain ? 'freed' : 'kept';
    } catch {
      return 'lost';
    }
  }

  /** Claims that are open run out by themselves. */
  close(): void {
    for (const claim of this.#claims) clearInterval(claim.timer);
    this.#claims.clear();
  }

  /** False: somebody else's entry is there. */
  async #claim(claim: Claim): Promise<boolean> {
    try {
      claim.seq = await this.#options.answers.put(claim.subject, this.#encode(claim, 'claimed', {}), claim.seq);
    } catch (error) {
      if (hasCode(error, 'conflict')) return false;
      throw error;
    }
    this.#claims.add(claim);
    claim.timer = setInterval(() => this.#renew(claim), this.#claimMs / RENEWALS_A_CLAIM);
    return true;
  }

  #renew(claim: Claim): void {
    if (claim.renewing !== undefined) return;
    if (claim.renewals++ >= RENEWALS_MAX) {
      clearInterval(claim.timer);
      return;
    }
    claim.renewing = this.#options.answers
      .put(claim.subject, this.#encode(claim, 'claimed', {}), claim.seq)
      .then((seq) => void (claim.seq = seq))
      .catch(() => undefined)
      .finally(() => (claim.renewing = undefined));
  }

  async #release(claim: Claim): Promise<void> {
    clearInterval(claim.timer);
    this.#claims.delete(claim);
    await claim.renewing;
  }

  /** Undefined: it may be claimed in the place of this entry. */
  #judge(claim: Claim, { ageMs, data }: KeptEntry): Begun | undefined {
    const entry = decode(data);
    if (entry === undefined) return { kind: 'sealed-elsewhere' };
    const { name, epoch } = this.#options.edge;
    const content = this.#open(claim.subject, entry);
    if (content !== undefined && content.fingerprint !== claim.fingerprint) return { kind: 'mismatch' };
    if (entry.state === 'claimed') {
      const isLeft = ageMs >= this.#claimMs || (entry.edge === name && entry.epoch !== epoch);
      return isLeft ? undefined : { kind: 'in-flight' };
    }
    if (content === undefined) return { kind: 'sealed-elsewhere' };
    const { body, headers = {}, status = 0 } = content;
    return body === undefined
      ? { kind: 'not-kept', status }
      : { kind: 'answered', answer: { status, headers, body: Buffer.from(body, 'base64') } };
  }

  #encode(claim: Claim, state: Entry['state'], answer: Omit<Content, 'fingerprint'>): Uint8Array {
    const { edge, secretKey } = this.#options;
    const content: Content = { fingerprint: claim.fingerprint, ...answer };
    const sealed = secretKey.seal(Buffer.from(JSON.stringify(content)), contextOf(claim.subject));
    const entry: Entry = { v: VERSION, state, edge: edge.name, epoch: edge.epoch, sealed };
    return Buffer.from(JSON.stringify(entry));
  }

  #open(subject: string, { sealed }: Entry): Content | undefined {
    const opened = this.#options.secretKey.open(sealed, contextOf(subject));
    return opened.ok ? (JSON.parse(Buffer.from(opened.secret.bytes()).toString('utf8')) as Content) : undefined;
  }
}

function fingerprintOf({ body, method, url }: Asked): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${method} ${url}\n`), body]), 'base64url');
}

function contextOf(subject: string): string {
  return `idempotency/${subject}`;
}

/** Undefined: a later program wrote it. */
function decode(data: Uint8Array): Entry | undefined {
  const entry = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')) as Partial<Entry>;
  const { edge, epoch, sealed, state } = entry;
  if (entry.v !== VERSION || edge === undefined || epoch === undefined || sealed === undefined) return undefined;
  return state === 'claimed' || state === 'answered' ? { v: VERSION, state, edge, epoch, sealed } : undefined;
}
