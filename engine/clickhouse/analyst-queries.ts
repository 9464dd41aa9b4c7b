/** Queries of analysts on their way to ClickHouse: plain HTTP, so that an answer goes through as it is, in any format. */
import { TwinfoldError } from '../kernel/errors.ts';
import type { AnalystLogin, AnalystQueries, AnalystStatement, StoreAnswer } from '../ports/analyst-logins.ts';

const TREE_MS_MAX = 5_000;
/** A text of the longest allowed has about so large a tree. */
const TREE_BYTES_MAX = 16 * 1024 * 1024;

/** Of an answer, what belongs to it and not to the connection. */
const ANSWER_HEADERS: readonly string[] = [
  'content-type',
  'x-clickhouse-query-id',
  'x-clickhouse-format',
  'x-clickhouse-timezone',
  'x-clickhouse-exception-code',
  'x-clickhouse-summary',
];

export class HttpAnalystQueries implements AnalystQueries {
  readonly #url: string;
  readonly #database: string;

  constructor(target: { readonly url: string; readonly database: string }) {
    this.#url = target.url;
    this.#database = target.database;
  }

  async syntaxTree(login: AnalystLogin, text: string, parameters: AnalystStatement['parameters']): Promise<readonly string[]> {
    const statement = { text: `EXPLAIN AST ${text}`, format: 'JSONCompactColumns', parameters, settings: [] };
    const answer = await this.#post(login, statement, AbortSignal.timeout(TREE_MS_MAX));
    const body = await answer.text();
    if (!answer.ok) throw new TwinfoldError('malformed', body.trim(), { domain: 'external', retryable: false });
    const columns: unknown = body.length > TREE_BYTES_MAX ? undefined : JSON.parse(body);
    const lines: unknown = Array.isArray(columns) ? columns[0] : undefined;
    if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string'))
      throw new TwinfoldError('malformed', 'the statement is too long', { domain: 'external', retryable: false });
    return lines;
  }

  async run(login: AnalystLogin, statement: AnalystStatement, signal: AbortSignal): Promise<StoreAnswer> {
    const answer = await this.#post(login, statement, signal);
    const headers = ANSWER_HEADERS.flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return { status: answer.status, headers, body: answer.body ?? undefined };
  }

  async #post(login: AnalystLogin, statement: AnalystStatement, signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams([
      ...statement.settings.map(([name, value]): [string, string] => [name, value]),
      ['database', this.#database],
      ['default_format', statement.format],
      ...statement.parameters.map(([name, value]): [string, string] => [`param_${name}`, value]),
    ]);
    return fetch(`${this.#url}/?${query.toString()}`, {
      method: 'POST',
      body: statement.text,
      headers: { 'X-ClickHouse-User': login.user, 'X-ClickHouse-Key': login.password, 'content-type': 'text/plain' },
      redirect: 'error',
      signal,
    });
  }
}
