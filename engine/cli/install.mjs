/**
 * Makes a bare clone runnable: installs the packages when they are missing or not those of package-lock.json. Runs before
 * `npm start` and `npm test`, on whatever Node.js is there, so it is plain JavaScript and needs no package. Where nothing
 * is missing it is silent and quick.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_VERSION_MIN = 20;
/** What the packages take on disk, for the progress line. Most of it is the ClickHouse engine. */
const INSTALLED_MB = 1_050;
const PROGRESS_EVERY_MS = 500;
const OUTPUT_LINES_QUOTED = 12;

const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const stampFile = join(modules, '.twinfold-installed');
const ownNode = join(modules, '.bin', 'node');

process.exitCode = await main();

async function main() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < NODE_VERSION_MIN) {
    return complain(
      `Node.js ${process.versions.node} is too old to install Twinfold: ${NODE_VERSION_MIN} or newer is needed (see nodejs.org).`,
    );
  }
  const wanted = hashOf(lockFile);
  if (wanted === undefined) return complain('package-lock.json is missing: this is not a complete copy of Twinfold.');
  if (readText(stampFile) !== wanted) {
    if (!matchesLock()) {
      const failure = await installPackages();
      if (failure !== undefined) return complain(failure);
    }
    if (!existsSync(ownNode)) await repairNode();
    if (existsSync(ownNode)) writeFileSync(stampFile, wanted);
  } else if (!existsSync(ownNode)) {
    await repairNode();
  }
  if (existsSync(ownNode)) return 0;
  return complain(
    'The npm package "node", which brings Node.js 24, has not put its program into node_modules/.bin.\n' +
      'Its install script may be blocked. This runs it: npm rebuild node --ignore-scripts=false --foreground-scripts',
  );
}

/** Whether somebody else (a plain `npm ci`) has already installed exactly what the lock file names. */
function matchesLock() {
  const lock = readJson(lockFile);
  const installed = readJson(join(modules, '.package-lock.json'));
  if (lock?.packages === undefined || installed?.packages === undefined) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link === true) return true;
    const found = installed.packages[path];
    // Packages for other systems are left out by npm.
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** Undefined when it went well, else what to tell the user. */
async function installPackages() {
  const started = Date.now();
  say('Twinfold: installing its packages (npm ci); about 250 MB to download the first time');
  const progress = process.stdout.isTTY ? showProgress() : undefined;
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  let { code, output } = await npm(['ci', ...flags]);
  // `npm ci` gives up where a registry does not carry the packages for other systems; installing by the lock file works.
  if (code !== 0 && lacksOnlyOptional(output)) ({ code, output } = await npm(['install', '--no-save', ...flags]));
  progress?.stop();
  if (code === 0) {
    say(`Twinfold: installed ${megabytesIn(modules)} MB in ${Math.round((Date.now() - started) / 1000)} s`);
    return undefined;
  }
  return `npm ci failed${reasonOf(output)}\n${linesOf(output).slice(0, OUTPUT_LINES_QUOTED).join('\n')}`;
}

/** Whether all that npm misses in the lock file are packages that some other package names as optional. */
function lacksOnlyOptional(output) {
  const missing = [...output.matchAll(/Missing: (\S+?)@\S* from lock file/g)].map((match) => match[1]);
  if (missing.length === 0 || /Invalid: /.test(output)) return false;
  const packages = Object.values(readJson(lockFile)?.packages ?? {});
  const optional = new Set(packages.flatMap((one) => Object.keys(one.optionalDependencies ?? {})));
  return missing.every((name) => optional.has(name));
}

function linesOf(output) {
  return output.split('\n').filter((line) => line.trim() !== '' && line !== 'npm error');
}

function reasonOf(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(output)) {
    return ': the package registry can\'t be reached. Check the network, a proxy ("npm config get proxy"), or the registry ("npm config get registry").';
  }
  if (/ENOSPC/.test(output)) return `: the disk is full; ${INSTALLED_MB} MB are needed.`;
  if (/EACCES|EPERM/.test(output)) return `: this user may not write to ${root}.`;
  if (/EBADENGINE|Unsupported engine/.test(output)) return `: Node.js ${process.versions.node} is not supported by a package.`;
  if (/can only install packages when your package.json and package-lock.json/.test(output))
    return ': package.json was changed without package-lock.json; run "npm install".';
  return ':';
}

async function repairNode() {
  say('Twinfold: setting up Node.js 24 (npm rebuild node)');
  await npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
}

function npm(args) {
  // npm tells the scripts it runs where it is itself; a shell has it on PATH.
  const npmScript = process.env['npm_execpath'];
  const [command, ...first] = npmScript !== undefined && npmScript.endsWith('npm-cli.js') ? [process.execPath, npmScript] : ['npm'];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: `npm can't be started: ${error.message}. It comes with Node.js.` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function showProgress() {
  const timer = setInterval(() => {
    process.stdout.write(`\r\x1b[2K  ${megabytesIn(modules)} of about ${INSTALLED_MB} MB`);
  }, PROGRESS_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      process.stdout.write('\r\x1b[2K');
    },
  };
}

function megabytesIn(folder) {
  let bytes = 0;
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    try {
      for (const entry of readdirSync(next, { withFileTypes: true })) {
        const path = join(next, entry.name);
        if (entry.isDirectory()) waiting.push(path);
        else bytes += lstatSync(path).size;
      }
    } catch {
      // npm moves folders while it works.
    }
  }
  return Math.round(bytes / 1e6);
}

function hashOf(path) {
  const text = readText(path);
  return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function complain(text) {
  process.stderr.write(`✗ ${text}\n`);
  return 1;
}
