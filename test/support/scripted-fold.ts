/**
 * The real fold, with decisions of a script's own on top: what it says is dispatched, due, or held by edges. Effects stand
 * in the record, as those of the fold itself do, so a taker finds them there.
 */
import { encodeControlRecord } from '../../schemas/envelope.ts';
import { decodeEventBatch, encodeEvent, type Event } from '../../schemas/gen/lean.ts';
import type { FoldPool } from '../../engine/ports/fold-pool.ts';
import { inProcessFoldPool } from '../../workers/pool.ts';
import type { FoldResult, FoldTask, TaskEffect } from '../../workers/protocol.ts';

export interface FoldScript {
  /** Of an event that is folded: texts to say, each into a target. */
  readonly says?: (event: Event) => readonly { readonly target: number; readonly text: string }[];
  /** What the fold foresees after events so far. */
  readonly foresees?: () => { readonly nextDueMs?: number; readonly edges?: readonly number[] };
  /** Each event that is folded, in order. */
  readonly onEvent?: (event: Event, timeMs: number) => void;
}

export function scriptedFoldPool(script: FoldScript): FoldPool {
  const pool = inProcessFoldPool();
  return {
    open: async (task) => pool.open(task),
    recover: async (task) => pool.recover(task),
    rows: async (task) => pool.rows(task),
    snapshot: async (task) => pool.snapshot(task),
    close: async (task) => pool.close(task),
    takeKiller: (partition) => pool.takeKiller(partition),
    end: async () => pool.end(),
    fold: async (task) => {
      const messages = messagesOf(task);
      return withScript(await pool.fold(task), messages, script);
    },
  };
}

interface Folded {
  readonly timeMs: number;
  readonly events: readonly Event[];
}

function messagesOf({ frames }: FoldTask): readonly Folded[] {
  return Array.from({ length: frames.count }, (_, i) => ({
    timeMs: frames.timesMs[i] ?? 0,
    events: decodeEventBatch(frames.bytes, i === 0 ? 0 : frames.ends[i - 1], frames.ends[i])?.events ?? [],
  }));
}

function withScript(result: FoldResult, messages: readonly Folded[], script: FoldScript): FoldResult {
  const effects: TaskEffect[] = [];
  for (const { events, timeMs } of messages.slice(0, result.consumed)) {
    for (const event of events) {
      script.onEvent?.(event, timeMs);
      for (const { target, text } of script.says?.(event) ?? [])
        effects.push({ index: effects.length, kind: 'publish', target: `${target}`, body: encodeEvent({ tenant: 't', topic: text }) });
    }
  }
  const { edges = [], nextDueMs = 0 } = script.foresees?.() ?? {};
  const record = effects.length === 0 ? NOTHING : encodeControlRecord({ decisions: [{ kind: 'scripted', effects }] });
  return { ...result, record: Buffer.concat([result.record, record]), effects, nextDueMs, edges };
}

const NOTHING = new Uint8Array(0);
