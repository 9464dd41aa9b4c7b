/** The checker's findings: what was counted, and what must be zero. */

export interface Findings {
  /** Events that a device was told are stored. */
  acked: number;
  /** Simulated events found in the input log, first copies only. */
  inLog: number;
  /** Rows of the run's tenant. */
  rows: number;
  /** Acknowledged, and not accepted in ClickHouse, or not in the log, or somebody else at the position acknowledged. */
  missing: number;
  /** The same row twice, or the same (device, boot, n) accepted twice. */
  double: number;
  /** An accepted event behind a younger one of its device that was never refused. */
  outOfOrder: number;
  /** Devices whose twin differs from the fold. */
  twinMismatch: number;
  /** Events or rows that nobody sent. */
  unexpected: number;
  /** Log events without a row. */
  unaccounted: number;
  /** Events or rows whose content isn't what the device measured. */
  wrongContent: number;
  /** The control log contradicts itself, the log or the rows. */
  controlMismatch: number;
  /** Attempts of unknown fate that turned out to be stored. Legal; counted for the record. */
  unknownResolved: number;
  /** Acknowledged, not in ClickHouse, and in a partition whose log the product reported to have lost its end. */
  lostReported: number;
}

export const FORBIDDEN = [
  'missing',
  'double',
  'outOfOrder',
  'twinMismatch',
  'unexpected',
  'unaccounted',
  'wrongContent',
  'controlMismatch',
] as const satisfies readonly (keyof Findings)[];
export type Violation = (typeof FORBIDDEN)[number];

/** Enough to start looking, few enough to read. */
const EXAMPLES_MAX = 8;

export class Report {
  readonly findings: Findings = {
    acked: 0,
    inLog: 0,
    rows: 0,
    missing: 0,
    double: 0,
    outOfOrder: 0,
    twinMismatch: 0,
    unexpected: 0,
    unaccounted: 0,
    wrongContent: 0,
    controlMismatch: 0,
    unknownResolved: 0,
    lostReported: 0,
  };
  readonly #examples = new Map<Violation, string[]>();

  violate(what: Violation, example: () => string): void {
    this.findings[what] += 1;
    const examples = this.#examples.get(what) ?? [];
    if (examples.length < EXAMPLES_MAX) this.#examples.set(what, [...examples, example()]);
  }

  violations(): number {
    return FORBIDDEN.reduce((sum, what) => sum + this.findings[what], 0);
  }

  lines(): readonly string[] {
    const counts = Object.entries<number>({ ...this.findings }).map(([name, value]) => `${name.padEnd(16)} ${value.toLocaleString('en')}`);
    const examples = [...this.#examples].flatMap(([what, found]) => found.map((text) => `  ${what}: ${text}`));
    return [...counts, ...examples];
  }
}
