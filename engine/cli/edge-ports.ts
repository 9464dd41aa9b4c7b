/**
 * Which ports the edge gets. In `dev` a default port that somebody else holds is replaced by the next free one, because
 * a first try must not fail; a port that was asked for is taken or refused.
 */
import { TwinfoldError } from '../kernel/errors.ts';
import { isPortFree, nextFreePort, portHolder, type PortHolder } from '../embedded/ports.ts';
import type { Settings } from '../config/options.ts';
import type { PortChoice } from '../config/option-kinds.ts';
import type { PortOption, PortSources } from '../config/tls-settings.ts';

export interface ChosenPort {
  readonly port: PortChoice;
  readonly insteadOf?: { readonly port: number; readonly holder?: PortHolder };
}

export const EDGE_PORTS = ['http', 'https', 'mqtt', 'mqtts'] as const;
export type ChosenPorts = Readonly<Record<(typeof EDGE_PORTS)[number], ChosenPort>>;

const OFF: ChosenPort = { port: 'off' };
export const NO_PORTS: ChosenPorts = { http: OFF, https: OFF, mqtt: OFF, mqtts: OFF };

export interface PortOptions {
  readonly settings: Settings;
  readonly sources: PortSources;
}

/** Rejects with `bad-option` naming every port that was asked for and is held by somebody else. */
export async function chooseEdgePorts({ settings, sources }: PortOptions): Promise<ChosenPorts> {
  const refused: string[] = [];
  const choose = async (name: PortOption): Promise<ChosenPort> => {
    const wanted = settings[name];
    if (wanted === 'off' || wanted === 0 || (await isPortFree(wanted, settings.host))) return { port: wanted };
    const holder = await portHolder(wanted);
    const insteadOf = { port: wanted, ...(holder === undefined ? {} : { holder }) };
    if (settings.command === 'dev' && sources[name] === 'default')
      return { port: await nextFreePort(wanted + 1, settings.host), insteadOf };
    const by = holder === undefined ? 'in use' : `held by ${holder.name}, pid ${holder.pid}`;
    refused.push(`--${name} ${wanted} is ${by}; choose another one, or 0 to let the system choose`);
    return { port: wanted };
  };
  const http = await choose('http-port');
  const https = await choose('https-port');
  const takesMqtt = settings.roles.includes('ingest');
  const mqtt = takesMqtt ? await choose('mqtt-port') : OFF;
  const mqtts = takesMqtt ? await choose('mqtts-port') : OFF;
  if (refused.length > 0) throw new TwinfoldError('bad-option', refused.join('\n  '), { domain: 'external', retryable: false });
  return { http, https, mqtt, mqtts };
}
