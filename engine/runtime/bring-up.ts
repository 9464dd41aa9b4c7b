/**
 * From a claim to a state that can be folded on: the log's end is compared with what is known, mended where it was lost, and
 * the worker's state brought to where the control log stands, with what is still to be dispatched.
 */
import type { ControlRecord } from '../../schemas/envelope.ts';
import { lostEnd, type ControlState, type EndCheck } from './claim.ts';
import type { OwnerParts } from './owner-parts.ts';
import { recordedEffects, type RecordEffects } from './recorded-effects.ts';
import { recoverPartition } from './recovery.ts';
import { finishRepair, repairLostEnd } from './repair.ts';

export interface BroughtUp {
  readonly state: ControlState;
  readonly devices: number;
  /** What was recovered behind the snapshot. */
  readonly tail: { readonly messages: number; readonly bytes: number };
  readonly effects: readonly RecordEffects[];
}

const NO_TAIL = { messages: 0, bytes: 0 };

/** `onRecord` is told of each record after the snapshot, in order. */
export async function bringUp(
  parts: OwnerParts,
  claimed: ControlState,
  found: { readonly end: EndCheck; readonly onRecord: (seq: number, record: ControlRecord) => void },
): Promise<BroughtUp> {
  const { end, onRecord } = found;
  if (end.state === 'cut') {
    const { state, devices } = await repairLostEnd(parts, claimed, end.keptSeq);
    return { state, devices, tail: NO_TAIL, effects: await recordedEffects(parts, state) };
  }
  if (end.state === 'different') throw lostEnd(parts.partition, claimed.last.seq, end);
  if (claimed.repair !== undefined) {
    await finishRepair(parts, claimed.repair);
    parts.ends.recall(parts.partition, claimed.repair);
  }
  const { bytes, devices, messages } = await recoverPartition({ ...parts, onRecord }, claimed);
  return { state: claimed, devices, tail: { messages, bytes }, effects: await recordedEffects(parts, claimed) };
}
