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
    meaning: 'Another request decided about the same thing at the same time. Read it again and decide again.',
  },
  'already-registered': {
    status: 409,
    title: 'Already registered',
    meaning: 'The id is taken. A device that lost its token gets another with POST /v1/devices/{id}/credentials.',
  },
  'external-id-taken': { status: 409, title: 'The external id belongs to another device', meaning: 'External ids are unique in a tenant.' },
  'too-many-credentials': {
    status: 409,
    title: 'The device has as many credentials as it may',
    meaning: 'Two may be valid at once, for rotation. Revoke one first.',
  },
  'too-many-devices': {
    status: 409,
    title: 'No more devices can be registered',
    meaning: 'The deployment holds as many devices as it may.',
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
