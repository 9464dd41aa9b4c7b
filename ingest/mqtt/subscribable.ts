/**
 * What a client may subscribe to. Topics of the tenant's own tree are granted one by one; those that a device has under
 * `v1/` say no more than what it may do anyway, so they are granted with that.
 */
import { intersects, unshared } from '../../engine/domain/topic-filter.ts';
import type { Client } from './admission.ts';
import { GATEWAY, gatewayDeviceOf } from './topics.ts';

/** What comes down to a device, and the scope that it comes with; errors come to everybody. */
const DEVICE_TREES: readonly { readonly filter: string; readonly scope: string | undefined }[] = [
  { filter: 'v1/twin/#', scope: 'twin:read' },
  { filter: 'v1/commands/#', scope: 'command:respond' },
  { filter: 'v1/firmware/#', scope: 'firmware:receive' },
  { filter: 'v1/errors', scope: undefined },
];

/** The same of the devices that it speaks for. */
const GATEWAY_TREES = DEVICE_TREES.map(({ filter, scope }) => ({ filter: `${GATEWAY}+/${filter.slice('v1/'.length)}`, scope }));

/**
 * Of a filter that reaches several of a device's trees, all must be granted. One for whatever devices a gateway speaks for
 * brings those that it may speak for when something comes.
 */
export function maySubscribe({ device, grants }: Pick<Client, 'device' | 'grants'>, filter: string): boolean {
  const inner = unshared(filter);
  if (inner === undefined) return false;
  if (!inner.startsWith('v1/')) return grants.allowsSubscribe(inner);
  if (device === undefined) return false;
  const spokenFor = gatewayDeviceOf(inner) ?? '+';
  if (spokenFor !== '+' && !grants.allowsGateway(spokenFor)) return false;
  const trees = grants.grantsDevices ? [...DEVICE_TREES, ...GATEWAY_TREES] : DEVICE_TREES;
  const reached = trees.filter((tree) => intersects(tree.filter, inner));
  return reached.length > 0 && reached.every(({ scope }) => scope === undefined || grants.allows(scope));
}
