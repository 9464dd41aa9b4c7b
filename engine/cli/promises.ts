/**
 * Whether servers can back what we promise, judged by what they say of themselves. Used at every start and by `doctor`.
 */
import { API_LEVEL_MIN, PAYLOAD_BYTES_MIN, type NatsFacts } from '../embedded/nats-facts.ts';
import type { Durability } from '../kernel/durability.ts';
import { NATS_VERSION_MIN, isFitVersion } from '../embedded/nats-binary.ts';

export interface Finding {
  /** A `problem` is a promise that can't be kept: nothing is started. A `warning` is said and lived with. */
  readonly level: 'fine' | 'warning' | 'problem';
  readonly what: string;
  /** What helps; present unless all is fine. */
  readonly remedy?: string;
}

/** The table engines, projections and settings that we use are all there since this one. */
const CLICKHOUSE_VERSION_MIN: readonly [number, number] = [25, 8];

export function judgeNats(facts: NatsFacts, wanted: Durability): readonly Finding[] {
  const findings: Finding[] = [];
  const name = `nats-server ${facts.version}`;
  if (!isFitVersion(facts.version)) {
    findings.push({ level: 'problem', what: `${name} is too old`, remedy: `use ${NATS_VERSION_MIN.join('.')} or newer` });
  }
  if (!facts.jetstream) {
    findings.push({
      level: 'problem',
      what: `${name} runs without JetStream`,
      remedy: 'enable it: jetstream { store_dir: … } in its configuration',
    });
  } else if (facts.apiLevel < API_LEVEL_MIN) {
    const what = `${name} has JetStream API level ${facts.apiLevel}, ${API_LEVEL_MIN} is needed`;
    findings.push({ level: 'problem', what, remedy: 'update all servers of the cluster' });
  }
  if (facts.payloadBytesMax < PAYLOAD_BYTES_MIN) {
    const what = `${name} takes messages up to ${facts.payloadBytesMax} bytes, ${PAYLOAD_BYTES_MIN} are needed`;
    findings.push({ level: 'problem', what, remedy: 'set max_payload: 1MB in its configuration' });
  }
  findings.push(judgeDurability(facts, wanted));
  return findings;
}

function judgeDurability(facts: NatsFacts, wanted: Durability): Finding {
  const interval: Readonly<Record<Durability, string>> = { disk: 'always', interval: '100ms', process: '2m' };
  const remedy = `set sync_interval: "${interval[wanted]}" in the jetstream block of each server, or say --durability ${facts.durability ?? 'process'}`;
  if (facts.durability === undefined) {
    if (wanted === 'process') return { level: 'fine', what: 'an ack means stored by NATS (--durability process)' };
    return { level: 'warning', what: `whether NATS syncs as --durability ${wanted} promises is not visible from here`, remedy };
  }
  if (RANK[facts.durability] < RANK[wanted]) {
    return { level: 'problem', what: `--durability ${wanted} is promised, but NATS syncs as ${facts.durability} does`, remedy };
  }
  return { level: 'fine', what: `NATS syncs as --durability ${facts.durability} does` };
}

const RANK: Readonly<Record<Durability, number>> = { process: 0, interval: 1, disk: 2 };

export function judgeClickHouse(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorMin, minorMin] = CLICKHOUSE_VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return { level: 'fine', what: `ClickHouse ${version}` };
  return { level: 'problem', what: `ClickHouse ${version} is too old`, remedy: `use ${CLICKHOUSE_VERSION_MIN.join('.')} or newer` };
}
