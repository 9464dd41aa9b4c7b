/**
 * What the options about TLS mean together: which ports are open, and with which certificates. `serve` opens nothing to a
 * network without TLS unless it is told to; what is missing is said with the remedy.
 */
import type { PortChoice } from './option-kinds.ts';
import type { TlsConfig } from './process-config.ts';
import type { OptionSource } from './read-options.ts';

export interface TlsOptionValues {
  readonly command: 'dev' | 'serve' | 'doctor';
  readonly host: string;
  readonly roles: readonly string[];
  readonly 'http-port': PortChoice;
  readonly 'https-port': PortChoice;
  readonly 'mqtt-port': PortChoice;
  readonly 'mqtts-port': PortChoice;
  readonly 'allow-plaintext': boolean;
  readonly 'tls-cert': string;
  readonly 'tls-key': string;
  readonly 'tls-dev': boolean;
  readonly 'https-client-cert': TlsConfig['httpsClientCertificates'];
  readonly 'mqtts-client-cert': TlsConfig['mqttsClientCertificates'];
}

const PORT_OPTIONS = ['http-port', 'https-port', 'mqtt-port', 'mqtts-port'] as const;
export type PortOption = (typeof PORT_OPTIONS)[number];
export type PortSources = Readonly<Record<PortOption, OptionSource>>;
export type ChosenPortOptions = Readonly<Record<PortOption, PortChoice>>;

const TLS_REMEDY =
  'give --tls-cert and --tls-key (--tls-dev makes a CA and a certificate to try with), or put a TLS proxy in front and say --host 127.0.0.1, or say --allow-plaintext';

/** The ports that will be open, and what is wrong. A port that nobody asked for is off where it can't be. */
export function readTls(
  values: TlsOptionValues,
  sources: PortSources,
): { readonly ports: ChosenPortOptions; readonly problems: readonly string[] } {
  const problems = [...materialProblems(values)];
  const ports: Record<PortOption, PortChoice> = {
    'http-port': values['http-port'],
    'https-port': values['https-port'],
    'mqtt-port': values['mqtt-port'],
    'mqtts-port': values['mqtts-port'],
  };
  if (values.command === 'doctor') return { ports, problems };
  if (!hasTls(values)) {
    for (const name of ['https-port', 'mqtts-port'] as const) {
      if (sources[name] !== 'default' && values[name] !== 'off') problems.push(`--${name} needs --tls-cert and --tls-key, or --tls-dev`);
      ports[name] = 'off';
    }
  }
  const opensEdges = values.roles.includes('ingest') || values.roles.includes('api');
  if (values.command !== 'serve' || !opensEdges || isLoopback(values.host) || values['allow-plaintext']) return { ports, problems };
  for (const name of ['http-port', 'mqtt-port'] as const) {
    const isWanted = sources[name] !== 'default' && values[name] !== 'off';
    if (hasTls(values) && isWanted)
      problems.push(`--${name} is without TLS, and --host is ${values.host}: leave it off, or say --allow-plaintext`);
  }
  if (!hasTls(values) && (values['http-port'] !== 'off' || values['mqtt-port'] !== 'off'))
    problems.push(`serve opens no ports without TLS on ${values.host}: ${TLS_REMEDY}`);
  return { ports: { ...ports, 'http-port': 'off', 'mqtt-port': 'off' }, problems };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What the edge is told; undefined: no TLS. */
export function tlsConfigOf(values: TlsOptionValues): TlsConfig | undefined {
  if (!hasTls(values)) return undefined;
  const keys = listOf(values['tls-key']);
  return {
    pairs: listOf(values['tls-cert']).map((cert, i) => ({ cert, key: keys[i] ?? '' })),
    httpsClientCertificates: values['https-client-cert'],
    mqttsClientCertificates: values['mqtts-client-cert'],
  };
}

function hasTls(values: TlsOptionValues): boolean {
  return values['tls-dev'] || values['tls-cert'] !== '';
}

function materialProblems(values: TlsOptionValues): readonly string[] {
  const certs = listOf(values['tls-cert']);
  const keys = listOf(values['tls-key']);
  if (values['tls-dev'] && certs.length + keys.length > 0)
    return ['--tls-dev makes its own certificate: leave out --tls-cert and --tls-key, or --tls-dev'];
  if (certs.length === keys.length) return [];
  if (certs.length === 0) return ['--tls-key needs --tls-cert'];
  if (keys.length === 0) return ['--tls-cert needs --tls-key'];
  return [`--tls-cert names ${certs.length} files and --tls-key ${keys.length}: each certificate has its key, in the same order`];
}

function listOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map((part) => part.trim());
}
