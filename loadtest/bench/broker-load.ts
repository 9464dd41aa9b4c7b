/** The broker's load generator as the bench holds it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { FromBrokerGenerator, Job, JobFigures } from './broker-jobs.ts';

const ENTRY = join(import.meta.dirname, 'broker-generator.ts');
/** Beyond a job's own limits: it hangs. */
const JOB_MS_MAX = 1_200_000;

export class BrokerLoad {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(ENTRY, { stdio: 'inherit' });
  }

  /** One at a time. Rejects when it can't be done; what only went wrong on the way is in the figures. */
  run(job: Job): Promise<JobFigures> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(limit);
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      const onMessage = (message: FromBrokerGenerator): void => {
        settle();
        if (message.type === 'done') resolve(message.figures);
        else reject(new Error(`${job.kind}: ${message.why}`));
      };
      const onExit = (): void => {
        settle();
        reject(new Error(`${job.kind}: the generator ended`));
      };
      const limit = setTimeout(() => {
        settle();
        reject(new Error(`${job.kind}: not done within ${JOB_MS_MAX / 1_000} s`));
      }, JOB_MS_MAX);
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.send(job);
    });
  }

  stop(): void {
    this.#child.removeAllListeners();
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill('SIGKILL');
  }
}
