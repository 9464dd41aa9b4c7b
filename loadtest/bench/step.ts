/** A step of the bench: what it may answer, what it needs running, how it is measured. */
import type { BenchOptions } from './options.ts';
import type { Measured, RowName } from './rows.ts';
import type { Target } from './target.ts';

export type Durability = 'process' | 'disk';
export type Results = Map<RowName, Measured>;

export interface Step {
  /** What it may answer. */
  readonly rows: readonly RowName[];
  /** Undefined: needs no running product. */
  readonly durability?: Durability;
  run(context: {
    readonly options: BenchOptions;
    readonly results: Results;
    readonly target: () => Target;
  }): Promise<ReadonlyMap<RowName, Measured>>;
}

export function one(name: RowName, measured: Measured): ReadonlyMap<RowName, Measured> {
  return new Map([[name, measured]]);
}
