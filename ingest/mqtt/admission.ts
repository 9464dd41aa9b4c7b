/**
 * Decides over a CONNECT: who speaks, under which client id, and whether what is asked for can be kept. Pure but for the
 * authenticator, which answers from memory.
 */
import { Buffer } from 'node:buffer';
import { isId } from '../../engine/kernel/ids.ts';
import { EVENT_BYTES_MAX, TOPIC_BYTES_MAX, TOPIC_LEVELS_MAX, USER_PROPERTIES_BYTES_MAX } from '../../engine/kernel/limits.ts';
import { compilePolicy } from '../../engine/domain/policy.ts';
import { authenticateEither } from '../credentials/certificate-door.ts';
import { CERTIFICATE_FAULTS } from '../credentials/certificate-faults.ts';
import type { Ban } from '../limits/ban-book.ts';
import type { Authenticator, AuthResult, CertificateHint, Grants } from '../message.ts';
import type { SecureFacts } from '../tls/peer.ts';
import { CLIENT_ID_BYTES_MAX } from './announced.ts';
import type { MqttRefusal } from './counters.ts';
import type { Connect } from './decode-connect.ts';
import { REASON, type ReasonCode } from './packets.ts';
import { isReserved, isSystem, isTooDeep } from './topics.ts';

export interface Client {
  readonly tenant: string;
  /** Undefined: an application. */
  readonly device: string | undefined;
  /** Undefined: anonymous. */
  readonly credential: string | undefined;
  /** What it may do, as it is now. */
  readonly grants: Grants;
  readonly clientId: string;
  /** Whether the server chose the client id, and has to say so. */
  readonly assigned: boolean;
}

export type Admission =
  | { readonly ok: true; readonly client: Client }
  | {
      readonly ok: false;
      readonly reason: ReasonCode;
      readonly why: MqttRefusal;
      readonly text: string;
      /** Where the client may go instead: host and port. */
      readonly serverReference?: string;
    };

export interface AdmissionRules {
  readonly authenticator: Authenticator;
  readonly anonymousTenant: string | undefined;
  /** A client id for an application that brings none; never the same twice. */
  readonly assignClientId: () => string;
}

export type Refused = Extract<Admission, { ok: false }>;
type Speaker = Pick<Client, 'tenant' | 'device' | 'credential' | 'grants'>;

const ANONYMOUS = compilePolicy([{ source: 'anonymous', doc: { allow: ['telemetry:write', 'topic:#:pubsub'] } }], { tenant: '' });

/** Where a CONNECT came from. */
export interface Peer {
  readonly secure?: SecureFacts | undefined;
  readonly remoteAddress?: string | undefined;
}

export function admit(connect: Connect, rules: AdmissionRules, peer: Peer = {}): Admission {
  if (connect.authenticationMethod !== undefined) {
    return refuse(REASON.BAD_AUTHENTICATION_METHOD, 'authentication-method', 'enhanced authentication is not offered');
  }
  const speaker = identify(connect, rules, peer);
  if ('ok' in speaker) return speaker;
  const client = nameClient(connect, speaker, rules);
  if ('ok' in client) return client;
  const will = refusedWill(connect, client.grants);
  if (will !== undefined) return will;
  return { ok: true, client };
}

function identify(connect: Connect, rules: AdmissionRules, peer: Peer): Speaker | Refused {
  const { authenticator } = rules;
  const result = authenticateEither(authenticator, { token: connect.password, secure: peer.secure, from: peer }, hintOf(connect));
  if (result === undefined) {
    if (rules.anonymousTenant !== undefined)
      return { tenant: rules.anonymousTenant, device: undefined, credential: undefined, grants: ANONYMOUS };
    // Also who shows nothing fails: a CONNECT costs a connection.
    const ban = authenticator.bans?.failed(peer.remoteAddress, undefined);
    const refused = refuse(REASON.NOT_AUTHORIZED, 'bad-credential', 'the password must be a device token or an API key');
    return ban === undefined ? refused : refuseByBan(refused, ban);
  }
  if (!result.ok) {
    const refused = refuseCredential(result);
    return result.ban === undefined ? refused : refuseByBan(refused, result.ban);
  }
  const principal = result.principal;
  switch (principal.kind) {
    case 'device':
      return { tenant: principal.tenant, device: principal.device, credential: principal.credential, grants: principal.grants };
    case 'key':
      if (!principal.grants.grantsTopics && !principal.grants.allows('telemetry:write')) {
        return refuse(REASON.NOT_AUTHORIZED, 'not-authorized', 'the key was granted neither telemetry:write nor any topic');
      }
      return { tenant: principal.tenant, device: undefined, credential: principal.credential, grants: principal.grants };
    case 'admin':
      return refuse(REASON.NOT_AUTHORIZED, 'not-authorized', 'the admin token is for the HTTP API');
  }
}

/** The user name `<tenant>/<device>`, where it is one. */
function hintOf({ userName }: Connect): CertificateHint | undefined {
  const [tenant = '', device = '', ...rest] = userName?.split('/') ?? [];
  return rest.length === 0 && isId(tenant) && isId(device) ? { tenant, device } : undefined;
}

