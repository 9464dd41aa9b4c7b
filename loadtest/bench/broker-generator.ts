/** The broker's load generator: a process that does one job after the other, as it is told over IPC, and ends with who told it. */
import { FanOut } from './broker-fan-out.ts';
import type { FromBrokerGenerator, Job, JobFigures } from './broker-jobs.ts';
import { createSessions, drainSessions, matchRetained, publishAll } from './broker-sessions.ts';

type Counted = Omit<JobFigures, 'seconds' | 'cpuMs'>;

function tell(message: FromBrokerGenerator): void {
  if (process.connected) process.send?.(message);
}

const fanOut = new FanOut();

async function run(job: Job): Promise<Counted> {
  switch (job.kind) {
    case 'subscribers':
      return fanOut.connect(job);
    case 'fan-out':
      return fanOut.run(job);
    case 'sessions':
      return createSessions(job);
    case 'publish':
      return publishAll(job);
    case 'drain':
      return drainSessions(job);
    case 'match':
      return matchRetained(job);
    case 'close':
      return fanOut.close();
  }
}

async function take(job: Job): Promise<void> {
  const begunMs = performance.now();
  const cpu = process.cpuUsage();
  const counted = await run(job);
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - begunMs) / 1_000;
  tell({ type: 'done', figures: { seconds, ...counted, cpuMs: (used.system + used.user) / 1_000 } });
}

process.on('message', (job: Job) => {
  take(job).catch((error: unknown) => tell({ type: 'broken', why: error instanceof Error ? error.message : String(error) }));
});
process.on('disconnect', () => process.exit(0));
