/**
 * The option table of the program, and what must hold between options. Names are what users type and what scripts rely
 * on: they are added to, never renamed.
 */
import { availableParallelism } from 'node:os';
import type { Durability } from '../kernel/durability.ts';
import type { ClientCertificates } from './process-config.ts';
import { LIMIT_OPTIONS } from './limit-options.ts';
import { MQTT_OPTIONS } from './mqtt-options.ts';
import { bytes, choice, choices, duration, flag, id, integer, port, text, url } from './option-kinds.ts';
import { isLoopback, readTls } from './tls-settings.ts';
import { option, readOptions, type OptionInput, type OptionValues, type ReadOptions } from './read-options.ts';

export const COMMANDS = ['dev', 'serve', 'doctor'] as const;
export type Command = (typeof COMMANDS)[number];

export const ROLES = ['ingest', 'engine', 'api'] as const;
export type Role = (typeof ROLES)[number];

export const DEFAULT_HTTP_PORT = 8080;
export const DEFAULT_MQTT_PORT = 1883;
const DEFAULT_HTTPS_PORT = 8443;
const DEFAULT_MQTTS_PORT = 8883;
const CLIENT_CERTIFICATES = ['off', 'optional', 'required'] as const;
const PARTITIONS_EMBEDDED = 4;
const PARTITIONS_EXTERNAL = 16;
const PARTITIONS_MAX = 256;
const WORKERS_MAX = 64;
/** What edges take for one; anything else would never let anybody in. */
const ADMIN_TOKEN = /^tfa_[A-Za-z0-9_-]{16,128}$/;
/** As MQTT 5 §4.11 writes it; an IPv6 address stands in brackets. */
const SERVER_REFERENCE = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$/;

