/** The performance table: what is promised, in which unit, and how far a measurement is from it. */

export interface BenchRow {
  readonly name: string;
  readonly says: string;
  readonly unit: string;
  readonly floor: number;
  readonly target: number;
  readonly better: 'more' | 'less';
}

export const ROWS = [
  {
    name: 'proto-to-row-process',
    says: 'Protobuf bodies of many devices, to twin and row, --durability process',
    unit: 'events/s',
    floor: 120_000,
    target: 200_000,
    better: 'more',
  },
  { name: 'proto-to-row-disk', says: 'the same, --durability disk', unit: 'events/s', floor: 80_000, target: 140_000, better: 'more' },
  {
    name: 'ndjson-to-row-process',
    says: 'NDJSON bodies of many devices, to twin and row, --durability process',
    unit: 'events/s',
    floor: 80_000,
    target: 140_000,
    better: 'more',
  },
  { name: 'ndjson-to-row-disk', says: 'the same, --durability disk', unit: 'events/s', floor: 60_000, target: 100_000, better: 'more' },
  {
    name: 'mqtt-to-row-process',
    says: 'MQTT QoS 1 on real sockets, to row, --durability process',
    unit: 'messages/s',
    floor: 35_000,
    target: 50_000,
    better: 'more',
  },
  { name: 'mqtt-to-row-disk', says: 'the same, --durability disk', unit: 'messages/s', floor: 22_000, target: 35_000, better: 'more' },
  {
    name: 'edge-cpu-vs-mosquitto-1',
    says: 'edge CPU a QoS 1 message against mosquitto, 1 in flight',
    unit: 'x',
    floor: 1.5,
    target: 1.3,
    better: 'less',
  },
  { name: 'edge-cpu-vs-mosquitto-10', says: 'the same, 10 in flight', unit: 'x', floor: 0.75, target: 0.6, better: 'less' },
  {
    name: 'broker-cpu-vs-mosquitto-1',
    says: 'edge CPU a QoS 1 publish to a topic of the tree against mosquitto, 1 in flight',
    unit: 'x',
    floor: 1.5,
    target: 1.2,
    better: 'less',
  },
  { name: 'broker-cpu-vs-mosquitto-10', says: 'the same, 10 in flight', unit: 'x', floor: 0.75, target: 0.6, better: 'less' },
  {
    name: 'fan-out-1-qos-0',
    says: 'edge CPU a delivery to 1 subscriber, QoS 0, against mosquitto',
    unit: 'x',
    floor: 1.5,
    target: 0.8,
    better: 'less',
  },
  { name: 'fan-out-1-qos-1', says: 'the same, 1 subscriber, QoS 1', unit: 'x', floor: 1.5, target: 0.8, better: 'less' },
  { name: 'fan-out-100-qos-0', says: 'the same, 100 subscribers, QoS 0', unit: 'x', floor: 1.5, target: 0.8, better: 'less' },
  { name: 'fan-out-100-qos-1', says: 'the same, 100 subscribers, QoS 1', unit: 'x', floor: 1.5, target: 0.8, better: 'less' },
  { name: 'fan-out-10000-qos-0', says: 'the same, 10,000 subscribers, QoS 0', unit: 'x', floor: 1.5, target: 0.8, better: 'less' },
  { name: 'fan-out-10000-qos-1', says: 'the same, 10,000 subscribers, QoS 1', unit: 'x', floor: 1.5, target: 0.8, better: 'less' },
  {
    name: 'idle-session-rss',
    says: 'edge memory an idle connection with a persistent session',
    unit: 'KiB',
    floor: 15,
    target: 8,
    better: 'less',
  },
  {
    name: 'puback-at-10000',
    says: 'acknowledgement p99 at 10,000 msg/s on 10,000 connections, --durability disk',
    unit: 'ms',
    floor: 250,
    target: 60,
    better: 'less',
  },
  {
    name: 'offline-sessions-rss',
    says: 'edge memory that persistent sessions leave when they go',
    unit: 'MiB',
    floor: 1,
    target: 1,
    better: 'less',
  },
  {
    name: 'offline-sessions',
    says: 'sessions that come back and get what they missed',
    unit: '/s',
    floor: 500,
    target: 2_000,
    better: 'more',
  },
  {
    name: 'retained-wildcard',
    says: 'from SUBSCRIBE to the last of 10,000 retained messages',
    unit: 'ms',
    floor: 2_000,
    target: 300,
    better: 'less',
  },
  {
    name: 'log-cost-process',
    says: 'log CPU an event, client and server, at 200k/s, --durability process',
    unit: 'µs',
    floor: 1.8,
    target: 1.2,
    better: 'less',
  },
  { name: 'log-cost-disk', says: 'the same, --durability disk', unit: 'µs', floor: 3.2, target: 2.3, better: 'less' },
  { name: 'ack-to-twin-p99', says: 'from acknowledgement to twin, p99 at half load', unit: 'ms', floor: 100, target: 50, better: 'less' },
  { name: 'ack-to-row-p99', says: 'from acknowledgement to row, p99 at half load', unit: 'ms', floor: 1_500, target: 700, better: 'less' },
  {
    name: 'ack-p50-at-100',
    says: 'acknowledgement p50 at 100 events/s, --durability disk',
    unit: 'ms',
    floor: 10,
    target: 3,
    better: 'less',
  },
  { name: 'ack-p99-at-100', says: 'the same, p99', unit: 'ms', floor: 60, target: 25, better: 'less' },
  {
    name: 'mtls-handshake',
    says: 'CPU of a mutual-TLS handshake, to whose certificate it is, against a bare node:tls server',
    unit: 'x',
    floor: 1.3,
    target: 1.1,
    better: 'less',
  },
  {
    name: 'admission-mqtt',
    says: 'CPU of who may and how much, a message of an open MQTT session, everything limited',
    unit: 'µs',
    floor: 1,
    target: 0.5,
    better: 'less',
  },
  { name: 'admission-http', says: 'the same, a keep-alive HTTP request', unit: 'µs', floor: 4, target: 2, better: 'less' },
  {
    name: 'limits-on-off',
    says: 'MQTT throughput of a tenant with policy, limits and quotas against one without, 10 pairs',
    unit: '%',
    floor: 90,
    target: 95,
    better: 'more',
  },
  {
    name: 'connect-storm',
    says: 'ack p99 of connected devices while 10,000 reconnect in 10 s, against before',
    unit: 'x',
    floor: 3,
    target: 2,
    better: 'less',
  },
  {
    name: 'noisy-neighbour-admitted',
    says: 'messages of a tenant that are taken beside one that sends 20 times its rate',
    unit: '%',
    floor: 95,
    target: 99,
    better: 'more',
  },
  { name: 'noisy-neighbour-p99', says: 'its ack p99, against alone', unit: 'x', floor: 2, target: 1.5, better: 'less' },
  { name: 'import', says: 'devices imported through HTTP, --durability disk', unit: '/s', floor: 5_000, target: 15_000, better: 'more' },
  { name: 'device-memory', says: 'edge memory a device, 1M registered', unit: 'B', floor: 300, target: 150, better: 'less' },
  { name: 'device-list', says: 'a page of a list by tag, of 1M devices, p99', unit: 'ms', floor: 100, target: 30, better: 'less' },
  { name: 'twin-memory', says: 'memory a twin, 1M twins of 5 metrics', unit: 'B', floor: 400, target: 250, better: 'less' },
  {
    name: 'kill-to-record',
    says: 'from kill -9 of the engine to its first new control record, 100k twins',
    unit: 's',
    floor: 10,
    target: 3,
    better: 'less',
  },
] as const satisfies readonly BenchRow[];

