/**
 * The log of a process: one JSON line an entry on standard output, which the supervisor writes to a file. Entries say
 * what happened in words that never change (`what`), and facts beside it. Nothing that a credential could be in is ever
 * passed here.
 */

export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(what: string, facts?: LogFacts): void;
  warn(what: string, facts?: LogFacts): void;
  error(what: string, facts?: LogFacts): void;
}

export interface LogSink {
  write(line: string): void;
}

export function createLog(process: string, sink: LogSink, now: () => number): Log {
  const write = (level: string, what: string, facts: LogFacts = {}): void => {
    sink.write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, process, what, ...facts })}\n`);
  };
  return {
    info: (what, facts) => write('info', what, facts),
    warn: (what, facts) => write('warn', what, facts),
    error: (what, facts) => write('error', what, facts),
  };
}

/** For tests and tools that have nobody to tell. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
