/** Gossip of edges over core NATS. */
import type { NatsConnection } from '@nats-io/transport-node';
import type { EdgeGossip, GossipKind } from '../ports/edge-gossip.ts';
import type { AckedPublisher } from './acked-publisher.ts';
import { gossipSubject } from './names.ts';

export class NatsEdgeGossip implements EdgeGossip {
  readonly #connection: NatsConnection;
  readonly #publisher: AckedPublisher;

  constructor(connection: NatsConnection, publisher: AckedPublisher) {
    this.#connection = connection;
    this.#publisher = publisher;
  }

  send(kind: GossipKind, data: Uint8Array): void {
    this.#publisher.send({ subject: gossipSubject(kind), data });
  }

  receive(kind: GossipKind, callback: (data: Uint8Array) => void): { stop(): void } {
    const subscription = this.#connection.subscribe(gossipSubject(kind), {
      callback: (error, message) => {
        if (error === null) callback(message.data);
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }

  onReconnect(callback: () => void): void {
    this.#publisher.onReconnect(callback);
  }
}
