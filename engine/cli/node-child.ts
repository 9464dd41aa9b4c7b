/**
 * Starts one of our own processes (edge, engine, demonstration fleet) and keeps it alive. The contract with the child is
 * in `config/process-config.ts`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { FleetStatus, ReadyMessage } from '../config/process-config.ts';
import { keepProcess, type KeptProcess, type ProcessChange } from '../embedded/kept-process.ts';
import { openLogFile, sizeOf, tailOf } from '../embedded/log-file.ts';
import { TwinfoldError } from '../kernel/errors.ts';

/** Recovery of a large deployment reads snapshots and the log behind them. */
const READY_MS_MAX = 120_000;
/**
 * V8 counts the bytes of buffers against a limit that it derives from its own small heap, so a process that moves bytes
 * would mark its whole heap every few megabytes: measured, a third of what an event cost the engine. With this a heap may
 * grow to five times of what lives in it, buffers included, before it is marked.
 */
export const BYTE_MOVER_ARGS: readonly string[] = ['--heap-growing-percent=400'];

export interface NodeChildOptions {
  readonly name: string;
  readonly program: string;
  readonly nodeArgs?: readonly string[];
  readonly logFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked at every start, so that a restarted child gets the ports it had. */
  config(): object;
  readonly endMsMax: number;
  onReady?(message: ReadyMessage): void;
  onStatus?(status: FleetStatus): void;
  onChange?(change: ProcessChange): void;
}

/** Resolves when the child said that it is ready. */
export async function keepNodeChild(options: NodeChildOptions): Promise<KeptProcess> {
  const logBytesBefore = await sizeOf(options.logFile);
  try {
    return await keepProcess({
      name: options.name,
      start: () => spawnChild(options),
      ready: (child, signal) => untilReady(child, options, signal),
      end: (child) => child.kill('SIGTERM'),
      readyMsMax: READY_MS_MAX,
      endMsMax: options.endMsMax,
      onChange: (change) => options.onChange?.(change),
    });
  } catch (error) {
    const tail = await tailOf(options.logFile, logBytesBefore);
    const quoted = tail === '' ? '' : `:\n${tail.split('\n').slice(-12).join('\n')}`;
    throw new TwinfoldError('server-unfit', `The ${options.name} did not start (log: ${options.logFile})${quoted}`, {
      domain: 'internal',
      retryable: true,
      cause: error,
    });
  }
}

function spawnChild(options: NodeChildOptions): ChildProcess {
  const log = openLogFile(options.logFile);
  try {
    const child = spawn(process.execPath, [...(options.nodeArgs ?? []), options.program], {
      stdio: ['pipe', log.fd, log.fd, 'ipc'],
      // Ctrl-C goes to a terminal's whole group; the order of the end is ours to decide.
      detached: true,
      env: childEnvironment(options.env),
    });
    child.stdin?.on('error', () => undefined);
    return child;
  } finally {
    log.close();
  }
}

/** Children are configured by their start message alone; our secrets stay out of their environment. */
function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TWINFOLD_')));
}

async function untilReady(child: ChildProcess, options: NodeChildOptions, signal: AbortSignal): Promise<void> {
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: unknown) => {
      if (isReady(message)) {
        options.onReady?.(message);
        resolve();
      } else if (isStatus(message)) {
        options.onStatus?.(message);
      }
    });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  child.send({ type: 'start', config: options.config() }, () => undefined);
  await ready;
  signal.throwIfAborted();
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready' && 'ports' in message;
}

function isStatus(message: unknown): message is FleetStatus {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'status' && 'acked' in message;
}
