/** What `--help` prints, made from the option table. */
import { OPTIONS, OPTIONS_OF, type Command, type OptionName } from './options.ts';
import { environmentName, type Option } from './read-options.ts';

const PURPOSE: Readonly<Record<Command, string>> = {
  dev: 'run everything on this machine: embedded NATS and ClickHouse, edges, engine, and a small demonstration fleet',
  serve: 'run in production: the roles of a deployment, with external or embedded servers',
  doctor: 'check versions, durability, disk and connectivity; says what is wrong and what helps; exit code 1 if a promise is broken',
};

const WIDTH = 100;
const INDENT = 30;

export function overview(): string {
  const commands = Object.entries(PURPOSE).map(([name, purpose]) => column(name, purpose));
  return [
    'Usage: twinfold <command> [options]',
    '',
    ...commands,
    column('devices import FILE', 'register devices from a file, one JSON object a line'),
    column('help [command]', 'this text, or the options of a command'),
    column('version', 'the version'),
    '',
    'Every option can also be set in the environment (--http-port: TWINFOLD_HTTP_PORT; secrets also as',
    '…_FILE, which names a file) or in the file that --config names. The first of flag, environment,',
    'file, default counts.',
  ].join('\n');
}

export function helpOf(command: Command): string {
  const options = OPTIONS_OF[command].filter((name) => specOf(name).hidden !== true).map(describe);
  return [`Usage: twinfold ${command} [options]`, '', ...wrap(PURPOSE[command], WIDTH - 2).map((line) => `  ${line}`), '', ...options].join(
    '\n',
  );
}

function describe(name: OptionName): string {
  const spec = specOf(name);
  const facts = [spec.help];
  if (spec.kind.limits !== '') facts.push(`(${spec.kind.limits})`);
  if (spec.kind.placeholder !== '') facts.push(`[${spec.defaultText ?? String(spec.fallback)}]`);
  if (spec.secret === true) facts.push(`Better as ${environmentName(name)}_FILE: flags are visible to others.`);
  return column(`--${name} ${spec.kind.placeholder}`.trimEnd(), facts.join(' '));
}

function specOf(name: OptionName): Option<unknown> {
  return OPTIONS[name];
}

/** A term and its text beside it, wrapped. */
function column(term: string, content: string): string {
  const [first = '', ...rest] = wrap(content, WIDTH - INDENT);
  const head = `  ${term}`;
  const below = rest.map((line) => ' '.repeat(INDENT) + line);
  if (head.length < INDENT) return [head.padEnd(INDENT) + first, ...below].join('\n');
  return [head, ' '.repeat(INDENT) + first, ...below].join('\n');
}

function wrap(content: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of content.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
