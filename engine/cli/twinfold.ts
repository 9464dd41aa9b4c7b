#!/usr/bin/env node
/** The command `twinfold`: finds the subcommand, reads its options, runs it, and exits with its code. */
import { readFileSync } from 'node:fs';
import { COMMANDS, readSettings, type Command } from '../config/options.ts';
import { helpOf, overview } from '../config/help.ts';
import { nearest } from '../config/read-options.ts';
import { FAILPOINTS } from '../observability/failpoint.ts';
import { devicesCommand } from './devices-import.ts';
import { doctor } from './doctor.ts';
import { EXIT_BAD_OPTION, run } from './run.ts';

// A reader that goes away (`| head`) is no reason to take a running deployment down.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.exit(await main(process.argv.slice(2)));

async function main(words: readonly string[]): Promise<number> {
  const [first = 'help', ...rest] = words;
  const version = readVersion();
  if (first === 'version' || first === '--version') return print(version);
  if (['help', '--help', '-h'].includes(first)) {
    const about = COMMANDS.find((command) => command === rest[0]);
    return print(about === undefined ? overview() : helpOf(about));
  }
  // For the crash suite, which arms them through the environment.
  if (first === 'failpoints') return print(FAILPOINTS.join('\n'));
  if (first === 'devices')
    return devicesCommand(rest, {
      env: process.env,
      readFile: (path) => readFileSync(path, 'utf8'),
      out: process.stdout,
      err: process.stderr,
    });
  const command = COMMANDS.find((name) => name === first);
  if (command === undefined) {
    const close = nearest(first, [...COMMANDS, 'devices', 'help', 'version']);
    return complain([`"${first}" is not a command${close === undefined ? '' : `; did you mean ${close}?`}`], 'twinfold help');
  }
  if (rest.includes('--help') || rest.includes('-h')) return print(helpOf(command));
  return runCommand(command, rest, version);
}

async function runCommand(command: Command, words: readonly string[], version: string): Promise<number> {
  const { env } = process;
  const read = readSettings(command, { argv: words, env, readFile: (path) => readFileSync(path, 'utf8') });
  for (const warning of read.warnings) process.stderr.write(`! ${warning}\n`);
  if (read.problems.length > 0) return complain(read.problems, `${typed(command, env)} --help`);
  if (command === 'doctor') return doctor({ settings: read.settings, env, out: process.stdout });
  return run({ settings: read.settings, sources: read.sources, env, version, out: process.stdout });
}

/** How the user came here, so that a hint can be copied: `npm start` is the only command that a bare clone has. */
function typed(command: Command, env: NodeJS.ProcessEnv): string {
  return env['npm_lifecycle_event'] === 'start' && command === 'dev' ? 'npm start --' : `twinfold ${command}`;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(problems: readonly string[], help: string): number {
  process.stderr.write(`${problems.map((problem) => `✗ ${problem}`).join('\n')}\n  "${help}" lists what there is.\n`);
  return EXIT_BAD_OPTION;
}
