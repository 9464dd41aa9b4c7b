#!/usr/bin/env node
/**
 * The command line on whatever Node.js is there: one that runs TypeScript goes on itself, an older one hands over to the
 * Node.js that comes with the packages, with the same arguments, streams and signals, and answers its exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The first that strips types without being asked. */
const OWN_MIN = [22, 18];
const PROGRAM = new URL('twinfold.ts', import.meta.url);
const BUNDLED = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > OWN_MIN[0] || (major === OWN_MIN[0] && minor >= OWN_MIN[1])) {
  await import(PROGRAM.href);
} else if (existsSync(BUNDLED)) {
  const child = spawn(BUNDLED, [fileURLToPath(PROGRAM), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128);
  });
} else {
  process.stderr.write(`✗ Node.js ${process.versions.node} can't run this, and the one that can isn't installed yet: npm install\n`);
  process.exitCode = 1;
}
