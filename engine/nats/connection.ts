/**
 * Connections to NATS, set up so that nothing rests where it could be lost: reconnects for ever, quickly, and notices a
 * silent server within seconds.
 */
import { connect, type NatsConnection } from '@nats-io/transport-node';

export interface NatsTarget {
  readonly url: string;
  readonly token?: string;
  /** Shows in the server's connection list. */
  readonly name: string;
}

/** A server that answers no ping for two of these is taken for dead. */
const PING_INTERVAL_MS = 10_000;
const RECONNECT_WAIT_MS = 100;
const RECONNECT_JITTER_MS = 100;

export async function connectNats(target: NatsTarget): Promise<NatsConnection> {
  return connect({
    servers: target.url.split(','),
    name: target.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    waitOnFirstConnect: true,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    noAsyncTraces: true,
    inboxPrefix: `_INBOX_${target.name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`,
    ...(target.token === undefined ? {} : { token: target.token }),
  });
}

export interface ConnectionWatch {
  onDisconnect?(): void;
  /** The identity of the server process; a new one after it restarted. */
  onReconnect(serverId: string): void;
}

/** Reports every loss and return of the connection until it is closed. */
export async function watchConnection(connection: NatsConnection, watch: ConnectionWatch): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') watch.onDisconnect?.();
    else if (status.type === 'reconnect') watch.onReconnect(connection.info?.server_id ?? '');
  }
}
