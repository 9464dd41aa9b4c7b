/** HTTP and MQTT behind real TLS ports, with the log and the registry in memory, and clients with certificates. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { ClientCertificates } from '../../../engine/config/process-config.ts';
import { DeviceDirectory } from '../../../ingest/registry/device-directory.ts';
import type { MqttListener } from '../../../ingest/mqtt/listener.ts';
import { loneBrokerParts } from '../mqtt/lone-broker.ts';
import { startMqttListener } from '../../../ingest/mqtt/listener.ts';
import { TelemetrySplitter } from '../../../ingest/telemetry/split.ts';
import { startTlsFront, type TlsFront, type TlsFrontOptions, type TlsRefusal } from '../../../ingest/tls/front.ts';
import { TlsMaterial } from '../../../ingest/tls/material.ts';
import { VIA } from '../../../schemas/envelope.ts';
import { type Edge, startEdge, systemClock } from '../http/edge.ts';
import { type Holder, makeCa, makeServer } from './pki.ts';

export interface SecureEdge {
  readonly edge: Edge;
  readonly mqtt: MqttListener;
  readonly https: TlsFront;
  readonly mqtts: TlsFront;
  readonly material: TlsMaterial;
  /** Of the server's certificate. */
  readonly ca: Holder;
  readonly files: { readonly cert: string; readonly key: string };
  readonly refused: TlsRefusal[];
  readonly mqttRefused: string[];
  readonly handshakes: { resumed: number; whole: number };
  stop(): Promise<void>;
}

const ticketKey = randomBytes(48);

export interface SecureEdgeOptions {
  readonly mode?: ClientCertificates;
  readonly front?: Partial<TlsFrontOptions>;
}

export async function startSecureEdge({ mode = 'optional', front = {} }: SecureEdgeOptions = {}): Promise<SecureEdge> {
  const folder = await mkdtemp(join(tmpdir(), 'secure-edge-'));
  const ca = makeCa('server root');
  const files = { cert: join(folder, 'server.pem'), key: join(folder, 'server.key') };
  await install(files, makeServer(ca));
  const material = new TlsMaterial([files]);
  await material.load();
  const edge = await startEdge({ notesUse: true });
  const mqttRefused: string[] = [];
  const lone = loneBrokerParts(edge.publisher, systemClock);
  const mqtt = await startMqttListener({
    host: '127.0.0.1',
    port: 'off',
    authenticator: edge.authenticator,
    intake: edge.publisher,
    ...lone.parts,
    splitter: new TelemetrySplitter(new DeviceDirectory({ registry: edge.registry, partitions: edge.publisher.partitions, via: VIA.mqtt })),
    edge: 'edge-a',
    clock: systemClock,
    counters: {
      count: (why) => void mqttRefused.push(why),
      stored: () => undefined,
      acknowledged: () => undefined,
      unsent: () => undefined,
    },
  });
  const refused: TlsRefusal[] = [];
  const handshakes = { resumed: 0, whole: 0 };
  const open = async (protocol: 'http/1.1' | 'mqtt', secure: (socket: TLSSocket) => void): Promise<TlsFront> =>
    startTlsFront({
      host: '127.0.0.1',
      port: 0,
      material,
      clientCertificates: mode,
      name: protocol === 'mqtt' ? 'mqtts' : 'https',
      protocol,
      ticketKeys: () => ticketKey,
      clock: systemClock,
      refused: (why) => void refused.push(why),
      handshake: (resumed) => void (resumed ? handshakes.resumed++ : handshakes.whole++),
      secure,
      ...front,
    });
  const https = await open('http/1.1', (socket) => edge.http.accept(socket));
  const mqtts = await open('mqtt', (socket) => mqtt.accept(socket));
  return {
    edge,
    mqtt,
    https,
    mqtts,
    material,
    ca,
    files,
    refused,
    mqttRefused,
    handshakes,
    async stop() {
      material.stop();
      https.stopAccepting();
      mqtts.stopAccepting();
      await Promise.all([mqtt.close(), edge.stop()]);
      lone.stop();
      await Promise.all([https.close(), mqtts.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

export async function install(files: { readonly cert: string; readonly key: string }, holder: Holder): Promise<void> {
  await writeFile(files.key, holder.keyPem);
  await writeFile(files.cert, holder.pem);
}

/** `chain`: the client's own certificate, and what it sends with it. */
export function clientOptions(secure: SecureEdge, chain: readonly Holder[] = []): ConnectionOptions {
  const [own] = chain;
  return {
    ca: secure.ca.pem,
    servername: 'localhost',
    ...(own === undefined ? {} : { cert: chain.map(({ pem }) => pem).join(''), key: own.keyPem }),
  };
}

/** Resolves when the client thinks that the handshake is done. */
export async function secureSocket(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ...options }, () => resolve(socket));
    socket.on('error', reject);
  });
}

export interface HttpsAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One request on a connection that may carry more. */
export async function ask(
  socket: TLSSocket,
  request: { readonly path: string; readonly body?: unknown; readonly headers?: readonly string[] },
): Promise<HttpsAnswer> {
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const head = [
    `${request.body === undefined ? 'GET' : 'POST'} ${request.path} HTTP/1.1`,
    'host: localhost',
    ...(request.body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
    ...(request.headers ?? []),
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return new Promise((resolve, reject) => {
    let text = '';
    const onClose = (): void => reject(new Error(`closed after ${JSON.stringify(text)}`));
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      const [header = '', rest] = text.split('\r\n\r\n', 2);
      const length = Number(/content-length: (\d+)/i.exec(header)?.[1] ?? 0);
      if (rest === undefined || Buffer.byteLength(rest) < length) return;
      socket.off('data', onData).off('close', onClose);
      const parsed: unknown = length === 0 ? {} : JSON.parse(rest);
      resolve({ status: Number(header.split(' ')[1]), body: parsed as HttpsAnswer['body'] });
    };
    socket.on('data', onData).on('close', onClose);
  });
}

export async function closed(socket: TLSSocket): Promise<void> {
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

/** Connected, with these certificates. */
export async function mqttClientOf(secure: SecureEdge, chain: readonly Holder[], more: Partial<IClientOptions> = {}): Promise<MqttClient> {
  const { ca, cert, key } = clientOptions(secure, chain);
  const tls = { ca: ca as string, ...(cert === undefined ? {} : { cert: cert as string, key: key as string }) };
  return connectAsync(`mqtts://localhost:${secure.mqtts.port}`, {
    ...tls,
    protocolVersion: 5,
    clientId: '',
    reconnectPeriod: 0,
    host: '127.0.0.1',
    servername: 'localhost',
    ...more,
  });
}
