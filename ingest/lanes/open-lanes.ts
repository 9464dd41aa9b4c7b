/** When an edge's lanes open: after whoever owns a partition has made sure that its log ends where it should. */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { AskFailure } from '../../engine/ports/ask.ts';

/** A recovery takes seconds; an engine that is not there by then may be gone for long. */
const CONFIRM_MS_MAX = 15_000;
const CONFIRM_RETRY_MS = 50;

export interface Lanes {
  readonly partitions: number;
  pauseLanes(): void;
  openLane(partition: number): void;
}

export interface EndConfirmer {
  confirmEnd(partition: number, writer: { readonly serverId: string; readonly ackedSeq: number }): Promise<'confirmed' | AskFailure>;
}

/**
 * What was restored or cut while everything was down must be mended before anything is appended. Without an owner that
 * stays down, lanes open all the same: writes don't depend on the engine. Where power loss may have taken the log's end
 * (`mayLose`), an owner that is there and still compares is waited for: it knows itself when to stop comparing.
 */
export function openWhenConfirmed(
  lanes: Lanes,
  ask: EndConfirmer,
  log: { readonly serverId: string; readonly mayLose: boolean; readonly clock: Clock },
): void {
  const { clock, mayLose, serverId } = log;
  lanes.pauseLanes();
  const confirm = async (partition: number): Promise<void> => {
    let giveUpAtMs = clock.monotonic() + CONFIRM_MS_MAX;
    for (;;) {
      const answer = await ask.confirmEnd(partition, { serverId, ackedSeq: 0 });
      if (answer === 'confirmed') break;
      if (mayLose && answer === 'behind') giveUpAtMs = clock.monotonic() + CONFIRM_MS_MAX;
      if (clock.monotonic() > giveUpAtMs) break;
      await new Promise((resolve) => setTimeout(resolve, CONFIRM_RETRY_MS));
    }
    lanes.openLane(partition);
  };
  for (let partition = 0; partition < lanes.partitions; partition++) void confirm(partition);
}
