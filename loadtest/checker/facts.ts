/** What the checker looks at, in its own words: events of the log, outcomes of the control log, rows, twins. */

export interface Place {
  readonly partition: number;
  readonly seq: number;
  readonly index: number;
}

export type MetricValue = number | boolean | string;

/** One event of the input log, decoded by the checker itself. */
export interface LoggedEvent extends Place {
  readonly tenant: string;
  readonly device: string;
  readonly telemetry: boolean;
  /** What the payload says; undefined when it isn't a simulated event's. */
  readonly sample: LoggedSample | undefined;
}

export interface LoggedSample {
  readonly boot: number;
  readonly n: number;
  readonly tsMs: number;
  readonly metrics: Readonly<Record<string, MetricValue>>;
}

export type RowOutcome = 'accepted' | 'duplicate' | 'quarantined' | 'rejected';

/** One row of `events`. */
export interface RecordedRow extends Place {
  readonly item: number;
  readonly outcome: RowOutcome;
  readonly reason: string;
  readonly tenant: string;
  readonly device: string;
  readonly boot: number;
  readonly n: number;
  readonly eventMs: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly attrs: Readonly<Record<string, string>>;
}

/** What one control record says, as far as a reader must hold it to its word. */
export interface ControlFact {
  readonly seq: number;
  readonly kind: 'fold' | 'claim' | 'repair';
  readonly epoch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly runs: readonly ControlRun[];
  /** For a repair: what was kept, and where the log goes on. */
  readonly keptSeq: number;
  readonly resumedSeq: number;
}

/** `count` events from `index` on, of message `seq`, have this outcome. */
export interface ControlRun {
  readonly seq: number;
  readonly index: number;
  readonly count: number;
  readonly outcome: RowOutcome;
}

export interface TwinLeaf {
  readonly value: MetricValue;
  readonly timeMs: number;
  readonly cause: string;
}

export type TwinLeaves = Readonly<Record<string, TwinLeaf>>;

/** Negative when `a` stands before `b` in a partition. */
export function comparePlaces(a: Place, b: Place): number {
  return a.seq - b.seq || a.index - b.index;
}

export function placeText(place: Place): string {
  return `${place.partition}.${place.seq}.${place.index}`;
}