export const OPTIONS = {
  config: option(text('FILE'), {
    fallback: '',
    defaultText: 'none',
    help: 'file of options, one "name: value" a line; flags and environment come before it',
  }),
  data: option(text('FOLDER'), {
    fallback: './data',
    help: 'everything the embedded parts keep; survives restarts; one running Twinfold a folder',
  }),
  host: option(text('ADDRESS'), { fallback: '', defaultText: '127.0.0.1 in dev, 0.0.0.0 in serve', help: 'address the edges listen on' }),
  'http-port': option(port, { fallback: DEFAULT_HTTP_PORT, help: 'HTTP edge and API' }),
  'https-port': option(port, {
    fallback: DEFAULT_HTTPS_PORT,
    defaultText: '8443 where there is a certificate',
    help: 'HTTP edge and API over TLS',
  }),
  'mqtt-port': option(port, { fallback: DEFAULT_MQTT_PORT, help: 'MQTT edge' }),
  'mqtts-port': option(port, {
    fallback: DEFAULT_MQTTS_PORT,
    defaultText: '8883 where there is a certificate',
    help: 'MQTT edge over TLS',
  }),
  'tls-cert': option(text('FILES'), {
    fallback: '',
    defaultText: 'none',
    help: 'certificate chain of the server, PEM; several with commas between, chosen by host name; read again when it changes',
  }),
  'tls-key': option(text('FILES'), { fallback: '', defaultText: 'none', help: 'private keys of --tls-cert, PEM, in the same order' }),
  'tls-dev': option(flag, { fallback: false, help: 'make a CA and a certificate in <data>/tls, to try TLS with' }),
  'https-client-cert': option<ClientCertificates>(choice(CLIENT_CERTIFICATES), {
    fallback: 'optional',
    help: 'whether HTTPS clients are asked for a certificate, and let in without one',
  }),
  'mqtts-client-cert': option<ClientCertificates>(choice(CLIENT_CERTIFICATES), {
    fallback: 'optional',
    help: 'whether MQTT clients are asked for a certificate, and let in without one',
  }),
  'secret-key-file': option(text('FILE'), {
    fallback: '',
    defaultText: '<data>/secret-key, made at the first start',
    help: 'key that seals recoverable secrets (32 bytes, base64); the same for all edges of a deployment',
  }),
  'allow-plaintext': option(flag, { fallback: false, help: 'let serve open ports without TLS on addresses other than loopback' }),
  roles: option(choices(ROLES), { fallback: ROLES, defaultText: ROLES.join(','), help: 'what this process of a deployment does (serve)' }),
  'nats-url': option(url(['nats:', 'tls:']), {
    fallback: '',
    defaultText: 'an embedded server',
    help: 'NATS servers of the deployment, with commas between',
  }),
  'nats-token': option(text('TOKEN'), { fallback: '', defaultText: 'none', secret: true, help: 'token for --nats-url' }),
  'nats-server': option(text('FILE'), { fallback: '', defaultText: 'found or fetched', help: 'the nats-server program to start' }),
  'clickhouse-url': option(url(['http:', 'https:']), {
    fallback: '',
    defaultText: 'an embedded server',
    help: 'HTTP interface of the ClickHouse to use',
  }),
  'clickhouse-user': option(text('NAME'), { fallback: '', defaultText: 'default', help: 'user for --clickhouse-url' }),
  'clickhouse-password': option(text('PASSWORD'), {
    fallback: '',
    defaultText: 'none',
    secret: true,
    help: 'password for --clickhouse-url',
  }),
  partitions: option(integer(1, PARTITIONS_MAX), {
    fallback: 0,
    defaultText: `${PARTITIONS_EMBEDDED} with an embedded NATS, ${PARTITIONS_EXTERNAL} with an external one`,
    help: 'partitions of the log; fixed at the first start of a deployment',
  }),
  workers: option(integer(1, WORKERS_MAX), {
    fallback: 0,
    defaultText: 'one less than there are CPUs, at least 1',
    help: 'worker threads that fold events',
  }),
  durability: option<Durability>(choice(['disk', 'interval', 'process']), {
    fallback: 'disk',
    help: 'what an acknowledgement means: fsynced, fsynced within 100 ms, or safe from the death of a process only',
  }),
  'log-retention': option(duration({ min: '1m', max: '3650d' }), {
    fallback: 7 * 86_400_000,
    defaultText: '7d',
    help: 'age at which events leave the log; never before analytics and snapshots have them',
  }),
  'snapshot-interval': option(duration({ min: '1s', max: '1d' }), {
    fallback: 120_000,
    defaultText: '2m',
    help: "age at which what was folded since a partition's last snapshot is snapshotted; sooner when it is much",
  }),
  'log-max-bytes': option(bytes({ min: '16MiB', max: '1024TiB' }), {
    fallback: 0,
    defaultText: '2GiB in dev, 20 % of the disk in serve',
    help: 'size of the log, over all streams',
  }),
  'topic-retention': option(duration({ min: '1m', max: '3650d' }), {
    fallback: 7 * 86_400_000,
    defaultText: '7d',
    help: "age at which messages of the tenants' topic trees leave the log, whether or not a session still waits for them",
  }),
  'topic-max-bytes': option(bytes({ min: '16MiB', max: '1024TiB' }), {
    fallback: 0,
    defaultText: 'a quarter of the log',
    help: "size of the topic trees' messages, over all streams; beyond 60 % the oldest go",
  }),
  'retained-max': option(integer(1, 100_000_000), {
    fallback: 100_000,
    help: 'retained messages that a tenant may have; counted by partition, so the bound is near, not exact',
  }),
  'events-retention': option(duration({ min: '1d', max: '36500d' }), {
    fallback: 90 * 86_400_000,
    defaultText: '90d',
    help: 'age at which events leave ClickHouse, in whole days',
  }),
  'admin-token': option(text('TOKEN'), {
    fallback: '',
    defaultText: 'made at the first start of a deployment, in <data>/admin-token',
    secret: true,
    help: 'credential of the operator; fixed at the first start of a deployment',
  }),
  'mqtt-anonymous-tenant': option(id('TENANT'), {
    fallback: '',
    defaultText: 'off',
    help: 'loopback only: MQTT clients without credentials act for this tenant',
  }),
  'server-reference': option(text('HOST:PORT'), {
    fallback: '',
    defaultText: 'none',
    help: 'where MQTT clients find another server when this one ends (MQTT 5, reason 0x9C)',
  }),
  'flapping-ban': option(duration({ min: '1s', max: '1d' }), {
    fallback: 0,
    defaultText: 'off',
    help: 'so long an MQTT session is refused that connects more than 15 times in a minute',
  }),
  ...MQTT_OPTIONS,
  ...LIMIT_OPTIONS,
  'no-demo': option(flag, { fallback: false, help: 'leave out the demonstration fleet (dev)' }),
  'log-format': option<'text' | 'json'>(choice(['text', 'json']), { fallback: 'text', help: 'form of what the program prints' }),
  failpoints: option(text('LIST'), { fallback: '', hidden: true, help: 'where the children are to die, for crash tests' }),
} as const;

