/** Gossip among edges of one process. */
import type { EdgeGossip, GossipKind } from '../ports/edge-gossip.ts';

export class MemoryEdgeGossip implements EdgeGossip {
  readonly #listeners = new Map<GossipKind, Set<(data: Uint8Array) => void>>();

  send(kind: GossipKind, data: Uint8Array): void {
    for (const listener of this.#listeners.get(kind) ?? []) queueMicrotask(() => listener(data));
  }

  receive(kind: GossipKind, callback: (data: Uint8Array) => void): { stop(): void } {
    let listeners = this.#listeners.get(kind);
    if (listeners === undefined) this.#listeners.set(kind, (listeners = new Set()));
    listeners.add(callback);
    return { stop: () => void listeners.delete(callback) };
  }

  /** What is in one process is never apart. */
  onReconnect(_callback: () => void): void {
    // Never called.
  }
}
