/**
 * Makes everything in `gen/` from the `.proto` files: `node schemas/generate.ts` writes it, `--check` only says whether it
 * is up to date, and `--release <version>` also keeps the descriptors of a release, which later schemas must not break.
 */
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import protobuf from 'protobufjs';
import pbjs from 'protobufjs-cli/pbjs.js';
import pbts from 'protobufjs-cli/pbts.js';
import { describe } from './codegen/descriptor.ts';
import type { SchemaDescriptor } from './codegen/descriptor.ts';
import { leanModule } from './codegen/lean.ts';

export const PROTO_FILES = ['event.proto', 'control.proto', 'ask.proto', 'session.proto', 'topic.proto', 'downlink.proto'] as const;
export const PACKAGE = 'twinfold.v1';
const HERE = dirname(fileURLToPath(import.meta.url));
const RELEASE_VERSION = /^\d+\.\d+(\.\d+)?$/;

/** The `.proto` files, parsed and resolved together. */
export async function loadSchemas(folder: string = HERE): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  for (const file of PROTO_FILES) {
    const text = await readFile(join(folder, file), 'utf8');
    protobuf.parse(text, root, { alternateCommentMode: true });
  }
  root.resolveAll();
  return root;
}

/** Contents of `gen/`, by path below it. The same `.proto` files give the same bytes. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const root = await loadSchemas();
  const descriptor = describe(root, PACKAGE);
  const { code, types } = await staticModule();
  return new Map([
    ['lean.ts', leanModule(root, PACKAGE)],
    ['twinfold.js', code],
    ['twinfold.d.ts', types],
    ['descriptors/twinfold.json', descriptorText(descriptor)],
  ]);
}

function descriptorText(descriptor: SchemaDescriptor): string {
  return `${JSON.stringify(descriptor, undefined, 1)}\n`;
}

const STATIC_OPTIONS = ['--target', 'static-module', '--wrap', 'esm', '--no-delimited', '--no-typeurl', '--no-verify', '--path', HERE];

async function staticModule(): Promise<{ readonly code: string; readonly types: string }> {
  const files = PROTO_FILES.map((file) => join(HERE, file));
  const folder = await mkdtemp(join(tmpdir(), 'twinfold-generate-'));
  try {
    // The types are made from the code's comments, which the committed code does without.
    const commented = join(folder, 'twinfold.js');
    await writeFile(commented, await output(pbjs.main, [...STATIC_OPTIONS, ...files]));
    const types = await output(pbts.main, [commented]);
    return { code: await output(pbjs.main, [...STATIC_OPTIONS, '--no-comments', ...files]), types };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type CommandLine = (args: string[], callback: (error: Error | null, output?: string) => void) => unknown;

function output(main: CommandLine, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    main(args, (error, text) => {
      if (error !== null || text === undefined) reject(error ?? new Error('no output'));
      else resolve(text.endsWith('\n') ? text : `${text}\n`);
    });
  });
}

/** Paths below `gen/` whose contents differ from what the `.proto` files give. */
export async function stale(): Promise<readonly string[]> {
  const differing: string[] = [];
  for (const [path, text] of await generated()) {
    const there = await readFile(join(HERE, 'gen', path), 'utf8').catch(() => undefined);
    if (there !== text) differing.push(path);
  }
  return differing;
}

async function write(): Promise<void> {
  for (const [path, text] of await generated()) {
    const target = join(HERE, 'gen', path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

async function release(version: string): Promise<void> {
  if (!RELEASE_VERSION.test(version)) throw new Error(`--release wants a version like 0.1, not '${version}'`);
  const folder = join(HERE, 'released');
  await mkdir(folder, { recursive: true });
  const descriptor = describe(await loadSchemas(), PACKAGE);
  // `wx`: what a release promised is never rewritten.
  await writeFile(join(folder, `${version}.json`), descriptorText(descriptor), { flag: 'wx' });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, release: { type: 'string' } } });
  if (values.check) {
    const differing = await stale();
    for (const path of differing) console.error(`schemas/gen/${path} is stale: npm run generate`);
    if (differing.length > 0) process.exitCode = 1;
  } else {
    await write();
    if (values.release !== undefined) await release(values.release);
  }
}
