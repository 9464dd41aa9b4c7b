/**
 * The configuration file: the part of YAML that a flat list of options needs. One `name: value` a line, `#` comments,
 * values plain or in quotes. Whatever else YAML can say is refused by line, so that nothing is silently misread.
 */

export interface ConfigFile {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

export function parseConfigFile(source: string, name: string): ConfigFile {
  const values = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, line] of source.split(/\r?\n/).entries()) {
    const read = parseLine(line);
    const where = `${name}, line ${index + 1}`;
    if (read === undefined) continue;
    if ('problem' in read) problems.push(`${where}: ${read.problem}`);
    else if (values.has(read.key)) problems.push(`${where}: "${read.key}" is there twice`);
    else values.set(read.key, read.value);
  }
  return { values, problems };
}

type Line = { readonly key: string; readonly value: string } | { readonly problem: string };

function parseLine(line: string): Line | undefined {
  if (/^\s*(#.*)?$/.test(line) || line === '---') return undefined;
  if (/^\s/.test(line))
    return { problem: 'indented lines (nested values) are not supported; write "name: value" at the start of the line' };
  const match = /^([A-Za-z][\w-]*):(?:\s+(.*))?$/.exec(line);
  if (match === null) return { problem: 'expected "name: value"' };
  const [, key = '', rest = ''] = match;
  const value = parseValue(rest.trim());
  return value === undefined ? { problem: `the value of "${key}" is not a plain or quoted text` } : { key, value };
}

function parseValue(rest: string): string | undefined {
  const quoted = /^(?:"((?:[^"\\]|\\["\\])*)"|'((?:[^']|'')*)')\s*(?:#.*)?$/.exec(rest);
  if (quoted?.[1] !== undefined) return quoted[1].replaceAll(/\\(.)/g, '$1');
  if (quoted?.[2] !== undefined) return quoted[2].replaceAll("''", "'");
  const plain = rest.replace(/(^|\s)#.*$/, '').trim();
  // These start something in YAML that a flat list has no use for: lists, maps, anchors, tags, block texts.
  return /^["'[{&*!|>%@`]|^- /.test(plain) ? undefined : plain;
}
