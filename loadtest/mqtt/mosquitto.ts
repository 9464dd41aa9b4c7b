/** Mosquitto, the broker that ours is measured against, as a process in a folder of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onPath } from '../k6/find-k6.ts';
import { environment } from '../product/options.ts';
import { Hopeless, waitFor } from '../product/wait.ts';

const START_MS_MAX = 10_000;

/** Where servers stand that are not for everybody's PATH. */
const SERVER_FOLDERS = '/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin';

/** `mosquitto`, `mosquitto_pub` or `mosquitto_sub`; undefined where it isn't installed. */
export function mosquittoProgram(name: 'mosquitto' | 'mosquitto_pub' | 'mosquitto_sub'): string | undefined {
  return onPath(name, `${environment()['PATH'] ?? ''}:${SERVER_FOLDERS}`);
}

export class Mosquitto {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, port: number, folder: string) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.port = port;
    this.#folder = folder;
  }

  /** At its fastest: no persistence, no log, and no limit on what is in flight or waits. `extra` are further lines of its file. */
  static async start(program: string, extra: readonly string[] = []): Promise<Mosquitto> {
    const folder = mkdtempSync(join(tmpdir(), 'twinfold-mosquitto-'));
    const port = await freePort();
    const config = join(folder, 'mosquitto.conf');
    const lines = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence false',
      'log_type error',
      'max_inflight_messages 0',
      'max_queued_messages 0',
      'set_tcp_nodelay true',
      ...extra,
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    const child = spawn(program, ['-c', config], { stdio: 'ignore' });
    const mosquitto = new Mosquitto(child, port, folder);
    const probe = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Hopeless(`mosquitto ended with ${child.exitCode}`);
      return answers(port);
    };
    try {
      await waitFor(probe, { what: 'mosquitto', limitMs: START_MS_MAX, everyMs: 20 });
    } catch (error) {
      mosquitto.stop();
      throw error;
    }
    return mosquitto;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
