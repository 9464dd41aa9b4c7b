/**
 * So many at a time of each tenant: work that holds memory while it waits for a client. Who comes when all turns are taken waits
 * in line, and holds nothing meanwhile.
 */
export class Turns {
  readonly #most: number;
  readonly #tenants = new Map<string, Tenant>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when it is one's turn, with what gives the turn back; to be called once. */
  async take(tenant: string): Promise<() => void> {
    let of = this.#tenants.get(tenant);
    if (of === undefined) this.#tenants.set(tenant, (of = { taken: 0, waiting: [] }));
    const line = of;
    if (line.taken < this.#most) line.taken++;
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    return () => {
      const next = line.waiting.shift();
      if (next !== undefined) next();
      else if (--line.taken === 0) this.#tenants.delete(tenant);
    };
  }
}

interface Tenant {
  taken: number;
  readonly waiting: (() => void)[];
}
