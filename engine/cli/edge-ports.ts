/**
 * Which ports the edge gets. In `dev` a default port that somebody else holds is replaced by the next free one, because
 * a first try must not fail; a port that was asked for is taken or refused.
 */
import { TwinfoldError } from '../kernel/errors.ts';
import { isPortFree, nextFreePort, portHolder, type PortHolder } from '../embedded/ports.ts';
import type { Settings } from '../config/options.ts';
import type { PortChoice } from '../config/process-config.ts';
import type { OptionSource } from '../config/read-options.ts';

export interface ChosenPort {
  readonly port: PortChoice;
  readonly insteadOf?: { readonly port: number; readonly holder?: PortHolder };
}

export interface ChosenPorts {
  readonly http: ChosenPort;
  readonly mqtt: ChosenPort;
}

export interface PortOptions {
  readonly settings: Settings;
  readonly sources: { readonly 'http-port': OptionSource; readonly 'mqtt-port': OptionSource };
}

/** Rejects with `bad-option` naming every port that was asked for and is held by somebody else. */
export async function chooseEdgePorts({ settings, sources }: PortOptions): Promise<ChosenPorts> {
  const refused: string[] = [];
  const choose = async (name: 'http-port' | 'mqtt-port'): Promise<ChosenPort> => {
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
  const mqtt = settings.roles.includes('ingest') ? await choose('mqtt-port') : { port: 'off' as const };
  if (refused.length > 0) throw new TwinfoldError('bad-option', refused.join('\n  '), { domain: 'external', retryable: false });
  return { http, mqtt };
}
