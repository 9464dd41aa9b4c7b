/**
 * Reads a table of options from the command line, the environment, a file, and their defaults, in this order of
 * precedence. Everything that is wrong is reported at once.
 */
import { parseConfigFile } from './config-file.ts';
import type { OptionKind } from './option-kinds.ts';

export interface Option<T> {
  readonly kind: OptionKind<T>;
  readonly fallback: T;
  /** What help says of the default, where the value alone says little. */
  readonly defaultText?: string;
  readonly help: string;
  /** Never shown; may also come from the file that `TWINFOLD_<NAME>_FILE` names. */
  readonly secret?: boolean;
  /** Only tests use it: help leaves it out. */
  readonly hidden?: boolean;
}

// The table's element type must not narrow each option's own type of value.
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

export type OptionValues<Table extends OptionTable> = { readonly [Name in keyof Table]: Table[Name]['fallback'] };

/** Where a value came from. What was not given explicitly may be adapted, a busy default port for instance. */
export type OptionSource = 'flag' | 'environment' | 'file' | 'default';

export interface ReadOptions<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  readonly sources: Readonly<Record<keyof Table, OptionSource>>;
  /** Sentences for the user; nothing may be started while there is one. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export interface OptionInput {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Throws where there is no such file. */
  readFile(path: string): string;
}

export function option<T>(kind: OptionKind<T>, facts: Omit<Option<T>, 'kind'>): Option<T> {
  return { kind, ...facts };
}

const CONFIG_OPTION = 'config';
const ENVIRONMENT_PREFIX = 'TWINFOLD_';

export function environmentName(name: string): string {
  return ENVIRONMENT_PREFIX + name.toUpperCase().replaceAll('-', '_');
}

export function readOptions<Table extends OptionTable>(table: Table, input: OptionInput): ReadOptions<Table> {
  const reader = new Reader(table, input);
  return reader.read() as ReadOptions<Table>;
}

interface Given {
  readonly text: string;
  readonly source: OptionSource;
  /** How the user knows it: the flag, the variable, the line. */
  readonly label: string;
}

class Reader {
  readonly #table: OptionTable;
  readonly #input: OptionInput;
  readonly #problems: string[] = [];
  readonly #warnings: string[] = [];

  constructor(table: OptionTable, input: OptionInput) {
    this.#table = table;
    this.#input = input;
  }

  read(): ReadOptions<OptionTable> {
    const flags = this.#readFlags();
    const environment = this.#readEnvironment();
    const file = this.#readFile(flags.get(CONFIG_OPTION) ?? environment.get(CONFIG_OPTION));
    const values: Record<string, unknown> = {};
    const sources: Record<string, OptionSource> = {};
    for (const [name, spec] of Object.entries(this.#table)) {
      const given = flags.get(name) ?? environment.get(name) ?? file.get(name);
      values[name] = given === undefined ? spec.fallback : this.#parse(spec, given);
      sources[name] = given?.source ?? 'default';
    }
    return { values, sources, problems: this.#problems, warnings: this.#warnings };
  }

  #parse(spec: Option<unknown>, given: Given): unknown {
    const parsed = spec.kind.parse(given.text);
    if (parsed.ok) return parsed.value;
    const shown = spec.secret === true ? '' : `, not "${given.text}"`;
    this.#problems.push(`${given.label} ${parsed.problem}${shown}`);
    return spec.fallback;
  }

  #readFlags(): Map<string, Given> {
    const found = new Map<string, Given>();
    const words = [...this.#input.argv];
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      const match = /^--([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word);
      if (match === null) {
        this.#problems.push(`"${word}" is not an option; options start with --`);
        continue;
      }
      const [, name = '', attached] = match;
      const spec = this.#table[name];
      const isSwitch = spec?.kind.placeholder === '';
      const next = attached === undefined && !isSwitch && this.#isValue(words[0]) ? words.shift() : undefined;
      const text = attached ?? next ?? (isSwitch ? '' : undefined);
      if (spec === undefined) this.#unknown(`--${name}`, '--', name);
      else if (text === undefined) this.#problems.push(`--${name} needs a value (${spec.kind.placeholder})`);
      else if (found.has(name)) this.#problems.push(`--${name} is given twice`);
      else found.set(name, { text, source: 'flag', label: `--${name}` });
    }
    return found;
  }

  /** What follows a flag is its value unless it looks like the next flag. */
  #isValue(word: string | undefined): boolean {
    return word !== undefined && !/^--[A-Za-z]/.test(word);
  }

  #readEnvironment(): Map<string, Given> {
    const { env } = this.#input;
    const found = new Map<string, Given>();
    const known = new Set<string>();
    for (const [name, spec] of Object.entries(this.#table)) {
      const variable = environmentName(name);
      known.add(variable).add(`${variable}_FILE`);
      const text = env[variable];
      if (text !== undefined && text !== '') found.set(name, { text, source: 'environment', label: variable });
      else if (spec.secret === true) this.#readSecretFile(name, `${variable}_FILE`, found);
    }
    for (const variable of Object.keys(env)) {
      if (!variable.startsWith(ENVIRONMENT_PREFIX) || known.has(variable)) continue;
      const close = nearest(variable, [...known]);
      // Other variables with our prefix belong to tools around us; only what looks like a slip is worth a word.
      if (close !== undefined) this.#warnings.push(`${variable} is ignored; did you mean ${close}?`);
    }
    return found;
  }

  #readSecretFile(name: string, variable: string, found: Map<string, Given>): void {
    const path = this.#input.env[variable];
    if (path === undefined || path === '') return;
    try {
      found.set(name, { text: this.#input.readFile(path).trim(), source: 'environment', label: variable });
    } catch {
      this.#problems.push(`${variable} names ${path}, which can't be read`);
    }
  }

  #readFile(given: Given | undefined): Map<string, Given> {
    const found = new Map<string, Given>();
    if (given === undefined) return found;
    let source: string;
    try {
      source = this.#input.readFile(given.text);
    } catch {
      this.#problems.push(`${given.label} names ${given.text}, which can't be read`);
      return found;
    }
    const { values, problems } = parseConfigFile(source, given.text);
    this.#problems.push(...problems);
    for (const [name, text] of values) {
      if (name === CONFIG_OPTION || !(name in this.#table)) this.#unknown(`"${name}" in ${given.text}`, '', name);
      else found.set(name, { text, source: 'file', label: `"${name}" in ${given.text}` });
    }
    return found;
  }

  #unknown(label: string, prefix: string, name: string): void {
    const names = Object.keys(this.#table).filter((known) => this.#table[known]?.hidden !== true);
    const close = nearest(name, names);
    this.#problems.push(`${label} is not known${close === undefined ? '' : `; did you mean ${prefix}${close}?`}`);
  }
}

/** How many slips still count as the same word. */
const SLIPS_MAX = 3;

/** The candidate that is a few slips of the finger away from a word, if there is one. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(SLIPS_MAX, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const slips = editDistance(word, candidate);
    if (slips < fewest) [best, fewest] = [candidate, slips];
  }
  return best;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
