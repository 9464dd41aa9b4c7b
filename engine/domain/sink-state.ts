/**
 * What the control log remembers of the sink, as `SinkState` in control.proto: which control records have their rows in
 * ClickHouse, and which rows are about to be written.
 */

import type { SinkState, TableIntent } from '../../schemas/envelope.ts';

export type { Intent, SinkState, TableIntent } from '../../schemas/envelope.ts';

/** The physical tables, in the order in which a block is written. */
export const SINK_TABLES = ['events', 'decisions'] as const;
export type SinkTableName = (typeof SINK_TABLES)[number];

/** Tables are rebuilt beside the old one and exchanged; an intent says which of them it means. */
export const TABLE_GENERATION = 1;

export const INITIAL_SINK_STATE: SinkState = { hwm: 0, hwmLogSeq: 0, intent: undefined };

/** Whether two lists of table intents promise the same rows. */
export function sameTables(a: readonly TableIntent[], b: readonly TableIntent[]): boolean {
  return a.length === b.length && a.every((x, i) => x.table === b[i]?.table && x.rows === b[i].rows && x.digest === b[i].digest);
}
