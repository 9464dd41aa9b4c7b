/** This edge as others see it: it says that it lives, and hears what is said to its connections. */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { DownlinkReceiver } from '../../engine/ports/downlink.ts';
import type { EdgeMark } from '../../engine/ports/edge-life.ts';
import { DownlinkDesk, type LiveSessions } from './downlink-desk.ts';
import { EdgeLife } from './edge-life.ts';

export interface DownlinkSideParts {
  readonly epoch: number;
  readonly mark: EdgeMark;
  readonly receiver: DownlinkReceiver;
  readonly sessions: LiveSessions;
  /** This edge was declared dead: its connections were given up elsewhere, and it must end. */
  readonly onGone: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Until stopped, which takes leave of those who watch over edges. */
export function startDownlinkSide(parts: DownlinkSideParts): { stop(): Promise<void> } {
  const { clock, epoch, receiver, sessions } = parts;
  const desk = new DownlinkDesk(sessions, clock);
  const serving = receiver.serve(epoch, async (downlink) => desk.take(downlink));
  const life = new EdgeLife(parts);
  life.start();
  return {
    stop: async () => {
      serving.stop();
      await life.stop();
    },
  };
}
