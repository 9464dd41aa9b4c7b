/**
 * The closed list of what can go wrong over HTTP: every refusal is one of these, as `application/problem+json`, and its
 * `type` (`/problems/<code>`) resolves to the text given here.
 */

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do, for the page behind `type`. */
  readonly meaning: string;
}

export const PROBLEMS = {
  malformed: {
    status: 400,
    title: 'The request is malformed',
    meaning:
      'What was sent cannot be read as what it says it is. Nothing was stored, unless the answer names positions. Correct it; sending it again as it is will fail again.',
  },
  'timestamp-in-seconds': {
    status: 400,
    title: 'An event time looks like seconds',
    meaning:
      'A number in "ts" is below 100,000,000,000: as milliseconds it would be long ago, so it is taken for seconds. Send milliseconds since the epoch, or RFC 3339 text. Nothing was stored, unless the answer names positions.',
  },
  'tenant-required': {
    status: 400,
    title: 'A tenant must be named',
    meaning: 'The administrator token belongs to no tenant. Name one in the header Twinfold-Tenant.',
  },
  unauthorized: {
    status: 401,
    title: 'No valid credential',
    meaning: 'Send a valid token as "Authorization: Bearer <token>". It may be unknown, expired or revoked.',
  },
  'bad-certificate': {
    status: 401,
    title: 'The client certificate lets nobody in',
    meaning:
      'The TLS handshake proved that the client holds the key of its certificate, but not whose it is: the detail says what is wrong with the certificate or its chain. A valid token works all the same, unless the listener requires certificates.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    meaning: 'The credential is valid, but may not do this. The detail names the scope or the device that it lacks.',
  },
  'not-found': { status: 404, title: 'Not found', meaning: 'There is no such thing, or not in this tenant.' },
  'unknown-device': {
    status: 404,
    title: 'The device is not registered',
    meaning: 'Events are taken for registered devices only. Register it with POST /v1/devices.',
  },
  'unknown-tenant': { status: 404, title: 'The tenant does not exist', meaning: 'Create it with POST /v1/tenants.' },
  'method-not-allowed': { status: 405, title: 'Method not allowed', meaning: 'The resource exists, but not with this method.' },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    meaning: 'The body did not arrive in time. Nothing was stored, unless the answer names positions.',
  },
  conflict: {
    status: 409,
    title: 'Somebody else changed it',
    meaning:
      'Another request decided about the same thing at the same time, or since the version that the body names; the answer tells the current one then. Read it again and decide again.',
  },
  'already-registered': {
    status: 409,
    title: 'Already registered',
    meaning: 'The id is taken. A device that lost its token gets another with POST /v1/devices/{id}/credentials.',
  },
  'external-id-taken': { status: 409, title: 'The external id belongs to another device', meaning: 'External ids are unique in a tenant.' },
  'certificate-taken': {
    status: 409,
    title: 'The certificate belongs to another device',
    meaning:
      'A certificate or key is one device, whatever the tenant. Give the device a key of its own; or, where the certificate is under your own CA, name that CA (POST /v1/tenants/{id}/cas): then it is yours, whoever else registered it.',
  },
  'too-many-credentials': {
    status: 409,
    title: 'The device has as many credentials as it may',
    meaning: 'Two of a type may be valid at once, for rotation. Revoke one first.',
  },
  'too-many-keys': {
    status: 409,
    title: 'No more keys can be made',
    meaning: 'A tenant has at most 10,000 keys, revoked ones among them, and a group at most 4 provisioning keys that are valid.',
  },
  'idempotency-in-flight': {
    status: 409,
    title: 'The same request is being carried out',
    meaning:
      'A request with this Idempotency-Key has begun and is not answered yet. Send it again after the time given: it is answered as the first one was. Where the process that had it died, the key is free after a minute.',
  },
  'idempotency-answer-not-kept': {
    status: 409,
    title: 'The answer can not be given again',
    meaning:
      'A request with this Idempotency-Key was carried out, but its answer is not to be had here; the detail says why. Read what it changed, and use a new key for another change.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The idempotency key was used for something else',
    meaning:
      'A request with this Idempotency-Key came within the last 24 hours, with another method, path or body. Nothing was done. A key stands for one request: use a new one.',
  },
  'too-many-groups': { status: 409, title: 'No more groups can be made', meaning: 'A tenant has at most 10,000 groups.' },
  decommissioned: {
    status: 409,
    title: 'The device was decommissioned',
    meaning:
      'It is retired for good: nothing of it changes any more, and its id is used up. To register the id again all the same, send "reuse": true.',
  },
  'version-mismatch': {
    status: 412,
    title: 'It is not what you took it for',
    meaning: 'If-Match names another version than the current one, which the answer tells. Read it again and decide again.',
  },
  'unknown-group': { status: 404, title: 'The group does not exist', meaning: 'Create it with POST /v1/groups.' },
  'group-in-use': {
    status: 409,
    title: 'The group is in use',
    meaning:
      'Devices name the group, or provisioning keys put devices into it; the answer says how many of each. Take them out of the group and revoke the keys first.',
  },
  'refused-by-hook': {
    status: 403,
    title: 'The registration was refused',
    meaning: 'The webhook of the provisioning group did not allow this device.',
  },
  'hook-unavailable': {
    status: 503,
    title: 'The registration could not be decided',
    meaning:
      'The webhook of the provisioning group gave no answer that can be used. Nothing was registered. Try again after the time given.',
  },
  'too-many-devices': {
    status: 409,
    title: 'No more devices can be registered',
    meaning: 'The deployment holds as many devices as it may.',
  },
  'too-many-cas': {
    status: 409,
    title: 'The tenant has as many CAs as it may',
    meaning: 'CAs and revocation lists of a tenant are bounded in number and size. Remove one first.',
  },
  'no-signing-ca': {
    status: 409,
    title: 'No CA signs for this tenant here',
    meaning:
      'Signing requests are signed by a CA of the tenant that was made here. POST /v1/tenants/{id}/signing-ca makes it; every edge needs the secret key that its key was sealed under.',
  },
  'too-large': {
    status: 413,
    title: 'Too large',
    meaning: 'The limit that fired is named in the answer. Send less at once, or as a stream of lines (application/x-ndjson).',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The format is not supported',
    meaning:
      'Telemetry is taken as application/json, application/x-ndjson and application/x-protobuf, plain or with Content-Encoding gzip or zstd.',
  },
  'all-failed': {
    status: 422,
    title: 'No event was accepted',
    meaning: 'All events are in the log, and none was accepted by the fold. Each one has its outcome and reason in the answer.',
  },
  'rate-limited': {
    status: 429,
    title: 'Over a limit',
    meaning:
      'The limit that fired, its window, what of it is used and when to try again are in the answer. Nothing was stored, unless the answer names positions. GET /v1/devices/{id}/limits and GET /v1/quotas/usage tell more.',
  },
  'too-many-connections': {
    status: 503,
    title: 'Too many connections',
    meaning: 'As many connections are open as the limit named in the answer allows. Try again after the time given.',
  },
  'quota-unavailable': {
    status: 503,
    title: 'The quota account does not answer',
    meaning: 'The process that keeps the account of this tenant is being replaced. Try again in a moment.',
  },
  internal: {
    status: 500,
    title: 'Something is broken here',
    meaning: 'The fault is on this side and was logged. What became of the request is unknown.',
  },
  'log-full': {
    status: 503,
    title: 'The log is full',
    meaning: 'The event log has no room. Nothing was stored, unless the answer names positions. The operator must give it room.',
  },
  'log-unavailable': {
    status: 503,
    title: 'The log does not take events now',
    meaning: 'Nothing was stored, unless the answer names positions. Try again after the time given.',
  },
  'unknown-outcome': {
    status: 503,
    title: 'It may be stored',
    meaning:
      'No acknowledgement came in time: the events may be in the log, now or later. Repeat them with boot and seq, or an id, so that a repetition is recognised.',
  },
  'no-owner': {
    status: 503,
    title: 'Nobody owns the partition now',
    meaning: 'The process that folds this device is being replaced. Writes go on; reads work again in a moment.',
  },
  behind: {
    status: 503,
    title: 'Not folded yet',
    meaning: 'The events that the answer must reflect are in the log, but the fold has not come so far in time. Try again.',
  },
  'registry-behind': {
    status: 503,
    title: 'Credentials cannot be checked now',
    meaning: 'This process lost touch with the registry and lets nobody in on old knowledge. Try again.',
  },
  'registry-unavailable': {
    status: 503,
    title: 'The registry does not answer',
    meaning: 'The change may or may not have been stored. Read before trying again.',
  },
  'no-analyst-login': {
    status: 409,
    title: 'The tenant has no login for analysts',
    meaning: 'ClickHouse has no login left for the tenant, or may not be told to make one. The detail says what to do.',
  },
  'analytics-unavailable': {
    status: 503,
    title: 'ClickHouse does not answer',
    meaning: 'What was asked for stands in ClickHouse, which is away or too busy. Events are taken meanwhile. Try again.',
  },
  overloaded: {
    status: 503,
    title: 'Too much at once',
    meaning: 'This process holds as many request bodies as it may. Try again after the time given.',
  },
  draining: {
    status: 503,
    title: 'Shutting down',
    meaning: 'This process is ending and takes nothing new. Try again; another one answers.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEMS;
