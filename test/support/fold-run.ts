/** A partition folded step by step, and what a test wants to know of each step. */
import assert from 'node:assert/strict';
import { Folder } from '../../engine/pipeline/fold.ts';
import { PartitionState } from '../../engine/pipeline/partition-state.ts';
import { DeviceKey } from '../../engine/domain/twin-store.ts';
import { twinJson } from '../../engine/domain/twin-reading.ts';
import { OUTCOMES, REASONS } from '../../engine/kernel/outcome.ts';
import { DECISION_COLUMNS, EVENT_COLUMNS } from '../../schemas/tables.ts';
import { MARKER_SLOTS } from '../../workers/protocol.ts';
import type { FoldResult, FoldTask, Killer } from '../../workers/protocol.ts';
import { framesOf } from './log-frames.ts';
import type { TestMessage } from './log-frames.ts';
import { decodeRows } from './row-binary.ts';
import type { DecodedRow } from './row-binary.ts';

export const EPOCH = 5;
/** Of every task's record. */
export const RECORD_SEQ = 9;

export function foldTask(messages: readonly TestMessage[], killers: readonly Killer[] = []): FoldTask {
  return {
    op: 'fold',
    partition: 0,
    recordSeq: RECORD_SEQ,
    epoch: EPOCH,
    frames: framesOf(messages),
    reads: [],
    sessionReads: [],
    killers,
  };
}

export class FoldRun {
  state = new PartitionState(0, 1);
  readonly marker = new Float64Array(MARKER_SLOTS);
  readonly #folder = new Folder(this.marker);

  fold(messages: readonly TestMessage[], killers: readonly Killer[] = []): FoldResult {
    return this.#folder.fold(this.state, foldTask(messages, killers));
  }

  rows(result: FoldResult): readonly DecodedRow[] {
    return decodeRows(result.events.bytes, EVENT_COLUMNS);
  }

  decisions(result: FoldResult): readonly DecodedRow[] {
    return decodeRows(result.decisions.bytes, DECISION_COLUMNS);
  }

  /** `outcome: reason` of each event of a message. */
  outcomes(messages: readonly TestMessage[]): readonly string[] {
    return this.rows(this.fold(messages)).map(({ outcome, reason }) => {
      assert(typeof outcome === 'string' && typeof reason === 'string');
      return reason === '' ? outcome : `${outcome}: ${reason}`;
    });
  }

  twin(device: string): unknown {
    const key = new DeviceKey();
    key.setText('t', device);
    const body = twinJson(this.state, key, 0);
    return body === undefined ? undefined : JSON.parse(new TextDecoder().decode(body));
  }
}

/** Exceptions as a reader of a control record would put them. */
export function runsOf(result: FoldResult): readonly string[] {
  return result.exceptions.map((run) => {
    const original = run.originalSeq === 0 ? '' : ` of ${run.originalSeq}.${run.originalIndex}`;
    return `${run.seq}.${run.index}+${run.count} ${OUTCOMES[run.outcome] ?? ''} ${REASONS[run.reason] ?? ''}${original}`;
  });
}
