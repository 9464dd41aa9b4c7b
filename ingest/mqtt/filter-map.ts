/** What a client has under topic filters, in the order in which they came: most have one, which needs no table. */
export class FilterMap<T extends { readonly filter: string }> {
  #only: T | undefined;
  /** More than one came, ever. */
  #many: Map<string, T> | undefined;

  get size(): number {
    return this.#many === undefined ? Number(this.#only !== undefined) : this.#many.size;
  }

  get(filter: string): T | undefined {
    if (this.#many !== undefined) return this.#many.get(filter);
    return this.#only?.filter === filter ? this.#only : undefined;
  }

  /** Under its filter; what was there keeps its place, and goes. */
  set(value: T): void {
    if (this.#many !== undefined) this.#many.set(value.filter, value);
    else if (this.#only === undefined || this.#only.filter === value.filter) this.#only = value;
    else {
      this.#many = new Map([this.#only, value].map((one) => [one.filter, one]));
      this.#only = undefined;
    }
  }

  delete(filter: string): void {
    if (this.#many !== undefined) this.#many.delete(filter);
    else if (this.#only?.filter === filter) this.#only = undefined;
  }

  values(): Iterable<T> {
    if (this.#many !== undefined) return this.#many.values();
    return this.#only === undefined ? [] : [this.#only];
  }
}
