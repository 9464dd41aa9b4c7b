/**
 * A child's side of the contract with its supervisor: wait to be told what to do, say when it is ready, and end when told
 * to, or when the supervisor is gone, however that came about.
 */
import type { ProcessConfig, ReadyMessage, StartMessage } from './process-config.ts';

/** Rejects when this process was not started by a supervisor. */
export async function startMessage(): Promise<ProcessConfig> {
  if (process.send === undefined) throw new Error('this program is started by `twinfold`, not by hand');
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      if (!isStart(message)) return;
      process.off('message', listen);
      resolve(message.config);
    };
    process.on('message', listen);
  });
}

export function tellReady(ports: ReadyMessage['ports'], more: Pick<ReadyMessage, 'adminToken' | 'tlsCaFile'> = {}): void {
  const message: ReadyMessage = { type: 'ready', ports, ...more };
  process.send?.(message);
}

type EndReason = 'told' | 'supervisor-gone';

/** Calls back once. */
function onEnd(callback: (reason: EndReason) => void): void {
  let ended = false;
  const end = (reason: EndReason): void => {
    if (ended) return;
    ended = true;
    callback(reason);
  };
  process.on('SIGTERM', () => end('told'));
  // Ctrl-C reaches a whole terminal group; only the supervisor decides what it means.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => end('supervisor-gone'));
  process.stdin.on('end', () => end('supervisor-gone'));
  process.stdin.on('error', () => end('supervisor-gone'));
  process.stdin.resume();
}

interface LifeLog {
  info(what: string, facts?: Readonly<Record<string, string>>): void;
  error(what: string, facts?: Readonly<Record<string, string>>): void;
}

/**
 * Serves until told to end, then drains; answers the exit code. Without a supervisor nothing is drained: whoever would
 * wait for it is gone, and death is safe.
 */
export async function liveUntilTold(name: string, log: LifeLog, serve: () => Promise<() => Promise<void>>): Promise<number> {
  const told = new Promise<EndReason>((resolve) => onEnd(resolve));
  try {
    const drain = await Promise.race([serve(), told]);
    if (typeof drain === 'function') log.info(`${name}-ready`);
    const reason = await told;
    log.info(`${name}-ends`, { reason });
    if (typeof drain === 'function' && reason === 'told') await drain();
    return 0;
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error(`${name}-failed`, { error: error instanceof Error ? error.message : text });
    process.stderr.write(`${text}\n`);
    return 1;
  }
}

function isStart(message: unknown): message is StartMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'start' && 'config' in message;
}
