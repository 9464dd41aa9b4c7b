/** `twinfold dev` and `serve` with stand-ins for our own processes; the servers are real. */
import { fileURLToPath } from 'node:url';
import { readSettings } from '../../../engine/config/options.ts';
import { run } from '../../../engine/cli/run.ts';

const [command = 'dev', ...argv] = process.argv.slice(2);
const read = readSettings(command === 'serve' ? 'serve' : 'dev', { argv, env: {}, readFile: () => '' });
if (read.problems.length > 0) throw new Error(read.problems.join('\n'));
const program = fileURLToPath(new URL('stand-in.ts', import.meta.url));
const programs = { edge: program, engine: program, demo: program };
process.exit(
  await run({ settings: read.settings, sources: read.sources, env: process.env, version: '0.1.0', out: process.stdout, programs }),
);
