/** Topics of messages that a client was given as they came, while retained ones are fetched for it: what is retained of those is older. */

/** With more, a message may come both ways. */
const TOPICS_MAX = 10_000;

export class LiveTopics {
  readonly #places = new Map<string, number>();
  #count = 0;

  /** So many messages came yet. */
  get count(): number {
    return this.#count;
  }

  saw(topic: string): void {
    this.#count++;
    if (this.#places.size < TOPICS_MAX || this.#places.has(topic)) this.#places.set(topic, this.#count);
  }

  /** Whether one of the topic came after `since` messages. */
  cameAfter(topic: string, since: number): boolean {
    return (this.#places.get(topic) ?? 0) > since;
  }
}
