/**
 * Runs the project's tests and counts them. Without arguments everything that CI runs: lint and types first, each a step
 * that passes or fails like a test, then the unit tests, then those that start servers. `unit` and `int` choose one of the
 * two, a path or pattern chooses files; `--file-ms N` says when a file hangs. The last line is always `N passed, N failed`, with `, N skipped` where some were.
 */
import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** A file of unit tests that takes longer hangs. */
const UNIT_FILE_MS_MAX = 120_000;
/** Those that start servers kill them, too, and wait for them to come back. */
const INT_FILE_MS_MAX = 300_000;
const TEST_FILE = /\.test\.(ts|mts|mjs|js)$/;
const INT_FILE = /\.int\.test\.(ts|mts|mjs|js)$/;
const STEPS = ['lint', 'types'];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Test files that an argument names: a kind, a folder, a file or a pattern. */
function filesOf(argument: string): readonly string[] {
  const all = (): readonly string[] => globSync('test/**/*.test.ts', { cwd: ROOT });
  if (argument === 'unit') return all().filter((file) => !INT_FILE.test(file));
  if (argument === 'int') return all().filter((file) => INT_FILE.test(file));
  const isFolder = statSync(resolve(argument), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return globSync(isFolder ? `${argument}/**/*.test.*` : argument)
    .filter((file) => TEST_FILE.test(file))
    .map((file) => resolve(file));
}

/** What the runner says while it works: types and fields of node:test, as far as they matter here. */
interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly file?: string;
    readonly success?: boolean;
    readonly counts?: { readonly tests: number; readonly passed: number; readonly skipped: number; readonly todo: number };
  };
}

interface Limits {
  readonly concurrency: number;
  readonly fileMsMax: number;
}

/**
 * One run a file: a file whose tests are over but whose process doesn't end has failed too, and only the signal of its own
 * run ends it.
 */
async function runFile(file: string, msMax: number): Promise<readonly TestEvent[]> {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), msMax);
  try {
    const events: TestEvent[] = [];
    for await (const event of run({ files: [file], cwd: ROOT, signal: timer.signal })) events.push(event as TestEvent);
    return events;
  } finally {
    clearTimeout(timeout);
  }
}

function countFile(events: readonly TestEvent[], counts: Counts): void {
  // A summary without a file is that of the whole run.
  const summary = events.findLast((event) => event.type === 'test:summary' && event.data.file === undefined)?.data;
  const passed = summary?.counts?.passed ?? 0;
  const skipped = (summary?.counts?.skipped ?? 0) + (summary?.counts?.todo ?? 0);
  const failed = (summary?.counts?.tests ?? 0) - passed - skipped;
  counts.passed += passed;
  counts.skipped += skipped;
  // A suite whose hook fails is no test, but no success either.
  counts.failed += summary?.success === true ? failed : Math.max(1, failed);
}

/** Everything but what sums up a single file's run. */
function isForReport(event: TestEvent): boolean {
  return event.type !== 'test:summary' && (event.type !== 'test:diagnostic' || event.data.file !== undefined);
}

async function runFiles(files: readonly string[], limits: Limits): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return counts;
  const report = new spec();
  report.pipe(process.stdout, { end: false });
  const waiting = files.toSorted();
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const events = await runFile(file, limits.fileMsMax);
      countFile(events, counts);
      for (const event of events.filter(isForReport)) report.write(event);
    }
  };
  await Promise.all(Array.from({ length: limits.concurrency }, lane));
  report.end();
  await finished(report);
  return counts;
}

/** Runs one of the package's scripts and says whether it succeeded. */
function runStep(step: string): Promise<boolean> {
  console.log(`▶ npm run ${step}`);
  const path = `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return new Promise((settle) => {
    const child = spawn('npm', ['run', '--silent', step], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PATH: path } });
    child.on('error', (error) => {
      console.error(`npm run ${step}: ${error.message}`);
      settle(false);
    });
    child.on('exit', (code) => settle(code === 0));
  });
}

async function runSteps(): Promise<Counts> {
  const failed: string[] = [];
  for (const step of STEPS) if (!(await runStep(step))) failed.push(step);
  for (const step of failed) console.log(`✖ npm run ${step} failed`);
  return { passed: STEPS.length - failed.length, failed: failed.length, skipped: 0 };
}

const { values: options, positionals: args } = parseArgs({ allowPositionals: true, options: { 'file-ms': { type: 'string' } } });
const fileMs = options['file-ms'] === undefined ? undefined : Number(options['file-ms']);
const wanted = args.length === 0 ? ['unit', 'int'] : args;
const files = [...new Set(wanted.flatMap(filesOf))];
const groups: Counts[] = [];
if (args.length === 0) groups.push(await runSteps());
const unit = files.filter((file) => !INT_FILE.test(file));
const int = files.filter((file) => INT_FILE.test(file));
groups.push(await runFiles(unit, { concurrency: availableParallelism(), fileMsMax: fileMs ?? UNIT_FILE_MS_MAX }));
groups.push(await runFiles(int, { concurrency: 1, fileMsMax: fileMs ?? INT_FILE_MS_MAX }));

const total = (of: keyof Counts): number => groups.reduce((sum, counts) => sum + counts[of], 0);
if (total('passed') + total('failed') === 0) console.log(`no tests in ${wanted.join(' ')}`);
const skipped = total('skipped') === 0 ? '' : `, ${total('skipped')} skipped`;
console.log(`${total('passed')} passed, ${total('failed')} failed${skipped}`);
process.exitCode = total('failed') > 0 || total('passed') === 0 ? 1 : 0;
