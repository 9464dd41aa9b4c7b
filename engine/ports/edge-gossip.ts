/** What edges tell each other all the time, without a log: who has members of a shared subscription, who holds a session now. */
export interface EdgeGossip {
  /** To all other edges; lost where there is no connection. */
  send(kind: GossipKind, data: Uint8Array): void;
  receive(kind: GossipKind, callback: (data: Uint8Array) => void): { stop(): void };
  /** The connection was lost and is back: what was said meanwhile was not heard, on either side. */
  onReconnect(callback: () => void): void;
}

export type GossipKind = 'shares' | 'sessions';
