/**
 * Searches for retained messages, a page at a time. A search that isn't over stays open for a while under a number that the
 * asker brings along; one that was forgotten is told so, and begun again.
 */
import { ANSWER_CODE, type AskRetained, type RetainedAnswerInit } from '../../../schemas/gen/lean.ts';
import type { RetainedSearch } from '../../domain/retained-topics.ts';
import { indexOfPlace, seqOfPlace } from '../../kernel/position.ts';
import { retainedId, retainedName, type RetainedState } from './retained-state.ts';

/** An answer is one message of the server, which takes a megabyte. */
const PAGE_BYTES_MAX = 512 * 1024;
/** Beside its event. */
const MESSAGE_BYTES = 24;
const OPEN_MAX = 256;
const IDLE_MS_MAX = 10_000;

interface OpenSearch {
  readonly tenant: string;
  readonly search: RetainedSearch;
  readonly usedMs: number;
}

type Page = Pick<RetainedAnswerInit, 'code' | 'messages' | 'next'>;

export class RetainedAnswers {
  readonly #state: RetainedState;
  /** Of an event that only the store has. */
  readonly #fetch: (name: string) => Promise<Uint8Array | undefined>;
  readonly #open = new Map<string, OpenSearch>();
  #next = 1;

  constructor(state: RetainedState, fetch: (name: string) => Promise<Uint8Array | undefined>) {
    this.#state = state;
    this.#fetch = fetch;
  }

  async page(ask: AskRetained, now: { readonly wallMs: number; readonly monotonicMs: number }): Promise<Page> {
    const going = this.#open.get(ask.after);
    if (ask.after !== '' && going === undefined) return { code: ANSWER_CODE.notFound };
    this.#open.delete(ask.after);
    const tenant = utf8AsLatin1(ask.tenant);
    const search = going?.search ?? this.#state.search(tenant, utf8AsLatin1(ask.filter));
    if (search === undefined) return { code: ANSWER_CODE.ok };
    const bytesMax = Math.min(ask.bytesMax, PAGE_BYTES_MAX);
    const messages: { seq: number; index: number; event: Uint8Array }[] = [];
    let bytes = 0;
    try {
      for (;;) {
        const leaf = search.next();
        if (leaf === undefined) {
          search.close();
          return { code: ANSWER_CODE.ok, messages };
        }
        if (leaf.expiresMs > 0 && leaf.expiresMs <= now.wallMs) continue;
        const event = this.#state.eventOf(tenant, leaf) ?? (await this.#fetch(retainedName(retainedId(tenant, leaf.text))));
        // Deleted, or replaced by one that is on its way to whoever is subscribed.
        if (event === undefined) continue;
        messages.push({ seq: seqOfPlace(leaf.place), index: indexOfPlace(leaf.place), event });
        bytes += event.length + MESSAGE_BYTES;
        if (bytes >= bytesMax) return { code: ANSWER_CODE.ok, messages, next: this.#keep({ tenant, search, usedMs: now.monotonicMs }) };
      }
    } catch (error) {
      search.close();
      throw error;
    }
  }

  /** Forgets searches that nobody goes on with. */
  tidy(monotonicMs: number): void {
    for (const [id, { search, usedMs }] of this.#open) {
      if (monotonicMs - usedMs < IDLE_MS_MAX) continue;
      this.#open.delete(id);
      search.close();
    }
  }

  #keep(search: OpenSearch): string {
    if (this.#open.size >= OPEN_MAX) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) {
        this.#open.get(oldest)?.search.close();
        this.#open.delete(oldest);
      }
    }
    const id = `s${this.#next++}`;
    this.#open.set(id, search);
    return id;
  }
}

function utf8AsLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
