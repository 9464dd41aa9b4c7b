/**
 * What is fixed when a deployment is created, kept once in NATS: the number of partitions, and the key of the token
 * hashes. And the numbers that writers announce themselves under.
 */
import { randomBytes } from 'node:crypto';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import { DEPLOYMENT_BUCKET } from './names.ts';

export interface Deployment {
  readonly partitions: number;
  /** Keys the hashes of tokens; base64url. */
  readonly pepper: string;
}

export interface DeploymentWish {
  /** Undefined: whatever it was created with. */
  readonly partitions: number | undefined;
  readonly partitionsDefault: number;
}

const KEY = 'deployment';
const WRITER_KEY = 'writer';
const WRITERS_A_SECOND_MAX = 2 ** 20;
const PEPPER_BYTES = 32;

export class DeploymentStore {
  readonly #kv: KV;

  private constructor(kv: KV) {
    this.#kv = kv;
  }

  static async on(connection: NatsConnection, replicas: number): Promise<DeploymentStore> {
    return new DeploymentStore(await new Kvm(connection).create(DEPLOYMENT_BUCKET, { history: 1, replicas }));
  }

  /** Reads the deployment, creating it at the first start; a different number of partitions later is an error. */
  async ensure(wish: DeploymentWish): Promise<Deployment> {
    const entry = await this.#kv.get(KEY);
    if (entry === null) {
      const made: Deployment = {
        partitions: wish.partitions ?? wish.partitionsDefault,
        pepper: randomBytes(PEPPER_BYTES).toString('base64url'),
      };
      // Of several processes that start at once, the first one's stands.
      await this.#kv.create(KEY, JSON.stringify(made)).catch(() => undefined);
    }
    const found = (entry ?? (await this.#kv.get(KEY)))?.json<Deployment>();
    if (found === undefined)
      throw new TwinfoldError('log-unavailable', 'the deployment could not be written to NATS', { domain: 'external', retryable: true });
    if (wish.partitions !== undefined && wish.partitions !== found.partitions) {
      throw new TwinfoldError(
        'bad-option',
        `--partitions ${wish.partitions}: this deployment was created with ${found.partitions}, and that can't change, because devices would move to other logs. Leave the option out`,
        { domain: 'external', retryable: false },
      );
    }
    return found;
  }

  /**
   * A number that no writer process had before: seconds since the epoch above, a counter below, so that it stays unique
   * even if the counter's own stream lost its end. Safe as a JavaScript number until the year 2242.
   */
  async nextWriterEpoch(nowMs: number): Promise<number> {
    const revision = await this.#kv.put(WRITER_KEY, '');
    return Math.floor(nowMs / 1000) * WRITERS_A_SECOND_MAX + (revision % WRITERS_A_SECOND_MAX);
  }
}
