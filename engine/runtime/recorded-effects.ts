/**
 * Effects as control records tell them: what whoever takes a partition over has to dispatch, because the owner before it
 * may not have come to it.
 */
import { decodeControlRecord, RECORD_KIND, type ControlRecord } from '../../schemas/envelope.ts';
import type { TaskEffect } from '../../workers/protocol.ts';
import type { ControlLog } from '../ports/control-log.ts';
import type { ControlState } from './claim.ts';

export interface RecordEffects {
  readonly recordSeq: number;
  readonly effects: readonly TaskEffect[];
}

/** All effects of a record, numbered as its owner numbered them. Kinds that this version doesn't dispatch are left out. */
export function effectsOf(record: ControlRecord): readonly TaskEffect[] {
  const all = record.decisions.flatMap((decision) => decision.effects);
  return all.flatMap(({ body, kind, target }, index) => (kind === 'publish' ? [{ index, kind, target, body }] : []));
}

/**
 * Effects of records that no record says to be dispatched, in order. As many as an owner lets wait, and those of one record
 * more. Each record with effects says how far those before it were dispatched, so where nothing is said there are none.
 */
export async function recordedEffects(
  parts: { readonly control: ControlLog; readonly partition: number },
  state: Pick<ControlState, 'outboxDone' | 'recordSeq'>,
): Promise<readonly RecordEffects[]> {
  if (state.outboxDone === 0) return [];
  let found: (RecordEffects & { readonly toSeq: number })[] = [];
  for await (const entry of parts.control.range(parts.partition, state.outboxDone + 1, state.recordSeq)) {
    const record = decodeControlRecord(entry.data);
    const keptSeq = record.kind === RECORD_KIND.repair ? record.repair?.keptSeq : undefined;
    // What was decided on messages that are gone was decided anew on those that survived.
    if (keptSeq !== undefined) found = found.filter(({ toSeq }) => toSeq <= keptSeq);
    const effects = effectsOf(record);
    if (effects.length > 0) found.push({ recordSeq: entry.seq, effects, toSeq: record.toSeq });
  }
  return found;
}
