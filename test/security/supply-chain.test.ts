/** What the lock file promises: every package is the one that was looked at, and none runs anything when it is installed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const manifest = read('package.json') as Manifest;
const lock = read('package-lock.json') as { readonly lockfileVersion: number; readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

test('every package is known by its content, and comes from a registry', () => {
  assert.ok(lock.lockfileVersion >= 3 && locked.length > 100);
  const wrong = locked
    .filter(([, { integrity = '', link, resolved, version = '' }]) => {
      const isKnown = /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) && /^\d+\.\d+\.\d+/.test(version);
      // Where it comes from is the installer's configuration; a git or file address would go past it.
      return link === true || !isKnown || (resolved !== undefined && !resolved.startsWith('https://'));
    })
    .map(([path]) => path);
  assert.deepEqual(wrong, []);
});

test('versions that are asked for are exact, and are those that are locked', () => {
  const asked = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(asked)) {
    assert.match(version, /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, name);
    // What is made for another machine than the one that wrote the lock file is in it only where the registry has it.
    const isElsewhere = name in manifest.optionalDependencies && lock.packages[`node_modules/${name}`] === undefined;
    if (!isElsewhere) assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name);
  }
});

test('only what is allowed to runs a script when it is installed', () => {
  const scripts = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  assert.deepEqual(
    scripts,
    Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name] === true),
  );
});
