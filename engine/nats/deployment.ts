/**
 * What is fixed when a deployment is created, kept once in NATS: the number of partitions, the key of the token hashes,
 * and the hash of the administrator's token. And the numbers that writers announce themselves under.
 */
import { randomBytes } from 'node:crypto';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { messageOf, TwinfoldError } from '../kernel/errors.ts';
import type { AdminCredential, AdminStore } from '../ports/admin-store.ts';
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
const ADMIN_KEY = 'admin';
const GONE_PREFIX = 'gone.';
/** A create whose outcome is unknown is looked at, and tried again; each try waits for the server's answer. */
const CLAIM_ATTEMPTS = 5;
const CLAIM_RETRY_MS = 100;
const WRITERS_A_SECOND_MAX = 2 ** 20;
const PEPPER_BYTES = 32;

export class DeploymentStore implements AdminStore {
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

  /** An operator who lost the token may delete the key: then the next start makes another. */
  async admin(): Promise<AdminCredential | undefined> {
    const entry = await this.#kv.get(ADMIN_KEY);
    return entry?.operation === 'PUT' ? entry.json<AdminCredential>() : undefined;
  }

  /** A read may be served by a server that is behind, so only a create that succeeded, or a value that was read, counts. */
  async claimAdmin(offered: AdminCredential): Promise<AdminCredential> {
    let why: unknown;
    for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
      try {
        await this.#kv.create(ADMIN_KEY, JSON.stringify(offered));
        return offered;
      } catch (error) {
        why = error;
      }
      const found = await this.admin().catch(() => undefined);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, CLAIM_RETRY_MS));
    }
    throw new TwinfoldError('log-unavailable', `the administrator's token could not be written to NATS: ${messageOf(why)}`, {
      domain: 'external',
      retryable: true,
      cause: why,
    });
  }

  /**
   * A number that no writer process had before: seconds since the epoch above, a counter below, so that it stays unique
   * even if the counter's own stream lost its end. Safe as a JavaScript number until the year 2242.
   */
  async nextWriterEpoch(nowMs: number): Promise<number> {
    const revision = await this.#kv.put(WRITER_KEY, '');
    return Math.floor(nowMs / 1000) * WRITERS_A_SECOND_MAX + (revision % WRITERS_A_SECOND_MAX);
  }

  /** Whether an edge was declared dead. */
  async isEdgeGone(epoch: number): Promise<boolean> {
    const entry = await this.#kv.get(GONE_PREFIX + epoch);
    return entry?.operation === 'PUT';
  }

  /** Resolves when it is written down; by whom doesn't matter. */
  async declareEdgeGone(epoch: number): Promise<void> {
    await this.#kv.put(GONE_PREFIX + epoch, '');
  }
}
