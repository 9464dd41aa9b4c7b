/** The project's own files, for tests about the project itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface SourceFile {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What others made, what programs made, what a run leaves behind. */
const LEFT_OUT = new Set(['node_modules', '.git', 'data', 'coverage', 'schemas/gen', 'package-lock.json', 'LICENSE']);
const TEXT_EXTENSIONS = new Set([
  '',
  '.ts',
  '.mts',
  '.mjs',
  '.js',
  '.json',
  '.md',
  '.proto',
  '.yaml',
  '.yml',
  '.sh',
  '.sql',
  '.html',
  '.css',
]);

export function projectFiles(): readonly SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = join(folder, entry.name);
      const path = relative(ROOT, full).split(sep).join('/');
      if (LEFT_OUT.has(path) || LEFT_OUT.has(entry.name)) continue;
      if (entry.isDirectory()) walk(full);
      else if (entry.isFile() && TEXT_EXTENSIONS.has(extname(entry.name))) found.push({ path, text: readFileSync(full, 'utf8') });
    }
  };
  walk(ROOT);
  return found;
}
