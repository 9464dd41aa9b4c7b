/** `twinfold dev` and `twinfold serve`: takes the folder, runs the supervisor, and turns signals into an orderly end. */
import { mkdir } from 'node:fs/promises';
import type { Settings } from '../config/options.ts';
import type { OptionSource } from '../config/read-options.ts';
import type { PortSources } from '../config/tls-settings.ts';
import { hasCode, messageOf } from '../kernel/errors.ts';
import { farewell } from './banner.ts';
import { lockInstance } from './instance-lock.ts';
import { PROGRAMS, type Programs } from './programs.ts';
import { Screen, type Out } from './screen.ts';
import { Supervisor } from './supervisor.ts';

export const EXIT_FAILED = 1;
export const EXIT_BAD_OPTION = 2;
/** What shells expect of a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

export interface RunOptions {
  readonly settings: Settings;
  readonly sources: PortSources & { readonly partitions: OptionSource };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly out: Out;
  readonly programs?: Programs;
}

/** Resolves with the exit code once everything has ended. */
export async function run(options: RunOptions): Promise<number> {
  const { settings } = options;
  // Everything since the process began counts, loading included.
  const startedAt = 0;
  const screen = new Screen(options.out, { json: settings['log-format'] === 'json', now: () => performance.now() });
  await mkdir(settings.data, { recursive: true });
  const outcome = await lockInstance(settings.data);
  if (!outcome.held) {
    screen.say(describeRunning(settings.data, outcome.holder), { what: 'already-running', ...record(outcome.holder) });
    return 0;
  }
  outcome.lock.tell({ state: 'starting', pid: process.pid });
  const supervisor = new Supervisor({ ...options, screen, lock: outcome.lock, programs: options.programs ?? PROGRAMS, startedAt });
  const signals = listenForEnd(supervisor, screen);
  try {
    // A start may take minutes (a download); it must not delay an end that was asked for.
    await Promise.race([supervisor.start(), signals.asked]);
    await signals.asked;
  } catch (error) {
    screen.end();
    screen.say(`✗ ${messageOf(error)}`, { what: 'failed', why: messageOf(error) });
    return hasCode(error, 'bad-option') ? EXIT_BAD_OPTION : EXIT_FAILED;
  }
  await supervisor.stop();
  signals.ignore();
  screen.end();
  screen.say(farewell(settings.data), { what: 'ended', data: settings.data });
  return 0;
}

/** The first signal asks for an orderly end; a second Ctrl-C ends at once. */
function listenForEnd(supervisor: Supervisor, screen: Screen): { readonly asked: Promise<void>; ignore(): void } {
  let asked = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked && signal === 'SIGINT') {
      supervisor.killAll();
      process.exit(EXIT_INTERRUPTED);
    }
    if (asked) return;
    asked = true;
    screen.end();
    screen.say('Ending in order (Ctrl-C again ends at once)…', { what: 'ending', signal });
    void supervisor.stop();
    resolve();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    asked: promise,
    ignore: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

function describeRunning(data: string, holder: unknown): string {
  const facts = record(holder);
  const pid = typeof facts['pid'] === 'number' ? ` (pid ${facts['pid']})` : '';
  if (facts['state'] !== 'running') return `Twinfold is starting on ${data}${pid}.`;
  const clickhouse = record(facts['clickhouse']);
  const nats = record(facts['nats']);
  const lines = [
    ['http', facts['http']],
    ['https', facts['https']],
    ['mqtt', facts['mqtt']],
    ['mqtts', facts['mqtts']],
    ['nats', nats['url']],
    ['clickhouse', clickhouse['url']],
  ].flatMap(([name, address]) => (typeof address === 'string' ? [`  ${String(name).padEnd(11)}${address}`] : []));
  return [`Twinfold already runs on ${data}${pid}:`, ...lines].join('\n');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
