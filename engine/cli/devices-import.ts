/**
 * `twinfold devices import FILE`: sends a file of devices, one JSON object a line, and prints what became of each. A file
 * that was cut off is sent again whole: what is there already stays as it is.
 */
import { createReadStream, statSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { parseArgs } from 'node:util';
import { messageOf } from '../kernel/errors.ts';
import { EXIT_BAD_OPTION } from './run.ts';

const USAGE = `Usage: twinfold devices import FILE [--url URL] [--token TOKEN] [--tenant ID] [--reissue] [--ca FILE]

  FILE        NDJSON: {"id", "externalIds"?, "group"?, "model"?, "tags"?, "policy"?, "limits"?} a line
  --url       the deployment [http://127.0.0.1:8080]; in the environment TWINFOLD_URL
  --token     an API key with registry:admin, or the administrator token; TWINFOLD_TOKEN, or TWINFOLD_TOKEN_FILE
  --tenant    needed with the administrator token
  --reissue   devices that are there and were never used get a new token
  --ca        trust this CA (PEM) over https

What became of each line is printed as NDJSON; the token of a device is in it, this once.`;

const REDRAW_MS = 200;
const BAR_CHARS = 24;
const CLEAR_LINE = '\r\x1b[2K';
const EXIT_FAILED = 1;

export interface ImportIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly out: { write(text: string): unknown };
  readonly err: { readonly isTTY?: boolean; write(text: string): unknown };
}

interface ImportPlan {
  readonly file: string;
  readonly bytes: number;
  readonly url: URL;
  readonly token: string;
  readonly tenant: string | undefined;
  readonly reissue: boolean;
  readonly ca: string | undefined;
}

/** Answers the exit code: 0 when every line's device is there, 1 when some aren't or it was cut off, 2 when it can't begin. */
export async function devicesCommand(words: readonly string[], io: ImportIo): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) {
    io.out.write(`${USAGE}\n`);
    return 0;
  }
  const plan = planOf(words, io);
  if (typeof plan === 'string') {
    io.err.write(`✗ ${plan}\n${USAGE}\n`);
    return EXIT_BAD_OPTION;
  }
  const progress = new Progress(plan.bytes, io.err);
  try {
    const done = await send(plan, progress, io);
    progress.end();
    return done && progress.failed === 0 ? 0 : EXIT_FAILED;
  } catch (error) {
    progress.end();
    io.err.write(`✗ ${saidOf(error, plan)}\n  ${remedyOf(error)}\n`);
    return EXIT_FAILED;
  }
}

function planOf(words: readonly string[], { env, readFile }: ImportIo): ImportPlan | string {
  try {
    const { positionals, values } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        token: { type: 'string' },
        tenant: { type: 'string' },
        reissue: { type: 'boolean' },
        ca: { type: 'string' },
      },
    });
    const [verb, file, more] = positionals;
    if (verb !== 'import' || more !== undefined) return `there is only "twinfold devices import FILE"`;
    if (file === undefined) return 'name the file';
    const tokenFile = env['TWINFOLD_TOKEN_FILE'];
    const token = values.token ?? env['TWINFOLD_TOKEN'] ?? (tokenFile === undefined ? undefined : readFile(tokenFile).trim());
    if (token === undefined) return 'a token is needed: --token, TWINFOLD_TOKEN or TWINFOLD_TOKEN_FILE';
    const url = new URL(values.url ?? env['TWINFOLD_URL'] ?? 'http://127.0.0.1:8080');
    if (!['http:', 'https:'].includes(url.protocol)) return `--url begins with http: or https:, not ${url.protocol}`;
    return {
      file,
      bytes: statSync(file).size,
      url,
      token,
      tenant: values.tenant,
      reissue: values.reissue === true,
      ca: values.ca === undefined ? undefined : readFile(values.ca),
    };
  } catch (error) {
    return messageOf(error);
  }
}

