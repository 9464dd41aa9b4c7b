/**
 * The house rules that no linter knows, one function a rule: it looks at one file and says what is wrong with it. Words
 * that may stand nowhere stand here back to front, so that this file may itself be looked at.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { importsOf } from './layers.ts';
import type { SourceFile } from './tree.ts';

/** What is wrong with a file; empty when nothing is. */
export type Rule = (file: SourceFile) => readonly string[];

const FILE_LINES_MAX = 400;
const CODE = /\.(ts|mts|mjs|js)$/;
const KEBAB_PART = '[a-z0-9]+(-[a-z0-9]+)*';
const KEBAB_PATH = new RegExp(`^\\.?${KEBAB_PART}(\\.${KEBAB_PART})*$`);
/** Names that tools and readers look for. */
const CONVENTIONAL_NAMES = new Set(['README.md', 'CHANGELOG.md', 'LICENSE', 'CONTRIBUTING.md', 'SECURITY.md', 'Dockerfile']);
const VAGUE_NAMES = new Set(['util', 'utils', 'helper', 'helpers', 'manager', 'managers', 'common', 'misc']);
const PURE_FOLDERS = ['engine/kernel/', 'engine/domain/', 'engine/pipeline/'];
const PURE_SCHEMA_FILE = /^schemas\/[^/]+\.ts$/;

function isCode(file: SourceFile): boolean {
  return CODE.test(file.path);
}

function isTest(file: SourceFile): boolean {
  return file.path.startsWith('test/');
}

function isPure(file: SourceFile): boolean {
  if (PURE_SCHEMA_FILE.test(file.path)) return file.path !== 'schemas/generate.ts';
  return PURE_FOLDERS.some((folder) => file.path.startsWith(folder));
}

/** The code without comments and without what stands in quotes; line numbers stay. Rough, but never blind to code. */
export function bareCode(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
    .replaceAll(/(^|[^:])\/\/[^\n]*/g, '$1');
}

/** Words given back to front, as alternatives of a pattern. */
export function turned(words: string): string {
  return words
    .split(' ')
    .map((word) => Array.from(word).toReversed().join(''))
    .join('|');
}

function linesMatching(text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const match = pattern.exec(line);
    return match === null ? [] : [`line ${index + 1}: ${match[0].trim()}`];
  });
}

const IMPURE =
  /(?<![.\w])(Date|setTimeout|setInterval|setImmediate|queueMicrotask|performance|crypto|fetch|globalThis)\b|(?<![.\w])process[.[]|Math\.random/;

/** Facts in, decisions out: no clock, chance, environment or library. */
export const pureCode: Rule = (file) => {
  if (!isPure(file)) return [];
  const foreign = importsOf(file.text).filter((target) => !target.startsWith('.'));
  return [...foreign.map((target) => `imports ${target}`), ...linesMatching(bareCode(file.text), IMPURE)];
};

/** Where options are read: the product's, those of the load tools, and what the installer needs before there are any. */
const OPTION_FILES = /^engine\/config\/|^engine\/cli\/install\.mjs$|^loadtest\/(.*\/)?options\.ts$/;

/** The environment is read where the options are. To hand it on whole to a child process is not to read it. */
export const environment: Rule = (file) => {
  if (!isCode(file) || isTest(file) || OPTION_FILES.test(file.path)) return [];
  return linesMatching(bareCode(file.text), /\bprocess\.env\s*[.[?]|[^?]=\s*process\.env\b/);
};

export const fileNames: Rule = (file) => {
  const parts = file.path.split('/');
  const name = parts.at(-1) ?? '';
  const odd = parts.filter((part) => !KEBAB_PATH.test(part) && !CONVENTIONAL_NAMES.has(part));
  const vague = [...parts.slice(0, -1), name.split('.')[0] ?? ''].filter((part) => part.split('-').some((word) => VAGUE_NAMES.has(word)));
  return [...odd.map((part) => `'${part}' is not kebab-case`), ...vague.map((part) => `'${part}' says nothing`)];
};

export const typeNames: Rule = (file) => {
  if (!isCode(file)) return [];
  return linesMatching(
    bareCode(file.text),
    /\b(class|interface) \w*(Utils?|Helpers?|Manager|Common)\b|\btype \w*(Utils?|Helpers?|Manager|Common)(<.*>)? =/,
  );
};

/** A file says first what it owns; a test says it by its names. */
export const headComment: Rule = (file) => {
  if (!isCode(file) || file.path.endsWith('.test.ts')) return [];
  const start = file.text.replace(/^#!.*\n/, '').trimStart();
  return start.startsWith('/**') || start.startsWith('//') ? [] : ['has no comment at its head'];
};

const UNFINISHED = new RegExp(`\\b(${turned('ODOT EMXIF')})\\b`);

export const unfinished: Rule = (file) => linesMatching(file.text, UNFINISHED);

/** A test that is skipped for a reason found at run time says the reason; no test is switched off in the source. */
export const switchedOffTests: Rule = (file) => {
  if (!isTest(file) || !isCode(file)) return [];
  return linesMatching(bareCode(file.text), /\b(it|test|describe|suite)\.(only|skip|todo)\(|\b(only|skip|todo): true\b/);
};

const MACHINE_PATHS = new RegExp(`(?<![\\w./}*-])/(${turned('krow toor pmt emoh')})/`);

export const machinePaths: Rule = (file) => linesMatching(file.text, MACHINE_PATHS);

const OTHER_TALK = new RegExp(
  `\\b(${turned('IA MLL sMLL tnatsissa stnatsissa edualC TPGtahC tolipoC')}|the (?:${turned('dael feirb')}))\\b|\\b[Ii]ssue \\d{1,2}\\b`,
);

/** The project speaks of itself only. */
export const otherTalk: Rule = (file) => linesMatching(file.text, OTHER_TALK);

export const fileLength: Rule = (file) => {
  const lines = file.text.split('\n').length - 1;
  return isCode(file) && lines > FILE_LINES_MAX ? [`${lines} lines, of ${FILE_LINES_MAX} at most`] : [];
};

const MARKDOWN_LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

/** Links to files of the project lead somewhere. */
export function markdownLinks(root: string): Rule {
  return (file) => {
    if (!file.path.endsWith('.md')) return [];
    const withoutCode = file.text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
    const targets = Array.from(withoutCode.matchAll(MARKDOWN_LINK), (match) => (match[1] ?? '').split('#')[0] ?? '');
    const local = targets.filter((target) => target !== '' && !/^[a-z][a-z+.-]*:/.test(target));
    return local
      .filter((target) => !existsSync(join(root, dirname(file.path), target)))
      .map((target) => `links to ${target}, which isn't there`);
  };
}
