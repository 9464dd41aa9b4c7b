/** Checks a run against a product that is up: reads everything there is and answers the report. */
import type { NatsConnection } from '@nats-io/transport-node';

import type { ProductApi } from '../product/api.ts';
import { TimedOut, waitFor } from '../product/wait.ts';
import type { ClickHouseReader } from '../product/clickhouse.ts';
import type { HistoryHead } from '../simulator/history.ts';
import { readHistory, readHistoryHead } from '../simulator/history.ts';
import { Checker } from './check.ts';
import type { LostRange } from './check.ts';
import { Obligations } from './obligations.ts';
import { boundsOf, inputStreamOf, partitionsOf, readControl, readEvents } from './read-log.ts';
import { readRows } from './read-rows.ts';
import { readTwins } from './read-twins.ts';
import type { Report } from './report.ts';

export interface CheckAccess {
  readonly nats: NatsConnection;
  readonly clickhouse: ClickHouseReader;
  /** May read twins of the run's tenant. */
  readonly api: ProductApi;
}

export interface Verdict {
  readonly report: Report;
  /** Where the log lost its end, as the product reported it. */
  readonly lost: readonly LostRange[];
}

export function obligationsOf(historyPath: string): Obligations {
  return new Obligations(readHistoryHead(historyPath), readHistory(historyPath));
}

/**
 * Waits until ClickHouse has caught up with the log as far as the log goes. False when it didn't in time: the check will
 * then say what is missing.
 */
export async function caughtUp(access: CheckAccess, limitMs: number): Promise<boolean> {
  const partitions = await partitionsOf(access.nats);
  const behind = async (): Promise<string | undefined> => {
    for (let partition = 0; partition < partitions; partition++) {
      const { lastSeq } = await boundsOf(access.nats, inputStreamOf(partition));
      const rows = await access.clickhouse.number(`SELECT max(log_seq) FROM events WHERE partition = ${partition}`);
      if (rows < lastSeq) return `partition ${partition}: rows up to ${rows} of ${lastSeq}`;
    }
    return undefined;
  };
  try {
    await waitFor(
      async () => {
        const where = await behind();
        if (where !== undefined) throw new Error(where);
        return true;
      },
      { what: 'rows of the whole log', limitMs, everyMs: 250 },
    );
    return true;
  } catch (error) {
    if (error instanceof TimedOut) return false;
    throw error;
  }
}

/** `told`: ranges that the product reported as lost while it ran; its control log forgets them as it is purged. */
export async function checkRun(access: CheckAccess, historyPath: string, told: readonly LostRange[] = []): Promise<Verdict> {
  const obligations = obligationsOf(historyPath);
  const checker = new Checker(obligations);
  const partitions = await partitionsOf(access.nats);
  for (let partition = 0; partition < partitions; partition++) {
    const { firstSeq } = await boundsOf(access.nats, inputStreamOf(partition));
    await checker.partition({
      partition,
      firstSeq,
      events: readEvents(access.nats, partition),
      control: readControl(access.nats, partition),
      lost: told.filter((range) => range.partition === partition),
      rows: readRows(access.clickhouse, { table: 'events', partition }),
    });
  }
  const twins = await readTwins(access.api, usedDevices(obligations.head, obligations));
  for (const [device, leaves] of twins) checker.twin(device, leaves);
  return { report: checker.finish(), lost: checker.lost };
}

/** A device that never sent anything has no twin. */
function usedDevices(head: HistoryHead, obligations: Obligations): readonly string[] {
  return head.devices.filter((_, number) => (obligations.devices[number]?.attempted.size ?? 0) > 0);
}
