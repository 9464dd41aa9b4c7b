import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layerBreaks } from './support/layers.ts';
import {
  environment,
  fileLength,
  fileNames,
  headComment,
  machinePaths,
  markdownLinks,
  otherTalk,
  pureCode,
  switchedOffTests,
  turned,
  typeNames,
  unfinished,
} from './support/tidy-rules.ts';
import type { Rule } from './support/tidy-rules.ts';
import { projectFiles, ROOT } from './support/tree.ts';

interface HouseRule {
  readonly name: string;
  readonly rule: Rule;
  /** Each a path and a text that the rule must find fault with. */
  readonly bad: readonly (readonly [path: string, text: string])[];
  /** And with these it must not. */
  readonly good: readonly (readonly [path: string, text: string])[];
}

const file = (path: string, text: string): { readonly path: string; readonly text: string } => ({ path, text });

const RULES: readonly HouseRule[] = [
  {
    name: 'layers are imported in one direction',
    rule: layerBreaks,
    bad: [
      ['engine/kernel/a.ts', "import { b } from '../domain/b.ts';"],
      ['engine/domain/a.ts', "import { b } from '../nats/b.ts';"],
      ['engine/nats/a.ts', "import type { B } from '../clickhouse/b.ts';"],
      ['ingest/http/a.ts', "import {\n  b,\n} from '../../engine/domain/b.ts';"],
      ['loadtest/a.ts', "import { b } from '../engine/kernel/b.ts';"],
      ['engine/runtime/a.ts', "export { b } from '../nats/b.ts';"],
      ['engine/runtime/a.ts', "const b = await import('../nats/b.ts');"],
      ['engine/main.ts', "import { b } from '../loadtest/b.ts';"],
    ],
    good: [
      ['engine/domain/a.ts', "import { b } from '../kernel/b.ts';"],
      ['engine/main.ts', "import { b } from './nats/b.ts';\nimport { c } from './clickhouse/c.ts';"],
      ['ingest/main.ts', "import { b } from '../engine/nats/b.ts';"],
      ['workers/fold.worker.ts', "import { b } from '../engine/pipeline/b.ts';"],
      ['test/a.test.ts', "import { b } from '../engine/nats/b.ts';"],
    ],
  },
  {
    name: 'the pure core has no clock, chance, environment or library',
    rule: pureCode,
    bad: [
      ['engine/domain/a.ts', "import { join } from 'node:path';"],
      ['engine/kernel/a.ts', "import protobuf from 'protobufjs';"],
      ['engine/pipeline/a.ts', 'const now = Date.now();'],
      ['engine/pipeline/a.ts', 'const now = performance.now();'],
      ['engine/domain/a.ts', 'setTimeout(f, 1);'],
      ['schemas/wire.ts', 'const chance = Math.random();'],
      ['schemas/wire.ts', 'if (process.pid === 1) f();'],
    ],
    good: [
      ['engine/domain/a.ts', "// At this Date, setTimeout(f) isn't called.\nconst mode = 'process.env';"],
      ['engine/nats/a.ts', 'const now = Date.now();'],
      ['schemas/generate.ts', "import { join } from 'node:path';"],
    ],
  },
  {
    name: 'the environment is read with the options only',
    rule: environment,
    bad: [
      ['engine/nats/a.ts', "const a = process.env['A'];"],
      ['engine/nats/a.ts', 'const { A } = process.env;'],
      ['loadtest/bench/a.ts', 'const a = process.env.A;'],
    ],
    good: [
      ['engine/config/a.ts', "const a = process.env['A'];"],
      ['test/a.test.ts', "const a = process.env['A'];"],
      ['loadtest/bench/options.ts', "const a = process.env['A'];"],
      ['engine/embedded/a.ts', 'spawn(path, { env: { ...process.env, ...more } });'],
    ],
  },
  {
    name: 'files are named in kebab-case, after what they own',
    rule: fileNames,
    bad: [
      ['engine/domain/twinStore.ts', ''],
      ['engine/Domain/a.ts', ''],
      ['engine/utils/a.ts', ''],
      ['engine/string-helpers.ts', ''],
      ['engine/common.ts', ''],
    ],
    good: [
      ['engine/domain/twin-store.ts', ''],
      ['test/a/b.int.test.ts', ''],
      ['README.md', ''],
      ['.ci/run', ''],
      ['docs/decisions/0001-own-log.md', ''],
    ],
  },
  {
    name: 'types are named after what they are',
    rule: typeNames,
    bad: [
      ['engine/a.ts', 'export class LaneManager {'],
      ['engine/a.ts', 'interface TextUtils {'],
    ],
    good: [['engine/a.ts', "import { type StreamManager } from 'streams';\nexport class Lane {"]],
  },
  {
    name: 'a file says first what it owns',
    rule: headComment,
    bad: [
      ['engine/a.ts', "import { b } from './b.ts';\n/** Late. */"],
      ['engine/a.mjs', '#!/usr/bin/env node\nrun();'],
    ],
    good: [
      ['engine/a.ts', '/** Owns b. */\n'],
      ['engine/a.mjs', '#!/usr/bin/env node\n// Owns b.\nrun();'],
      ['test/a.test.ts', 'import'],
    ],
  },
  {
    name: 'nothing is left for later',
    rule: unfinished,
    bad: [
      ['engine/a.ts', `// ${turned('ODOT')}: more`],
      ['docs/a.md', turned('EMXIF')],
    ],
    good: [['engine/a.ts', '// Nothing to do.']],
  },
  {
    name: 'no test is switched off',
    rule: switchedOffTests,
    bad: [
      ['test/a.test.ts', "it.skip('a', f);"],
      ['test/a.test.ts', "describe.only('a', f);"],
      ['test/a.test.ts', "it('a', { todo: true }, f);"],
    ],
    good: [
      ['test/a.test.ts', "it('a', { skip: missing }, f);"],
      ['engine/a.ts', 'reader.skip(3);'],
    ],
  },
  {
    name: 'no machine is named by its paths',
    rule: machinePaths,
    bad: [
      ['docs/a.md', `see /${turned('krow')}/notes`],
      ['engine/a.ts', `const folder = '/${turned('pmt')}/x';`],
    ],
    good: [
      ['engine/a.ts', "const url = 'https://example.com/home/x';"],
      ['engine/a.ts', "import a from './work/a.ts';"],
    ],
  },
  {
    name: 'the project speaks of itself only',
    rule: otherTalk,
    bad: [
      ['docs/a.md', `Written by an ${turned('tnatsissa')}.`],
      ['engine/a.ts', `// As ${turned('eussi')} 12 says.`],
    ],
    good: [
      ['docs/a.md', 'A session is a fold.'],
      ['engine/a.ts', '// Issued by the registry.'],
    ],
  },
  {
    name: 'a file is short enough to be read',
    rule: fileLength,
    bad: [['engine/a.ts', '\n'.repeat(401)]],
    good: [
      ['engine/a.ts', '\n'.repeat(400)],
      ['docs/a.md', '\n'.repeat(900)],
    ],
  },
  {
    name: 'links of documents lead somewhere',
    rule: markdownLinks(ROOT),
    bad: [['docs/a.md', 'see [b](no-such-file.md#c)']],
    good: [['test/a.md', 'see [b](tidy.test.ts), [c](https://example.com), [d](#e), `[f](g)`']],
  },
];

describe('house rules', () => {
  const files = projectFiles();

  it('look at the whole project', () => {
    const paths = new Set(files.map(({ path }) => path));
    for (const path of ['package.json', 'schemas/wire.ts', 'engine/kernel/errors.ts', 'test/tidy.test.ts'])
      assert.ok(paths.has(path), path);
  });

  for (const { name, rule, bad, good } of RULES) {
    it(`${name}: the rule itself`, () => {
      for (const [path, text] of bad)
        assert.notDeepEqual(rule(file(path, text)), [], `finds nothing wrong with ${path}: ${text.slice(0, 80)}`);
      for (const [path, text] of good) assert.deepEqual(rule(file(path, text)), [], `${path}: ${text.slice(0, 80)}`);
    });

    it(name, () => {
      const faults = files.flatMap((candidate) => rule(candidate).map((fault) => `${candidate.path}: ${fault}`));
      assert.deepEqual(faults, []);
    });
  }
});
