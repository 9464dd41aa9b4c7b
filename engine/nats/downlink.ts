/** Downlinks over core NATS: a request to the subject of the edge that holds the connection. */
import { NoRespondersError, RequestError, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { decodeDownlink, decodeDownlinkReply, encodeDownlink, encodeDownlinkReply } from '../../schemas/gen/lean.ts';
import type { Downlink, DownlinkInit, DownlinkReplyInit } from '../../schemas/gen/lean.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../observability/log.ts';
import type { DownlinkAnswer, DownlinkReceiver, DownlinkSender } from '../ports/downlink.ts';
import { edgeSubject } from './names.ts';

const OFFLINE: DownlinkAnswer = { kind: 'offline' };
const UNKNOWN: DownlinkAnswer = { kind: 'unknown' };

export class NatsDownlinks implements DownlinkSender, DownlinkReceiver {
  readonly #connection: NatsConnection;
  readonly #log: Log;

  constructor(connection: NatsConnection, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  async send(edgeEpoch: number, downlink: DownlinkInit, timeoutMs: number): Promise<DownlinkAnswer> {
    try {
      const message = await this.#connection.request(edgeSubject(edgeEpoch), encodeDownlink(downlink), { timeout: timeoutMs });
      const reply = decodeDownlinkReply(message.data);
      return reply === undefined ? UNKNOWN : { kind: 'reply', reply };
    } catch (error) {
      return hasNoResponder(error) ? OFFLINE : UNKNOWN;
    }
  }

  serve(edgeEpoch: number, handler: (downlink: Downlink) => Promise<DownlinkReplyInit>): { stop(): void } {
    const subscription = this.#connection.subscribe(edgeSubject(edgeEpoch), {
      callback: (_error, message) => {
        answer(message, handler).catch((error: unknown) => this.#log.warn('downlink-failed', { error: messageOf(error) }));
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }
}

async function answer(message: Msg, handler: (downlink: Downlink) => Promise<DownlinkReplyInit>): Promise<void> {
  const downlink = decodeDownlink(message.data);
  if (downlink === undefined) return;
  const reply = await handler(downlink);
  message.respond(encodeDownlinkReply(reply));
}

function hasNoResponder(error: unknown): boolean {
  return error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());
}
