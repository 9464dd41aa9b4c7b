/** A load generator as the bench holds it: starts it, steers it, asks it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { FromGenerator, Load, Progress, ToGenerator } from './generator-protocol.ts';

const ENTRY = join(import.meta.dirname, 'generator.ts');
const ANSWER_MS = 60_000;

export class Generator {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<FromGenerator['type'], (message: FromGenerator) => void>();
  readonly latencies: number[] = [];
  #broken: string | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: FromGenerator) => this.#take(message));
  }

  /** Resolves when all connections stand. */
  static async start(load: Load): Promise<Generator> {
    const generator = new Generator(fork(ENTRY, { stdio: 'inherit' }));
    try {
      generator.#tell({ type: 'load', load });
      await generator.#next('connected');
      return generator;
    } catch (error) {
      generator.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** 0: as fast as acknowledgements come. */
  go(eventsPerS = 0): void {
    this.#tell({ type: 'go', eventsPerS });
  }

  pause(): void {
    this.#tell({ type: 'pause' });
  }

  async progress(): Promise<Progress> {
    this.#tell({ type: 'report' });
    const message = await this.#next('progress');
    if (message.type !== 'progress') throw new Error(`the generator answered ${message.type}`);
    return message;
  }

  /** No more sending; resolves when nothing is on the wire. */
  async settle(limitMs: number): Promise<Progress> {
    this.pause();
    const end = performance.now() + limitMs;
    for (;;) {
      const progress = await this.progress();
      if (progress.inFlight === 0) return progress;
      if (performance.now() > end) throw new Error(`${progress.inFlight} events are still unacknowledged`);
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }

  stop(): void {
    this.#child.removeAllListeners('message');
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToGenerator): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #take(message: FromGenerator): void {
    if (message.type === 'broken') this.#broken ??= message.why;
    // One by one: so many arguments would overflow the stack.
    if (message.type === 'latencies') for (const ms of message.ms) this.latencies.push(ms);
    const waiting = this.#waiting.get(message.type);
    this.#waiting.delete(message.type);
    waiting?.(message);
  }

  #next(type: FromGenerator['type']): Promise<FromGenerator> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`the generator is silent: ${this.#broken ?? 'no reason known'}`)), ANSWER_MS);
      const fail = (): void => {
        if (this.#broken === undefined) return;
        clearTimeout(limit);
        reject(new Error(`the generator broke: ${this.#broken}`));
      };
      fail();
      this.#waiting.set('broken', fail);
      this.#waiting.set(type, (message) => {
        clearTimeout(limit);
        resolve(message);
      });
    });
  }
}
