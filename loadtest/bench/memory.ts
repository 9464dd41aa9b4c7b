/**
 * What a process holds in memory, from outside: the kernel's resident size, and for a Node process, after a collection of
 * its garbage, which is asked for through the inspector that SIGUSR1 opens. It stays open: Node may die of a segmentation
 * fault while it closes it.
 */
import { readFileSync } from 'node:fs';

import { isAlive, signal } from '../product/process-stat.ts';
import { sleep, waitFor } from '../product/wait.ts';

/** Where SIGUSR1 opens the inspector: Node's default. */
const INSPECTOR = 'http://127.0.0.1:9229';
const OPEN_MS_MAX = 10_000;
const ANSWER_MS_MAX = 60_000;
/** The second one finds what finalizers of the first let go. */
const COLLECTIONS = 3;
/** The heap gives pages back a while after a collection. */
const SETTLE_MS = 1_000;

export interface Held {
  readonly rssBytes: number;
  /** Heap and buffers; absent where the process isn't Node, or its inspector is somebody else's. */
  readonly heldBytes?: number;
}

/** Resident bytes; NaN when the process is gone. */
export function rssBytesOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
  } catch {
    return Number.NaN;
  }
}

/** As it is, for a process that keeps no garbage. */
export function heldNow(pid: number): Held {
  return { rssBytes: rssBytesOf(pid) };
}

/** After collections. Says what the kernel says where the inspector can't be had: `heldBytes` is absent then. */
export async function heldAfterCollection(pid: number): Promise<Held> {
  const heldBytes = await collectedBytes(pid).catch(() => undefined);
  await sleep(SETTLE_MS);
  return { rssBytes: rssBytesOf(pid), ...(heldBytes === undefined ? {} : { heldBytes }) };
}

async function collectedBytes(pid: number): Promise<number> {
  if (!isAlive(pid)) throw new Error(`there is no process ${pid}`);
  signal(pid, 'SIGUSR1');
  const url = await waitFor(
    async () => {
      const answer = await fetch(`${INSPECTOR}/json/list`);
      const [first] = (await answer.json()) as readonly { readonly webSocketDebuggerUrl?: string }[];
      return first?.webSocketDebuggerUrl;
    },
    { what: 'the inspector', limitMs: OPEN_MS_MAX, everyMs: 100 },
  );
  const inspector = await Inspector.open(url);
  try {
    if ((await inspector.evaluate('process.pid')) !== pid) throw new Error('another process holds the inspector');
    for (let n = 0; n < COLLECTIONS; n++) await inspector.ask('HeapProfiler.collectGarbage');
    const held = await inspector.evaluate('(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())');
    return Number(held);
  } finally {
    inspector.close();
  }
}

interface InspectorAnswer {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: InspectorAnswer) => void>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as InspectorAnswer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  static open(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new Inspector(socket)), { once: true });
      socket.addEventListener('error', () => reject(new Error('the inspector refused')), { once: true });
    });
  }

  ask(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<InspectorAnswer> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`${method}: no answer`)), ANSWER_MS_MAX);
      this.#waiting.set(id, (answer) => {
        clearTimeout(limit);
        this.#waiting.delete(id);
        if (answer.error === undefined) resolve(answer);
        else reject(new Error(`${method}: ${answer.error.message}`));
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async evaluate(expression: string): Promise<unknown> {
    return (await this.ask('Runtime.evaluate', { expression, returnByValue: true })).result?.result?.value;
  }

  close(): void {
    this.#socket.close();
  }
}
