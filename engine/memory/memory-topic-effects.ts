/** Effects into topic partitions, in memory: the reference for the port. A script may lose answers, or refuse. */
import type { EffectsAppended, EffectsToAppend, LastEffects, TopicEffects } from '../ports/topic-effects.ts';

export type EffectsFate =
  | 'store'
  /** Stored, but the answer is lost. */
  | 'store-silently'
  /** Lost on the way. */
  | 'lose'
  | 'refuse';

interface Entry {
  readonly source: number;
  readonly seq: number;
  readonly data: Uint8Array;
}

export class MemoryTopicEffects implements TopicEffects {
  readonly #fate: (effects: EffectsToAppend) => EffectsFate;
  readonly #streams = new Map<number, { lastSeq: number; entries: Entry[] }>();

  constructor(fate: (effects: EffectsToAppend) => EffectsFate = () => 'store') {
    this.#fate = fate;
  }

  async last(target: number, source: number): Promise<LastEffects | undefined> {
    return this.#stream(target).entries.findLast((entry) => entry.source === source);
  }

  async append(effects: EffectsToAppend): Promise<EffectsAppended> {
    const fate = this.#fate(effects);
    if (fate === 'lose') return { kind: 'unknown' };
    if (fate === 'refuse') return { kind: 'refused', why: 'full' };
    const stream = this.#stream(effects.target);
    const last = stream.entries.findLast((entry) => entry.source === effects.source)?.seq ?? 0;
    if (last !== effects.expectedSeq) return { kind: 'fenced' };
    const seq = ++stream.lastSeq;
    stream.entries.push({ source: effects.source, seq, data: effects.data.slice() });
    return fate === 'store-silently' ? { kind: 'unknown' } : { kind: 'stored', seq };
  }

  /** Messages of a target, in order. */
  messages(target: number): readonly Uint8Array[] {
    return this.#stream(target).entries.map(({ data }) => data);
  }

  /** Forgets everything that is there, as age does. */
  purge(target: number): void {
    this.#stream(target).entries = [];
  }

  #stream(target: number): { lastSeq: number; entries: Entry[] } {
    const stream = this.#streams.get(target) ?? { lastSeq: 0, entries: [] };
    this.#streams.set(target, stream);
    return stream;
  }
}
