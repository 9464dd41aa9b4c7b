/**
 * What partitions' owners say into the topic trees by themselves: wills, and messages of QoS 2 that the fold let through.
 * Each pair of a topic partition (`target`) and the partition of the input log that speaks (`source`) has an end of its own,
 * by which appends are fenced, so that whoever takes a partition over goes on exactly behind the owner before it.
 */

export interface LastEffects {
  /** In the target's stream. */
  readonly seq: number;
  /** The `EventBatch` that stands there. */
  readonly data: Uint8Array;
}

export interface EffectsToAppend {
  readonly target: number;
  readonly source: number;
  /** An encoded `EventBatch`. */
  readonly data: Uint8Array;
  /** Of the pair's last message; 0: there is none. */
  readonly expectedSeq: number;
}

export type EffectsAppended =
  | { readonly kind: 'stored'; readonly seq: number }
  /** The pair's last message is another one: nothing was stored. */
  | { readonly kind: 'fenced' }
  /** Nothing was stored, and the same may be stored later. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It may be stored, now or later. */
  | { readonly kind: 'unknown' };

export interface TopicEffects {
  /** The pair's last message as the target's leader knows it; undefined: none, or it was purged. Rejects when the log can't be asked. */
  last(target: number, source: number): Promise<LastEffects | undefined>;
  /** Never rejects. */
  append(effects: EffectsToAppend): Promise<EffectsAppended>;
}
