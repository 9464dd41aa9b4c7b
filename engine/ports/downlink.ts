/** Saying something to one connection of one edge: `edge.<epoch>`. No responder means that the edge is gone, or offline. */
import type { Downlink, DownlinkInit, DownlinkReply, DownlinkReplyInit } from '../../schemas/gen/lean.ts';

export type DownlinkAnswer =
  | { readonly kind: 'reply'; readonly reply: DownlinkReply }
  | { readonly kind: 'offline' }
  | { readonly kind: 'unknown' };

export interface DownlinkSender {
  /** Never rejects. `offline`: no such edge; `unknown`: it may have been done. */
  send(edgeEpoch: number, downlink: DownlinkInit, timeoutMs: number): Promise<DownlinkAnswer>;
}

export interface DownlinkReceiver {
  /** Serves what is said to this edge until stopped. A handler that rejects leaves the sender without an answer. */
  serve(edgeEpoch: number, handler: (downlink: Downlink) => Promise<DownlinkReplyInit>): { stop(): void };
}
