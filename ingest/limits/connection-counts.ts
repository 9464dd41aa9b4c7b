/** How many connections are open, by who is counted: only those whose number is limited stand here. */
export class ConnectionCounts {
  readonly #open = new Map<string, number>();

  open(scope: string, name: string): number {
    return this.#open.get(`${scope} ${name}`) ?? 0;
  }

  add(scope: string, name: string, more: number): void {
    const key = `${scope} ${name}`;
    const count = (this.#open.get(key) ?? 0) + more;
    if (count > 0) this.#open.set(key, count);
    else this.#open.delete(key);
  }
}