type Table = typeof OPTIONS;
export type OptionName = keyof Table;

/** What each command understands. */
export const OPTIONS_OF: Readonly<Record<Command, readonly OptionName[]>> = {
  dev: names().filter((name) => name !== 'roles' && name !== 'allow-plaintext'),
  serve: names().filter((name) => name !== 'no-demo'),
  doctor: [
    'config',
    'data',
    'nats-url',
    'nats-token',
    'nats-server',
    'clickhouse-url',
    'clickhouse-user',
    'clickhouse-password',
    'durability',
    'log-max-bytes',
    'topic-max-bytes',
    'log-format',
    'tls-cert',
    'tls-key',
    'tls-dev',
    'admin-token',
  ],
};

export interface Settings extends OptionValues<Table> {
  readonly command: Command;
  /** `--host` with the command's default. */
  readonly host: string;
  readonly partitions: number;
  readonly workers: number;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly sources: ReadOptions<Table>['sources'];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** All settings of a command. Nothing may be started while `problems` has an entry. */
export function readSettings(command: Command, input: OptionInput): ReadSettings {
  const { values, sources, problems, warnings } = readOptions(OPTIONS, input);
  const foreign = names().filter((name) => sources[name] === 'flag' && !OPTIONS_OF[command].includes(name));
  const host = values.host || (command === 'serve' ? '0.0.0.0' : '127.0.0.1');
  const tls = readTls({ ...values, command, host }, sources);
  const settings: Settings = {
    ...values,
    ...tls.ports,
    command,
    host,
    partitions: values.partitions || (values['nats-url'] === '' ? PARTITIONS_EMBEDDED : PARTITIONS_EXTERNAL),
    workers: values.workers || Math.max(1, availableParallelism() - 1),
  };
  return {
    settings,
    sources,
    warnings,
    problems: [
      ...problems,
      ...foreign.map((name) => `--${name} is not an option of "${command}"`),
      ...contradictions(settings, sources),
      ...tls.problems,
    ],
  };
}

function contradictions(settings: Settings, sources: ReadOptions<Table>['sources']): string[] {
  const found: string[] = [];
  const needs = (name: OptionName, other: OptionName): void => {
    if (sources[name] !== 'default' && settings[other] === '') found.push(`--${name} needs --${other}`);
  };
  needs('nats-token', 'nats-url');
  needs('clickhouse-user', 'clickhouse-url');
  needs('clickhouse-password', 'clickhouse-url');
  if (settings['admin-token'] !== '' && !ADMIN_TOKEN.test(settings['admin-token']))
    found.push('--admin-token must be tfa_ and 16 to 128 letters, digits, - or _');
  if (settings['nats-url'] !== '' && settings['nats-server'] !== '')
    found.push('--nats-url and --nats-server exclude each other: an external server is not started');
  if (settings['mqtt-anonymous-tenant'] !== '' && !isLoopback(settings.host))
    found.push(`--mqtt-anonymous-tenant is for loopback only, and --host is ${settings.host}`);
  if (settings['server-reference'] !== '' && !SERVER_REFERENCE.test(settings['server-reference']))
    found.push('--server-reference must be a host and a port, such as b.example.com:8883');
  if (settings['events-retention'] % 86_400_000 !== 0) found.push('--events-retention must be whole days, such as 90d');
  return found;
}

function names(): OptionName[] {
  return Object.keys(OPTIONS) as OptionName[];
}
