/** Questions to ClickHouse over its HTTP interface, as an analyst asks them. */
import { exchange, keptAlive } from '../simulator/http-exchange.ts';

export interface ClickHouseAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };

/** A cell of a column of text. */
export function textOf(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell ?? '');
}

const ANSWER_MS = 60_000;

export class ClickHouseReader {
  readonly #access: () => ClickHouseAccess;
  readonly #agent = keptAlive(4);

  /** `access` is asked at every question, because a restart may move the server. */
  constructor(access: () => ClickHouseAccess) {
    this.#access = access;
  }

  /** Runs a statement and answers its text; rejects with ClickHouse's own message. */
  async run(sql: string, limitMs: number = ANSWER_MS): Promise<string> {
    const { password, url, user } = this.#access();
    const settings = 'database=twinfold&output_format_json_quote_64bit_integers=0';
    const headers = { 'x-clickhouse-user': user, 'x-clickhouse-key': password };
    const answer = await exchange(`${url}/?${settings}`, { method: 'POST', headers, body: sql, agent: this.#agent, limitMs });
    const text = answer.body.toString('utf8');
    if (answer.status !== 200) throw new Error(text.slice(0, 500));
    return text;
  }

  async rows(sql: string, limitMs?: number): Promise<readonly (readonly Cell[])[]> {
    const text = await this.run(`${sql} FORMAT JSONCompactEachRow`, limitMs);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as readonly Cell[]);
  }

  /** The one number that a query answers. */
  async number(sql: string, limitMs?: number): Promise<number> {
    const value = (await this.rows(sql, limitMs))[0]?.[0];
    return Number(value ?? 0);
  }

  close(): void {
    this.#agent.destroy();
  }
}
