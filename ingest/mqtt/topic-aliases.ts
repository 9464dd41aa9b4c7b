/** Topic aliases towards a client (MQTT 5 §3.3.2.3.4): the first topics get one each, as many as the client takes. */

/** More than that are worth neither our memory nor the client's. */
const ALIASES_MAX = 64;

export interface TopicAlias {
  readonly alias: number;
  /** The client knows it: the topic itself is left out. */
  readonly isKnown: boolean;
}

export class TopicAliases {
  readonly #max: number;
  #known: Map<string, number> | undefined;

  constructor(topicAliasMaximum: number) {
    this.#max = Math.min(topicAliasMaximum, ALIASES_MAX);
  }

  /** What `of` would answer; nothing is sent. */
  peek(topic: string): TopicAlias | undefined {
    const known = this.#known?.get(topic);
    if (known !== undefined) return { alias: known, isKnown: true };
    const count = this.#known?.size ?? 0;
    return count < this.#max ? { alias: count + 1, isKnown: false } : undefined;
  }

  /** Undefined: the topic has none. Whoever asks sends the message. */
  of(topic: string): TopicAlias | undefined {
    const found = this.peek(topic);
    if (found?.isKnown === false) (this.#known ??= new Map()).set(topic, found.alias);
    return found;
  }
}
