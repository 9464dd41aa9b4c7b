/**
 * Who may import whom, by layer. A layer is a folder; a file in it may import its own layer and those listed. What stands
 * in no layer may be imported by nobody, and `main.ts` files, where everything meets, may import all but the load tools.
 */
import { dirname, join } from 'node:path/posix';
import type { SourceFile } from './tree.ts';

interface Layer {
  readonly prefix: string;
  readonly imports: readonly string[];
}

const CORE = ['schemas/', 'engine/kernel/'];
const SEEN = ['engine/config/', 'engine/observability/'];
const PROTOCOL = 'workers/protocol.ts';
const FOLD = ['engine/domain/', 'engine/pipeline/'];
/** What of the domain edges apply themselves, because they refuse by it: who may, and how much. */
const RULES = ['presence-news', 'policy', 'policy-grant', 'topic-filter', 'rate', 'limits-doc', 'quota-lease'].map(
  (name) => `engine/domain/${name}.ts`,
);

/** The first prefix that fits is a file's layer. */
const LAYERS: readonly Layer[] = [
  { prefix: 'schemas/', imports: [] },
  { prefix: 'engine/kernel/', imports: ['schemas/'] },
  { prefix: 'engine/domain/', imports: CORE },
  { prefix: 'engine/pipeline/', imports: [...CORE, 'engine/domain/', PROTOCOL] },
  { prefix: 'engine/ports/', imports: [...CORE, PROTOCOL] },
  { prefix: 'engine/config/', imports: [...CORE, 'engine/domain/rate.ts', 'engine/domain/limits-doc.ts'] },
  { prefix: 'engine/observability/', imports: CORE },
  { prefix: 'engine/nats/', imports: [...CORE, 'engine/ports/', ...SEEN] },
  { prefix: 'engine/clickhouse/', imports: [...CORE, 'engine/ports/', ...SEEN] },
  { prefix: 'engine/memory/', imports: [...CORE, 'engine/ports/', ...SEEN] },
  { prefix: 'engine/embedded/', imports: [...CORE, 'engine/ports/', ...SEEN] },
  { prefix: 'engine/runtime/', imports: [...CORE, ...FOLD, 'engine/ports/', ...SEEN, PROTOCOL] },
  { prefix: 'engine/replay/', imports: [...CORE, ...FOLD, 'engine/ports/', ...SEEN, PROTOCOL] },
  { prefix: 'engine/cli/', imports: [...CORE, ...SEEN, 'engine/ports/', 'engine/embedded/', 'workers/urls.ts'] },
  { prefix: 'workers/protocol.ts', imports: CORE },
  { prefix: 'workers/urls.ts', imports: [] },
  { prefix: 'workers/pool.ts', imports: [...CORE, 'engine/ports/', ...SEEN, 'workers/'] },
  { prefix: 'workers/', imports: [...CORE, ...FOLD, 'workers/'] },
  { prefix: 'ingest/', imports: [...CORE, ...RULES, 'engine/ports/', ...SEEN] },
  { prefix: 'loadtest/', imports: ['schemas/'] },
];

const MAIN = /(^|\/)main\.ts$|^engine\/cli\/twinfold\.ts$/;
const IMPORT = /^\s*(?:import|export)\s(?:[^;'"]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** Whatever a file imports, exports from or loads by name. */
export function importsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(IMPORT), (match) => match[1] ?? match[2] ?? '');
}

/** The imports of a file that lead into a layer that isn't open to it. */
export function layerBreaks(file: SourceFile): readonly string[] {
  if (!/\.(ts|mts|mjs|js)$/.test(file.path) || file.path.startsWith('test/')) return [];
  const targets = importsOf(file.text).filter((target) => target.startsWith('.'));
  const paths = targets.map((target) => join(dirname(file.path), target));
  return paths.filter((target) => !mayImport(file.path, target)).map((target) => `imports ${target}`);
}

function mayImport(from: string, to: string): boolean {
  const layer = LAYERS.find((candidate) => from.startsWith(candidate.prefix));
  if (layer === undefined) return MAIN.test(from) && !to.startsWith('loadtest/') && !to.startsWith('test/');
  if (MAIN.test(from) && !from.startsWith('loadtest/')) return !to.startsWith('loadtest/') && !to.startsWith('test/');
  return to.startsWith(layer.prefix) || layer.imports.some((prefix) => to.startsWith(prefix));
}