/** Said with what is wrong all the same: who waits with a bad credential waits in vain. */
function refuseByBan({ text }: Refused, { limit, retryAfterMs, window }: Ban): Refused {
  const wait = `limit ${limit}: ${window}; try again in ${Math.ceil(retryAfterMs / 1_000)} s`;
  return refuse(REASON.CONNECTION_RATE_EXCEEDED, limit, `${text}; ${wait}`);
}

function refuseCredential(result: Extract<AuthResult, { ok: false }>): Refused {
  switch (result.why) {
    case 'registry-behind':
      return refuse(REASON.SERVER_UNAVAILABLE, 'registry-behind', 'the registry is not read yet, try again');
    case 'revoked':
      return refuse(REASON.NOT_AUTHORIZED, 'revoked', 'the credential is revoked');
    case 'not-yet-valid':
      return refuse(REASON.NOT_AUTHORIZED, 'not-yet-valid', 'the credential is not valid yet');
    case 'expired':
      return refuse(REASON.NOT_AUTHORIZED, 'expired', 'the credential is out of its time');
    case 'disabled':
      return refuse(REASON.NOT_AUTHORIZED, 'disabled', 'the device is disabled');
    case 'provisioning-key':
      return refuse(REASON.NOT_AUTHORIZED, 'not-authorized', 'a provisioning key registers devices over HTTP, and does nothing else');
    case 'decommissioned':
      return refuse(REASON.NOT_AUTHORIZED, 'decommissioned', 'the device was decommissioned');
    case 'bad-certificate':
      return refuse(REASON.NOT_AUTHORIZED, `certificate-${result.fault ?? 'malformed'}`, CERTIFICATE_FAULTS[result.fault ?? 'malformed']);
    case 'unknown-credential':
    case 'malformed':
      return refuse(REASON.BAD_USER_NAME_OR_PASSWORD, 'bad-credential', 'the password is no valid token');
  }
}

/** A device's client id names the device, so that nobody takes over another's session by choosing its name. */
function nameClient(connect: Connect, speaker: Speaker, rules: AdmissionRules): Client | Refused {
  const asked = connect.clientId;
  if (asked === '') {
    // MQTT 3.1.1 §3.1.3.1: a session without a name can't be kept.
    if (connect.level === 4 && !connect.cleanStart) {
      return refuse(REASON.CLIENT_ID_NOT_VALID, 'client-id', 'an empty client id needs a clean session');
    }
    return { ...speaker, clientId: speaker.device ?? rules.assignClientId(), assigned: true };
  }
  if (speaker.device === undefined) {
    if (Buffer.byteLength(asked) > CLIENT_ID_BYTES_MAX) {
      return refuse(REASON.CLIENT_ID_NOT_VALID, 'client-id', `a client id has at most ${CLIENT_ID_BYTES_MAX} bytes`);
    }
    return { ...speaker, clientId: asked, assigned: false };
  }
  const suffixed = asked.startsWith(`${speaker.device}:`) && isId(asked.slice(speaker.device.length + 1));
  if (asked !== speaker.device && !suffixed) {
    return refuse(REASON.CLIENT_ID_NOT_VALID, 'client-id', 'a client id must be empty, <device> or <device>:<suffix>');
  }
  if (suffixed && !speaker.grants.allows('session:suffix')) {
    return refuse(REASON.CLIENT_ID_NOT_VALID, 'client-id', 'the policy does not grant session:suffix: use <device> as the client id');
  }
  return { ...speaker, clientId: asked, assigned: false };
}

/** A will that could not be published is not accepted. */
function refusedWill(connect: Connect, grants: Grants): Refused | undefined {
  const will = connect.will;
  if (will === undefined) return undefined;
  if (isSystem(will.topic)) return refuse(REASON.NOT_AUTHORIZED, 'will', 'a will may not go to a topic that begins with $');
  if (isReserved(will.topic)) return refuse(REASON.TOPIC_NAME_INVALID, 'will', 'a will may not go to a reserved topic');
  if (Buffer.byteLength(will.topic) > TOPIC_BYTES_MAX) {
    return refuse(REASON.TOPIC_NAME_INVALID, 'will', `the will's topic has at most ${TOPIC_BYTES_MAX} bytes`);
  }
  if (isTooDeep(will.topic)) return refuse(REASON.TOPIC_NAME_INVALID, 'will', `the will's topic has at most ${TOPIC_LEVELS_MAX} levels`);
  if (will.payload.length > EVENT_BYTES_MAX) return refuse(REASON.QUOTA_EXCEEDED, 'will', `a will has at most ${EVENT_BYTES_MAX} bytes`);
  if (will.userBytes > USER_PROPERTIES_BYTES_MAX) {
    return refuse(REASON.QUOTA_EXCEEDED, 'will', `user properties have at most ${USER_PROPERTIES_BYTES_MAX} bytes together`);
  }
  return grants.allowsPublish(will.topic) ? undefined : refuse(REASON.NOT_AUTHORIZED, 'will', "the policy does not grant the will's topic");
}

function refuse(reason: ReasonCode, why: MqttRefusal, text: string): Refused {
  return { ok: false, reason, why, text };
}
