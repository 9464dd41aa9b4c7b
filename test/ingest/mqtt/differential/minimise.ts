/** Makes a script that shows a difference as small as it can: fewer steps, then plainer ones, until nothing more can go. */
import type { ScriptFilter, ScriptProperties, Step } from './script.ts';

const PLAIN: ScriptProperties = {
  user: [],
  contentType: undefined,
  responseTopic: undefined,
  correlation: undefined,
  isText: false,
  expires: false,
};

/** `differs` answers the step at which the script's difference shows, or undefined where it has none any more. */
export async function minimise(
  steps: readonly Step[],
  differs: (steps: readonly Step[]) => Promise<number | undefined>,
  limitMs: number,
): Promise<readonly Step[]> {
  const deadline = performance.now() + limitMs;
  let least = steps;
  const attempt = async (candidate: readonly Step[]): Promise<boolean> => {
    if (performance.now() > deadline) return false;
    const at = await differs(candidate);
    if (at === undefined) return false;
    // Nothing after the difference has to do with it.
    least = candidate.slice(0, at + 1);
    return true;
  };
  await attempt(least);
  for (let changed = true; changed && performance.now() < deadline;) {
    changed = false;
    for (let size = Math.ceil(least.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
      for (let from = least.length - size; from >= 0; from -= size) {
        if (await attempt(least.toSpliced(from, size))) {
          changed = true;
          from = Math.min(from, least.length);
        }
      }
    }
    for (let n = 0; n < least.length; n++) {
      const step = least[n];
      for (const plainer of step === undefined ? [] : plainerSteps(step)) {
        if (JSON.stringify(plainer) !== JSON.stringify(least[n]) && (await attempt(least.with(n, plainer)))) {
          changed = true;
          n = -1;
          break;
        }
      }
    }
  }
  return least;
}

function plainerSteps(step: Step): readonly Step[] {
  if (step.do === 'connect')
    return [
      { ...step, will: undefined },
      { ...step, acks: true },
      { ...step, cleanStart: false },
      { ...step, isKept: false },
    ];
  if (step.do === 'publish') {
    const flags = ['isRepeated', 'isAliased', 'isEmpty', 'retain', 'isShared', 'isBrief'] as const;
    return [{ ...step, properties: PLAIN }, ...flags.map((flag) => ({ ...step, [flag]: false })), { ...step, qos: 0 }];
  }
  if (step.do !== 'subscribe') return [];
  const [first, ...others] = step.filters;
  const plain = (one: ScriptFilter): ScriptFilter => ({ ...one, noLocal: false, retainAsPublished: false, retainHandling: 0 });
  return [
    { ...step, id: undefined },
    ...(others.length > 0 && first !== undefined
      ? [
          { ...step, filters: [first] },
          { ...step, filters: others },
        ]
      : []),
    { ...step, filters: step.filters.map(plain) },
  ];
}
