/**
 * Starts a child that can't outlive us and that alone holds its folder. nats-server does neither by itself: a second
 * one starts happily on the same store, and an orphan lives on.
 *
 * On Linux util-linux does both: `flock -F` takes the lock and becomes the program, `setpriv --pdeathsig` has the
 * kernel end it when we die. The small shell in between closes the gap in which we die before the kernel was told.
 * Elsewhere a shell waits for our end of a pipe to close. The start must happen on the main thread: Linux sends the
 * death signal when the *thread* that started the child ends.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { must } from '../kernel/assert.ts';
import { canRun } from './nats-binary.ts';

/** What `flock` exits with when somebody else holds the lock; distinct from the exit codes of what it runs. */
export const LOCK_HELD_EXIT_CODE = 75;

const ORPHAN_CHECK = '[ "$PPID" = "$0" ] || exit 76; exec "$@"';

const PIPE_WATCHER = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
trap 'kill -TERM $server 2>/dev/null' TERM INT
( cat <&3 >/dev/null; kill -TERM $server 2>/dev/null ) &
watcher=$!
while :; do
  wait $server; code=$?
  kill -0 $server 2>/dev/null || break
done
kill $watcher 2>/dev/null
exit $code
`;

export interface TiedSpawn {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder it must hold alone. */
  readonly folder: string;
  /** How long a predecessor may take to let go of the folder. */
  readonly lockWaitS: number;
  readonly logFd: number;
}

export interface TyingTools {
  readonly flock: boolean;
  readonly setpriv: boolean;
}

let known: Promise<TyingTools> | undefined;

/** What this machine has. Asked once a process, since it does not change. */
export async function tyingTools(): Promise<TyingTools> {
  known ??= Promise.all([
    process.platform === 'linux' ? canRun('flock', ['-F', '/dev/null', 'true']) : Promise.resolve(false),
    process.platform === 'linux' ? canRun('setpriv', ['--pdeathsig', 'TERM', 'true']) : Promise.resolve(false),
  ]).then(([flock, setpriv]) => ({ flock, setpriv }));
  return known;
}

/** The words that put a lock on a folder before a command; empty where the system has no `flock`. */
export function lockWords(tools: TyingTools, folder: string, waitS: number): string[] {
  if (!tools.flock) return [];
  return ['flock', '-w', String(waitS), '-E', String(LOCK_HELD_EXIT_CODE), '-F', join(folder, 'lock')];
}

/** A detached child (so that Ctrl-C reaches us first) that ends when we do, however we end. */
export function spawnTied(options: TiedSpawn, tools: TyingTools): ChildProcess {
  const tie = tools.setpriv
    ? ['setpriv', '--pdeathsig', 'TERM', '--', '/bin/sh', '-c', ORPHAN_CHECK, String(process.pid)]
    : ['/bin/sh', '-c', PIPE_WATCHER, 'sh'];
  const words = [...lockWords(tools, options.folder, options.lockWaitS), ...tie, options.command, ...options.args];
  const [command, ...args] = words;
  return spawn(must(command, 'command'), args, {
    stdio: [tools.setpriv ? 'ignore' : 'pipe', options.logFd, options.logFd],
    detached: true,
    env: { ...options.env },
  });
}
