/** Twins as `GET /v1/devices/{id}/twin` tells them. */
import type { ProductApi } from '../product/api.ts';
import type { MetricValue, TwinLeaf, TwinLeaves } from './facts.ts';

interface TwinBody {
  readonly latest?: Readonly<Record<string, { readonly value: MetricValue; readonly time: string | number; readonly cause: string }>>;
}

/** Devices asked for at a time. */
const AT_ONCE = 16;

export function leavesOf(body: unknown): TwinLeaves {
  const found: Record<string, TwinLeaf> = {};
  for (const [name, leaf] of Object.entries((body as TwinBody).latest ?? {})) {
    found[name] = { value: leaf.value, timeMs: new Date(leaf.time).getTime(), cause: leaf.cause };
  }
  return found;
}

/** The `latest` sections of many devices; a device that was never heard of has none. */
export async function readTwins(api: ProductApi, devices: readonly string[]): Promise<ReadonlyMap<string, TwinLeaves | undefined>> {
  const found = new Map<string, TwinLeaves | undefined>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let device = devices[next++]; device !== undefined; device = devices[next++]) {
      const body = await api.twin(device);
      found.set(device, body === undefined ? undefined : leavesOf(body));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}
