/**
 * What a nats-server really is and does, as it says itself: the INFO line every connection gets first, and, where its
 * monitoring port is known, how it syncs. A promise about durability is made from these facts, never from our wishes.
 */
import { connect } from 'node:net';
import type { Durability } from '../kernel/durability.ts';
import { TwinfoldError, messageOf } from '../kernel/errors.ts';

export interface NatsFacts {
  readonly version: string;
  /** Level of the JetStream API; 0 when the server does not say. */
  readonly apiLevel: number;
  readonly serverId: string;
  readonly jetstream: boolean;
  readonly payloadBytesMax: number;
  /** Unknown where the monitoring port can't be asked. */
  readonly durability: Durability | undefined;
  readonly syncIntervalMs: number | undefined;
}

/** Level of nats-server 2.14, the oldest that everything here was tried on. */
export const API_LEVEL_MIN = 4;
/** A full batch with its headers must fit one message. */
export const PAYLOAD_BYTES_MIN = 1024 * 1024;

const INFO_MS_MAX = 5_000;
const INFO_BYTES_MAX = 64 * 1024;
/** An interval up to this is our middle promise; anything longer only survives a process's death. */
const INTERVAL_MS_MAX = 1_000;

export interface NatsAddress {
  readonly host: string;
  readonly port: number;
  readonly monitorUrl?: string;
}

/** Asks the server. Rejects with `server-missing` when nothing answers there, `server-unfit` when it is no NATS. */
export async function readNatsFacts(address: NatsAddress): Promise<NatsFacts> {
  const info = await readInfo(address);
  const sync = address.monitorUrl === undefined ? undefined : await readSync(address.monitorUrl);
  return {
    version: textField(info, 'version'),
    apiLevel: numberField(info, 'api_lvl'),
    serverId: textField(info, 'server_id'),
    jetstream: info['jetstream'] === true,
    payloadBytesMax: numberField(info, 'max_payload'),
    durability: sync?.durability,
    syncIntervalMs: sync?.syncIntervalMs,
  };
}

async function readInfo(address: NatsAddress): Promise<Readonly<Record<string, unknown>>> {
  const where = `${address.host}:${address.port}`;
  const line = await new Promise<string>((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port });
    let text = '';
    const fail = (why: string): void => {
      reject(new TwinfoldError('server-missing', `No NATS server answers at ${where}: ${why}`, { domain: 'external', retryable: true }));
      socket.destroy();
    };
    socket.setTimeout(INFO_MS_MAX, () => fail(`silent for ${INFO_MS_MAX} ms`));
    socket.once('error', (error) => fail(messageOf(error)));
    socket.once('end', () => fail('the connection was closed'));
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\r\n');
      if (end < 0 && text.length <= INFO_BYTES_MAX) return;
      resolve(text.slice(0, Math.max(end, 0)));
      socket.destroy();
    });
  });
  const parsed = line.startsWith('INFO ') ? parseObject(line.slice('INFO '.length)) : undefined;
  if (parsed === undefined)
    throw new TwinfoldError('server-unfit', `What answers at ${where} is not NATS`, { domain: 'external', retryable: false });
  return parsed;
}

async function readSync(monitorUrl: string): Promise<{ readonly durability: Durability; readonly syncIntervalMs: number } | undefined> {
  const response = await fetch(`${monitorUrl}/varz`, { signal: AbortSignal.timeout(INFO_MS_MAX) });
  const varz = parseObject(await response.text());
  const config = objectField(objectField(varz, 'jetstream'), 'config');
  if (config === undefined) return undefined;
  const syncIntervalMs = numberField(config, 'sync_interval') / 1e6;
  if (config['sync_always'] === true) return { durability: 'disk', syncIntervalMs: 0 };
  return { durability: syncIntervalMs > 0 && syncIntervalMs <= INTERVAL_MS_MAX ? 'interval' : 'process', syncIntervalMs };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectField(from: Readonly<Record<string, unknown>> | undefined, name: string): Readonly<Record<string, unknown>> | undefined {
  const value = from?.[name];
  return isRecord(value) ? value : undefined;
}

function textField(from: Readonly<Record<string, unknown>>, name: string): string {
  const value = from[name];
  return typeof value === 'string' ? value : '';
}

function numberField(from: Readonly<Record<string, unknown>>, name: string): number {
  const value = from[name];
  return typeof value === 'number' ? value : 0;
}