/** Whether the whole file was taken. Outcomes are printed as they come. */
async function send(plan: ImportPlan, progress: Progress, io: ImportIo): Promise<boolean> {
  const request = open(plan);
  const answered = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));
  const file = createReadStream(plan.file);
  file.on('data', (chunk) => progress.sent(chunk.length));
  file.once('error', (error) => request.destroy(error));
  file.pipe(request);
  const response = await answered;
  if (response.statusCode !== 200) {
    const problem = (await response.toArray()).join('');
    file.destroy();
    throw new Refused(response.statusCode ?? 0, problem);
  }
  let done = false;
  let rest = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const outcome = JSON.parse(line) as { readonly outcome?: string; readonly done?: boolean };
      if (outcome.outcome === undefined) done = outcome.done === true;
      else {
        progress.count(outcome.outcome);
        io.out.write(`${line}\n`);
      }
    }
    progress.draw();
  }
  return done;
}

function open({ ca, reissue, tenant, token, url }: ImportPlan): ClientRequest {
  const target = new URL(`/v1/devices:import${reissue ? '?tokens=reissue' : ''}`, url);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/x-ndjson',
    ...(tenant === undefined ? {} : { 'twinfold-tenant': tenant }),
  };
  return target.protocol === 'https:'
    ? httpsRequest(target, { method: 'POST', headers, ...(ca === undefined ? {} : { ca }) })
    : httpRequest(target, { method: 'POST', headers });
}

/** The deployment took nothing of it. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;

  constructor(status: number, problem: string) {
    super(`${status}: ${detailOf(problem)}`);
    this.status = status;
    this.code = /"code":"([a-z-]+)"/.exec(problem)?.[1] ?? '';
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function saidOf(error: unknown, { url }: ImportPlan): string {
  return codeOf(error) === 'ECONNREFUSED' ? `nothing listens at ${url.origin}` : messageOf(error);
}

const UNTRUSTED = /CERT|VERIFY_LEAF|SELF_SIGNED|ALTNAME/;

function remedyOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'tenant-required') return 'Say whose devices they are: --tenant ID.';
  if (error instanceof Refused && error.status === 401) return 'Look at the token: --token, TWINFOLD_TOKEN or TWINFOLD_TOKEN_FILE.';
  if (error instanceof Refused && error.status < 500 && error.status !== 429) return 'Nothing was taken.';
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') return 'Name the deployment: --url https://HOST:PORT.';
  if (UNTRUSTED.test(code)) return 'Trust the CA of its certificate: --ca FILE (of --tls-dev: tls/dev-ca.pem in the data folder).';
  return 'Send the file again: what is there already stays as it is.';
}

function detailOf(text: string): string {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === 'object' && problem !== null && 'detail' in problem ? String(problem.detail) : text;
  } catch {
    return text.slice(0, 256);
  }
}

/** A bar on a terminal, and the sum at the end everywhere. */
class Progress {
  readonly #bytes: number;
  readonly #err: ImportIo['err'];
  readonly #counts = new Map<string, number>();
  readonly #startMs = performance.now();
  #sentBytes = 0;
  #drawnMs = 0;

  constructor(bytes: number, err: ImportIo['err']) {
    this.#bytes = bytes;
    this.#err = err;
  }

  /** Lines whose device isn't there, or perhaps isn't. */
  get failed(): number {
    return (this.#counts.get('refused') ?? 0) + (this.#counts.get('unknown') ?? 0);
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  count(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  draw(): void {
    if (this.#err.isTTY !== true || performance.now() - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = performance.now();
    const part = this.#bytes === 0 ? 1 : Math.min(1, this.#sentBytes / this.#bytes);
    const filled = Math.round(part * BAR_CHARS);
    this.#err.write(`${CLEAR_LINE}${'█'.repeat(filled)}${'░'.repeat(BAR_CHARS - filled)} ${Math.floor(part * 100)} % · ${this.#sum()}`);
  }

  end(): void {
    this.#err.write(`${this.#err.isTTY === true ? CLEAR_LINE : ''}${this.#sum()}\n`);
  }

  #sum(): string {
    const counts = [...this.#counts].map(([outcome, count]) => `${count.toLocaleString('en')} ${outcome}`);
    const all = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const seconds = Math.max(0.001, (performance.now() - this.#startMs) / 1_000);
    return `${counts.length === 0 ? 'no lines' : counts.join(' · ')} · ${Math.round(all / seconds).toLocaleString('en')}/s`;
  }
}
