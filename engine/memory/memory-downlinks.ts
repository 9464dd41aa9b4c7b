/** Downlinks in memory: the reference for the port, and the way from owners to edges in tests. */
import { decodeDownlink, decodeDownlinkReply, encodeDownlink, encodeDownlinkReply } from '../../schemas/gen/lean.ts';
import type { Downlink, DownlinkInit, DownlinkReplyInit } from '../../schemas/gen/lean.ts';
import type { DownlinkAnswer, DownlinkReceiver, DownlinkSender } from '../ports/downlink.ts';

type Handler = (downlink: Downlink) => Promise<DownlinkReplyInit>;

export class MemoryDownlinks implements DownlinkSender, DownlinkReceiver {
  readonly #edges = new Map<number, Handler>();

  async send(edgeEpoch: number, downlink: DownlinkInit, timeoutMs: number): Promise<DownlinkAnswer> {
    const handler = this.#edges.get(edgeEpoch);
    // As bytes, which is how it travels.
    const sent = decodeDownlink(encodeDownlink(downlink));
    if (handler === undefined || sent === undefined) return { kind: 'offline' };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    const answered = await Promise.race([handler(sent), late]).catch(() => undefined);
    clearTimeout(timer);
    const reply = answered === undefined ? undefined : decodeDownlinkReply(encodeDownlinkReply(answered));
    return reply === undefined ? { kind: 'unknown' } : { kind: 'reply', reply };
  }

  serve(edgeEpoch: number, handler: Handler): { stop(): void } {
    this.#edges.set(edgeEpoch, handler);
    return {
      stop: () => {
        if (this.#edges.get(edgeEpoch) === handler) this.#edges.delete(edgeEpoch);
      },
    };
  }
}
