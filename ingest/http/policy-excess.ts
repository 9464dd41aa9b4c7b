/** Nobody gives what he hasn't got: not with a new key, nor by changing what a key, a device or a group is allowed or denied. */
import { givenBy, type PolicyDoc } from '../../engine/domain/policy.ts';
import { excessGrant } from '../credentials/grants.ts';
import type { Principal } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** What a key has of its own: scopes are grants like those of its policy. */
export interface KeyGrants {
  readonly scopes?: readonly string[] | undefined;
  /** Null in a change: removed. */
  readonly policy?: PolicyDoc | null | undefined;
}

/** `before`: the key that is changed; undefined: it is made, or its secret is handed out. */
export function keyExcess(principal: Principal, change: KeyGrants, before?: KeyGrants): Refusal | undefined {
  const scopes = change.scopes ?? before?.scopes;
  const policy = change.policy === undefined ? before?.policy : change.policy;
  return refusalOf(excessGrant(principal, givenBy(before === undefined ? undefined : whole(before), whole({ scopes, policy })), 'key'));
}

/** Of a device's or a group's document; undefined in `change`: it stays as it is. */
export function deviceExcess(principal: Principal, change: KeyGrants['policy'], before?: PolicyDoc): Refusal | undefined {
  if (change === undefined) return undefined;
  return refusalOf(excessGrant(principal, givenBy(before, change ?? undefined), 'device'));
}

function whole({ policy, scopes = [] }: KeyGrants): PolicyDoc {
  const { allow = [], deny = [] } = policy ?? {};
  return { allow: [...scopes, ...allow], deny };
}

function refusalOf(excess: string | undefined): Refusal | undefined {
  return excess === undefined ? undefined : refusal('forbidden', `a key gives only what it has itself; it lacks ${excess}`);
}
