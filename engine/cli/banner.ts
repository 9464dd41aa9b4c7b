/** The texts a person sees when Twinfold runs: the banner, the status line, the farewell. Pure: facts in, text out. */
import type { Durability } from '../kernel/durability.ts';
import { OPTIONS } from '../config/options.ts';
import type { FleetStatus } from '../config/process-config.ts';

export interface PortFacts {
  readonly name: string;
  readonly port: number;
  /** The default port that somebody else holds, and who, where known. */
  readonly insteadOf?: { readonly port: number; readonly holder?: { readonly name: string; readonly pid: number } };
}

export interface BannerFacts {
  readonly version: string;
  readonly data: string;
  readonly readyMs: number;
  readonly nats: { readonly version: string; readonly embedded: boolean; readonly durability: Durability | undefined };
  readonly clickhouse: { readonly version: string; readonly url: string };
  readonly ports: readonly PortFacts[];
  readonly warnings: readonly string[];
  readonly examples: Examples;
}

/** What is needed for lines that work when copied; each line is left out where its facts are missing. */
export interface Examples {
  readonly httpAddress?: string;
  readonly mqttPort?: number;
  readonly device?: { readonly id: string; readonly tenant: string; readonly token: string };
  readonly key?: string;
  /** Asks for SQL at the gate. */
  readonly operator?: { readonly user: string; readonly password: string };
  readonly enginePid?: number;
  /** With the CA that was made to try with. */
  readonly tls?: { readonly address: string; readonly caFile: string };
}

const MEANING: Readonly<Record<Durability, string>> = {
  disk: 'an ack means fsynced (--durability disk)',
  interval: 'an ack means stored, fsynced within 100 ms (--durability interval)',
  process: 'an ack means safe from the death of a process, not of the machine (--durability process)',
};

export function banner(facts: BannerFacts): string {
  const { nats, clickhouse } = facts;
  const log =
    nats.durability === undefined ? 'an ack means stored; how the server syncs is not visible from here' : MEANING[nats.durability];
  return [
    `Twinfold ${shortVersion(facts.version)} · data ${facts.data} · ready in ${(facts.readyMs / 1_000).toFixed(1)} s`,
    `✓ log        ${`nats-server ${shortVersion(nats.version)}`.padEnd(19)} ${log}`,
    `✓ analytics  ${`ClickHouse ${shortVersion(clickhouse.version)}`.padEnd(19)} ${clickhouse.url}`,
    ...(facts.ports.length === 0 ? [] : [`✓ edges      ${facts.ports.map(describePort).join(' · ')}`]),
    ...facts.warnings.map((warning) => `! ${warning}`),
    '',
    ...examples(facts.examples),
  ].join('\n');
}

function describePort(port: PortFacts): string {
  const text = `${port.name} ${port.port}`;
  if (port.insteadOf === undefined) return text;
  const { port: wanted, holder } = port.insteadOf;
  return `${text} (${wanted}: ${holder === undefined ? 'in use' : `${holder.name}, pid ${holder.pid}`})`;
}

function examples(facts: Examples): string[] {
  const { httpAddress, mqttPort, device, key, operator, enginePid, tls } = facts;
  const lines: string[] = [];
  const body = `'{"t":21.5}'`;
  if (httpAddress !== undefined && device !== undefined) {
    lines.push(`  Send   curl -H "Authorization: Bearer ${device.token}" ${httpAddress}/telemetry -d ${body}`);
  }
  if (mqttPort !== undefined && device !== undefined) {
    lines.push(`  MQTT   mosquitto_pub -p ${mqttPort} -q 1 -u ${device.tenant}/${device.id} -P ${device.token} -t v1/telemetry -m ${body}`);
  }
  if (httpAddress !== undefined && device !== undefined && key !== undefined) {
    lines.push(`  Twin   curl -H "Authorization: Bearer ${key}" ${httpAddress}/v1/devices/${device.id}/twin`);
  }
  if (tls !== undefined) lines.push(`  TLS    curl --cacert ${tls.caFile} https://${tls.address}/healthz`);
  if (httpAddress !== undefined && operator !== undefined) {
    const sql = 'select device, event_time, metric, value, position from twinfold.telemetry order by event_time desc limit 5';
    lines.push(`  SQL    curl '${httpAddress}/clickhouse/?user=${operator.user}&password=${operator.password}' -d '${sql}'`);
  }
  if (enginePid !== undefined) lines.push(`  Prove  kill -9 ${enginePid}     (the engine: watch "missing" stay 0)`);
  return lines.length === 0 ? [] : [...lines, ''];
}

export function statusLine(status: FleetStatus): string {
  return [
    `  ${count(status.devices)} devices`,
    `${count(Math.round(status.eventsPerS))} ev/s`,
    `acked ${count(status.acked)}`,
    `in ClickHouse ${count(status.rows)}`,
    `missing ${count(status.missing)}`,
    `double ${count(status.double)}`,
    `lag ${(status.lagMs / 1_000).toFixed(1)} s`,
  ].join(' · ');
}

export function farewell(data: string): string {
  const next = data === OPTIONS.data.fallback ? 'npm start' : `a start with --data ${data}`;
  return `Data kept in ${data}; ${next} continues. rm -r ${data.replace(/^\.\//, '')} starts over.`;
}

/** The first two numbers: `26.7.2.1` is 26.7 to people. */
export function shortVersion(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
