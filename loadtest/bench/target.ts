/** The product that is measured: started in a folder of its own, with a tenant, a key and registered devices. */
import { ProductApi } from '../product/api.ts';
import type { Credentials } from '../product/api.ts';
import { ClickHouseReader } from '../product/clickhouse.ts';
import { Product } from '../product/launch.ts';
import { cpuMsOf } from '../product/process-stat.ts';
import { untilQuiet } from './paired.ts';
import type { BrokerUnderTest } from './paired.ts';

export const TENANT = 'bench';
export const PARTS = ['edge', 'engine', 'nats', 'clickhouse'] as const;
export type Part = (typeof PARTS)[number];

/** Ten million messages, twice: at 250,000 a second the quarter of a development log that topics have is full after some seconds. */
const TOPIC_BYTES_MAX = '6GiB';

export class Target {
  readonly product: Product;
  readonly api: ProductApi;
  readonly clickhouse: ClickHouseReader;
  readonly key: string;
  readonly #credentials = new Map<string, Credentials>();
  #boots: number;

  private constructor(parts: { product: Product; api: ProductApi; key: string }) {
    this.product = parts.product;
    this.api = parts.api;
    this.key = parts.key;
    this.clickhouse = new ClickHouseReader(parts.product.clickhouse);
    this.#boots = Math.floor(Date.now() / 1_000);
  }

  static async start(durability: 'disk' | 'process'): Promise<Target> {
    const product = new Product({ args: ['--durability', durability, '--topic-max-bytes', TOPIC_BYTES_MAX] });
    try {
      await product.start();
      const api = new ProductApi(product.httpUrl, product.adminToken(), TENANT);
      await api.ensureTenant(TENANT);
      return new Target({ product, api, key: await api.createKey(['telemetry:write', 'telemetry:read', 'twin:read']) });
    } catch (error) {
      process.stderr.write(`${product.logTail()}\n`);
      await product.dispose();
      throw error;
    }
  }

  /** The first `count` devices of a name, registered when first asked for. */
  async devices(prefix: string, count: number): Promise<readonly Credentials[]> {
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(6, '0')}`);
    const unknown = names.filter((name) => !this.#credentials.has(name));
    for (const made of await this.api.importDevices(unknown)) this.#credentials.set(made.id, made);
    return names.flatMap((name) => this.#credentials.get(name) ?? []);
  }

  /** A further tenant's management. The caller closes it. */
  async tenant(id: string): Promise<ProductApi> {
    const api = new ProductApi(this.product.httpUrl, this.product.adminToken(), id);
    await api.ensureTenant(id);
    return api;
  }

  /** A boot id of ten digits that this target never used before: marks the events of one measurement. */
  nextBoot(): number {
    this.#boots += 1;
    return this.#boots;
  }

  /** Processor time of each part so far, ms. A part that was restarted counts from there. */
  cpu(): ReadonlyMap<Part, number> {
    return new Map(PARTS.map((part) => [part, cpuMsOf(this.product.pidOf(part) ?? 0) ?? 0]));
  }

  /** Rows of `events` there are, from the table's own bookkeeping: costs nothing. */
  rowsKept(): Promise<number> {
    return this.clickhouse.number("SELECT sum(rows) FROM system.parts WHERE database = 'twinfold' AND table = 'events' AND active");
  }

  async dispose(): Promise<void> {
    this.api.close();
    this.clickhouse.close();
    await this.product.dispose();
  }
}

/** The product's edge as a broker. With a key, its clients are applications; without one it is for devices, with their tokens. */
export function productBroker({ product }: Target, key?: string): BrokerUnderTest {
  const login = key === undefined ? {} : { login: { userName: TENANT, password: key } };
  return {
    side: () => ({ ...product.mqtt(), pid: product.pidOf('edge') ?? 0, ...login }),
    quiet: () => untilQuiet(() => PARTS.map((part) => product.pidOf(part) ?? 0)),
  };
}

/** Microseconds of processor time an event and part, in words. */
export function cpuText(before: ReadonlyMap<Part, number>, after: ReadonlyMap<Part, number>, events: number): string {
  return PARTS.map((part) => `${part} ${((((after.get(part) ?? 0) - (before.get(part) ?? 0)) * 1_000) / events).toFixed(2)}`).join(', ');
}
