/**
 * What the program prints. On a terminal the last line is a status that is rewritten in place; elsewhere statuses are
 * ordinary lines, fewer of them. As JSON every line is an object of its own.
 */

/** How often a status is printed where it can't be rewritten. */
const STATUS_EVERY_MS = 10_000;
const CLEAR_LINE = '\r\x1b[2K';

export interface Out {
  readonly isTTY?: boolean;
  /** Absent or 0 where the terminal doesn't say. */
  readonly columns?: number;
  write(text: string): unknown;
}

export class Screen {
  readonly #out: Out;
  readonly #json: boolean;
  readonly #now: () => number;
  #status = '';
  #statusAt = Number.NEGATIVE_INFINITY;

  constructor(out: Out, options: { readonly json: boolean; readonly now: () => number }) {
    this.#out = out;
    this.#json = options.json;
    this.#now = options.now;
  }

  /** Something that happened: as text for people, as facts for machines. */
  say(text: string, facts: object): void {
    if (this.#json) this.#out.write(`${JSON.stringify(facts)}\n`);
    else this.#line(text);
  }

  /** How things are; replaces the status before. */
  status(text: string, facts: object): void {
    if (!this.#json && this.#out.isTTY === true) {
      this.#status = fitting(text, this.#out.columns);
      this.#out.write(CLEAR_LINE + this.#status);
      return;
    }
    const now = this.#now();
    if (now - this.#statusAt < STATUS_EVERY_MS) return;
    this.#statusAt = now;
    this.say(text, facts);
  }

  #line(text: string): void {
    if (this.#status === '') this.#out.write(`${text}\n`);
    else this.#out.write(`${CLEAR_LINE}${text}\n${this.#status}`);
  }

  /** Leaves the status as a line of its own. */
  end(): void {
    if (this.#status !== '') this.#out.write('\n');
    this.#status = '';
  }
}

const BETWEEN_PARTS = ' · ';

/** What a line of the terminal can hold: parts are left out from the start, for the figures that matter stand at the end. */
function fitting(text: string, columns: number = 0): string {
  let shown = text;
  while (columns > 0 && shown.length >= columns) {
    const end = shown.indexOf(BETWEEN_PARTS);
    if (end < 0) return shown.slice(0, columns - 1);
    shown = `  ${shown.slice(end + BETWEEN_PARTS.length)}`;
  }
  return shown;
}
