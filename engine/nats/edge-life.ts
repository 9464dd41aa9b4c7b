/**
 * The life of edges in NATS: a key in the bucket of those who are alive, and another one in the deployment's own, which
 * lasts, for those that were declared dead.
 */
import type { NatsConnection } from '@nats-io/transport-node';
import type { EdgeLives, EdgeMark } from '../ports/edge-life.ts';
import type { DeploymentStore } from './deployment.ts';
import { LiveBucket } from './live-bucket.ts';

const EDGE_PREFIX = 'e.';

export class NatsEdgeLife implements EdgeMark, EdgeLives {
  readonly #bucket: LiveBucket;
  readonly #store: DeploymentStore;

  constructor(connection: NatsConnection, replicas: number, store: DeploymentStore) {
    this.#bucket = new LiveBucket(connection, replicas);
    this.#store = store;
  }

  async beat(epoch: number): Promise<void> {
    await this.#bucket.with((kv) => kv.put(EDGE_PREFIX + epoch, ''));
  }

  async leave(epoch: number): Promise<void> {
    await this.#bucket.with((kv) => kv.delete(EDGE_PREFIX + epoch));
  }

  async isAlive(epoch: number): Promise<boolean> {
    return this.#bucket.with(async (kv) => (await kv.get(EDGE_PREFIX + epoch))?.operation === 'PUT');
  }

  async isGone(epoch: number): Promise<boolean> {
    return this.#store.isEdgeGone(epoch);
  }

  async declareGone(epoch: number): Promise<void> {
    await this.#store.declareEdgeGone(epoch);
  }
}
