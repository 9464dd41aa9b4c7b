/** A small run for the checker's tests, made by hand: what a correct product would leave behind for a few devices. */
import { Checker, type LostRange } from '../../../loadtest/checker/check.ts';
import type { ControlFact, LoggedEvent, RecordedRow, TwinLeaves } from '../../../loadtest/checker/facts.ts';
import { LatestFold } from '../../../loadtest/checker/latest.ts';
import { Obligations } from '../../../loadtest/checker/obligations.ts';
import type { ReadFacts } from '../../../loadtest/checker/planted.ts';
import type { Report } from '../../../loadtest/checker/report.ts';
import { INFO, INVOKE, NO_POSITION, OK } from '../../../loadtest/simulator/history.ts';
import type { HistoryEntry } from '../../../loadtest/simulator/history.ts';
import { columnsOf, eventOf } from '../../../loadtest/simulator/payload.ts';

export const PARTITIONS = 2;
export const HEAD = { plan: { seed: 7, baseMs: 1_790_000_000_000 }, tenant: 'sim', devices: ['sim-0', 'sim-1', 'sim-2', 'sim-3'] };
const EVENTS_EACH = 40;
/** Every so many events of a device come twice, as after a lost connection. */
const RESENT_EVERY = 9;

export interface SmallRun extends ReadFacts {
  readonly history: readonly HistoryEntry[];
  readonly control: ReadonlyMap<number, readonly ControlFact[]>;
  /** What the product told of while it ran. */
  readonly lost?: readonly LostRange[];
}

/** Devices take turns; one message of the log holds one event of each device of its partition. */
export function smallRun(): SmallRun {
  const history: HistoryEntry[] = [];
  const events: LoggedEvent[] = [];
  const rows: RecordedRow[] = [];
  const control = new Map<number, ControlFact[]>();
  const fold = new LatestFold();
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const facts: ControlFact[] = [{ seq: 1, kind: 'claim', epoch: 0, fromSeq: 1, toSeq: 0, runs: [], keptSeq: 0, resumedSeq: 0 }];
    let seq = 0;
    for (let n = 1; n <= EVENTS_EACH; n++) {
      for (const again of n % RESENT_EVERY === 0 ? [false, true] : [false]) {
        seq += 1;
        const own = HEAD.devices.flatMap((name, device) => (device % PARTITIONS === partition ? [{ name, device }] : []));
        for (const [index, { device, name }] of own.entries()) {
          const sample = eventOf(HEAD.plan, device, n);
          const at = { partition, seq, index };
          const outcome = again ? 'duplicate' : 'accepted';
          const { attrs, metrics } = columnsOf(sample);
          events.push({
            ...at,
            tenant: HEAD.tenant,
            device: name,
            telemetry: true,
            sample: { boot: sample.boot, n, tsMs: sample.tsMs, metrics: sample.metrics },
          });
          rows.push({
            ...at,
            item: 0,
            outcome,
            reason: again ? 'repeated-sequence' : 'none',
            tenant: HEAD.tenant,
            device: name,
            boot: sample.boot,
            n,
            eventMs: sample.tsMs,
            metrics: Object.fromEntries(metrics),
            attrs: Object.fromEntries(attrs),
          });
          if (again) continue;
          fold.accept(name, sample, at);
          history.push({ step: INVOKE, device, n, at: NO_POSITION });
          if (n % RESENT_EVERY === 0) history.push({ step: INFO, device, n, at: NO_POSITION });
          // Half of the devices hear where their event is.
          history.push({ step: OK, device, n, at: device < 2 ? at : NO_POSITION });
        }
        const runs = again ? [{ seq, index: 0, count: own.length, outcome: 'duplicate' as const }] : [];
        facts.push({ seq: seq + 1, kind: 'fold', epoch: 1, fromSeq: seq, toSeq: seq, runs, keptSeq: 0, resumedSeq: 0 });
      }
    }
    control.set(partition, facts);
  }
  const twins = new Map(HEAD.devices.map((name): [string, TwinLeaves] => [name, fold.leaves(name)]));
  return { history, events, rows, control, twins };
}

export async function verdictOf(run: SmallRun, firstSeq = 1): Promise<Report> {
  const checker = new Checker(new Obligations(HEAD, run.history));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    await checker.partition({
      partition,
      firstSeq,
      events: run.events.filter((event) => event.partition === partition && event.seq >= firstSeq),
      control: run.control.get(partition) ?? [],
      lost: (run.lost ?? []).filter((range) => range.partition === partition),
      rows: run.rows.filter((row) => row.partition === partition),
    });
  }
  for (const [device, leaves] of run.twins) checker.twin(device, leaves);
  return checker.finish();
}
