/**
 * The demonstration fleet as a child of ours. It is a guest: that it can't start is said, and ends nothing.
 */
import type { ClickHouseAccess, FleetStatus } from '../config/process-config.ts';
import type { KeptProcess, ProcessChange } from '../embedded/kept-process.ts';
import { messageOf } from '../kernel/errors.ts';
import { statusLine } from './banner.ts';
import { keepNodeChild } from './node-child.ts';
import type { Screen } from './screen.ts';

const TENANT = 'demo';
const END_MS_MAX = 1_000;

export interface DemoFleetOptions {
  readonly data: string;
  readonly host: string;
  readonly ports: { readonly http: number; readonly mqtt: number };
  readonly adminToken: string;
  readonly clickhouse: ClickHouseAccess;
  readonly program: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly screen: Screen;
  onChange(change: ProcessChange): void;
}

export async function startDemoFleet(options: DemoFleetOptions): Promise<KeptProcess | undefined> {
  const { data, host, ports, adminToken, clickhouse, screen } = options;
  const { user, password } = clickhouse.analyst ?? clickhouse;
  const config = {
    data,
    httpUrl: `http://${host}:${ports.http}`,
    mqtt: { host, port: ports.mqtt },
    token: adminToken,
    tenant: TENANT,
    clickhouse: { url: clickhouse.url, user, password },
  };
  try {
    return await keepNodeChild({
      name: 'demo',
      program: options.program,
      logFile: options.logFile,
      env: options.env,
      config: () => config,
      endMsMax: END_MS_MAX,
      onStatus: (status: FleetStatus) => screen.status(statusLine(status), { what: 'status', ...status }),
      onChange: (change) => options.onChange(change),
    });
  } catch (error) {
    screen.say(`! the demonstration fleet did not start: ${messageOf(error)}`, { what: 'demo-failed', why: messageOf(error) });
    return undefined;
  }
}