export type RowName = (typeof ROWS)[number]['name'];

export type Measured =
  | { readonly value: number; readonly detail: string }
  /** Something that the measurement needs isn't here, or it went wrong. */
  | { readonly notMeasured: string };

export type Mark = 'target' | 'floor' | 'below' | 'not measured';

export function markOf(row: BenchRow, measured: Measured | undefined): Mark {
  if (measured === undefined || 'notMeasured' in measured) return 'not measured';
  const reaches = (bar: number): boolean => (row.better === 'more' ? measured.value >= bar : measured.value <= bar);
  if (reaches(row.target)) return 'target';
  return reaches(row.floor) ? 'floor' : 'below';
}

const digits = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2));

/** The table as text. */
export function tableOf(results: ReadonlyMap<RowName, Measured>): readonly string[] {
  const lines = [['', 'value', 'floor', 'target', 'unit', 'mark', '']];
  for (const row of ROWS) {
    const measured = results.get(row.name);
    if (measured === undefined) continue;
    const value = 'value' in measured ? digits(measured.value) : '-';
    const detail = 'value' in measured ? measured.detail : measured.notMeasured;
    lines.push([row.says, value, digits(row.floor), digits(row.target), row.unit, markOf(row, measured), detail]);
  }
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => (column === 0 || column > 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** What `--json` writes: `{name: {value, unit, floor, target, …}}`. */
export function jsonOf(results: ReadonlyMap<RowName, Measured>): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const row of ROWS) {
    const measured = results.get(row.name);
    if (measured === undefined) continue;
    const { better, floor, says, target, unit } = row;
    found[row.name] = { ...measured, unit, floor, target, better, mark: markOf(row, measured), says };
  }
  return found;
}

/** The value below which a share of the samples lies; NaN of none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
