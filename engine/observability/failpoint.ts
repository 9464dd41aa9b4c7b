/**
 * Named places where the crash suite kills a process, exactly between two steps whose order a promise rests on. Unarmed,
 * a failpoint is one map look-up that finds nothing. Armed with `name=kill@3`, the process kills itself with SIGKILL at
 * the third pass.
 */

export const FAILPOINTS = [
  'edge.batch-sent',
  'edge.batch-stored',
  'edge.acks-written',
  'edge.call-claimed',
  'owner.claimed',
  'owner.recovered',
  'owner.fetched',
  'owner.folded',
  'owner.record-sent',
  'owner.record-committed',
  'owner.effects-sent',
  'owner.effects-stored',
  'owner.snapshot-stored',
  'owner.purged',
  'sink.before-fence',
  'sink.fenced',
  'sink.asked',
  'sink.intent-committed',
  'sink.insert-started',
  'sink.insert-done',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

const armed = new Map<string, number>();

/** `name=kill@K`, several separated by commas. Returns what it could not read. */
export function armFailpoints(spec: string): readonly string[] {
  const bad: string[] = [];
  for (const part of spec.split(',').filter((text) => text !== '')) {
    const match = /^([a-z.-]+)=kill@([1-9]\d*)$/.exec(part.trim());
    const name = match?.[1];
    if (name === undefined || !(FAILPOINTS as readonly string[]).includes(name)) bad.push(part);
    else armed.set(name, Number(match?.[2]));
  }
  return bad;
}

export function failpoint(name: Failpoint): void {
  if (armed.size === 0) return;
  const left = armed.get(name);
  if (left === undefined) return;
  if (left <= 1) process.kill(process.pid, 'SIGKILL');
  armed.set(name, left - 1);
}
