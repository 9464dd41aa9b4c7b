/**
 * The edge's TLS ports together: their certificates, watched for changes; the keys of their session tickets; and what is
 * counted. What comes out of a port after its handshake is handed to the protocol behind it.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { ProcessConfig } from '../../engine/config/process-config.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { Counter, MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { RandomBytes } from '../credentials/credentials.ts';
import type { SecretKey } from '../credentials/secret-key.ts';
import { ensureDevCertificates } from './dev-certificates.ts';
import { startTlsFront, type TlsFront } from './front.ts';
import { HandshakeGate } from './handshake-gate.ts';
import { TlsMaterial } from './material.ts';

export interface TlsParts {
  readonly config: ProcessConfig;
  readonly secretKey: SecretKey;
  readonly clock: Clock;
  readonly metrics: MetricsRegistry;
  readonly log: Log;
  readonly randomBytes: RandomBytes;
}

export interface TlsDoors {
  readonly https: ((socket: TLSSocket) => void) | undefined;
  readonly mqtts: ((socket: TLSSocket) => void) | undefined;
}

export interface TlsListeners {
  readonly https: TlsFront | undefined;
  readonly mqtts: TlsFront | undefined;
  /** The CA that was made to try with. */
  readonly caFile: string | undefined;
  /** When the first of the server's certificates goes out of time. */
  notAfterMs(): number;
  stopAccepting(): void;
  close(): Promise<void>;
}

/** Undefined: there is no TLS. Rejects with `bad-option` where the certificates can't be used. */
export async function startTlsListeners(parts: TlsParts, doors: TlsDoors): Promise<TlsListeners | undefined> {
  const { clock, config, log, metrics, randomBytes } = parts;
  const { tls } = config;
  if (tls === undefined) return undefined;
  const isDev = tls.pairs.length === 0;
  const folder = join(config.data, 'tls');
  const hosts = [hostname(), ...(config.host === '0.0.0.0' || config.host === '::' ? [] : [config.host])];
  const dev = isDev ? await ensureDevCertificates(folder, { hosts, nowMs: clock.now(), randomBytes }) : undefined;
  const material = new TlsMaterial(dev === undefined ? tls.pairs : [dev]);
  await material.load();
  material.listen({
    changed: () => log.info('tls-certificate-changed', { notAfter: new Date(material.notAfterMs()).toISOString() }),
    failed: (error) => log.warn('tls-certificate-unusable', { error }),
  });
  metrics.gauge(
    { name: 'twinfold_tls_certificate_expiry_seconds', help: 'When the first of the server certificates ends, Unix time.' },
    () => [{ labels: {}, value: material.notAfterMs() / 1_000 }],
  );
  // One gate: the ports share the processor.
  const gate = new HandshakeGate(clock);
  const open = async (
    name: 'https' | 'mqtts',
    port: ProcessConfig['httpsPort'],
    door: ((socket: TLSSocket) => void) | undefined,
  ): Promise<TlsFront | undefined> => {
    if (port === 'off' || door === undefined) return undefined;
    return startTlsFront({
      host: config.host,
      port,
      material,
      name,
      protocol: name === 'https' ? 'http/1.1' : 'mqtt',
      clientCertificates: name === 'https' ? tls.httpsClientCertificates : tls.mqttsClientCertificates,
      // Of this node alone: a session that goes on elsewhere would come there without its intermediate certificates.
      ticketKeys: (day) => parts.secretKey.derive(`session tickets ${config.node} ${name} ${day}`, 48),
      clock,
      gate,
      secure: door,
      ...counted(metrics, name),
    });
  };
  const https = await open('https', config.httpsPort, doors.https);
  const mqtts = await open('mqtts', config.mqttsPort, doors.mqtts);
  material.watch();
  return {
    https,
    mqtts,
    caFile: dev?.ca,
    notAfterMs: () => material.notAfterMs(),
    stopAccepting: () => {
      https?.stopAccepting();
      mqtts?.stopAccepting();
    },
    close: async () => {
      material.stop();
      await Promise.all([https?.close(), mqtts?.close()]);
    },
  };
}

function counted(metrics: MetricsRegistry, edge: string): { refused: (why: string) => void; handshake: (resumed: boolean) => void } {
  const refusals = new Map<string, Counter>();
  const handshakes = ['false', 'true'].map((resumed) =>
    metrics.counter({ name: 'twinfold_tls_handshakes_total', help: 'TLS handshakes that succeeded.' }, { edge, resumed }),
  );
  return {
    refused: (why) => {
      const known = refusals.get(why);
      const counter =
        known ??
        metrics.counter(
          { name: 'twinfold_refusals_total', help: 'Requests and packets refused, by the limit that fired or the reason.' },
          { edge, limit: why },
        );
      if (known === undefined) refusals.set(why, counter);
      counter.add(1);
    },
    handshake: (resumed) => handshakes[resumed ? 1 : 0]?.add(1),
  };
}
