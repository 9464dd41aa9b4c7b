/**
 * `GET /v1/devices/{id}/twin`: a device's twin; as JSON Schema. The fold's worker writes this body itself, straight from
 * the columns, because an integer beyond 2^53 keeps all its digits there; a test holds the two against each other.
 */

/** One client of a device. */
const clientSchema = {
  type: 'object',
  required: ['clientId', 'connected', 'since', 'cause', 'connection', 'edge', 'via'],
  properties: {
    clientId: { type: 'string' },
    connected: { type: 'boolean' },
    since: { type: 'string' },
    cause: { type: 'string' },
    connection: { type: 'integer' },
    /** The edge that holds or held the connection, and the protocol. */
    edge: { type: 'string' },
    via: { type: 'string' },
    /** The device that speaks for this one. */
    gateway: { type: 'string' },
    address: { type: 'string' },
    keepAliveS: { type: 'integer' },
    /** How long its session outlasts the connection; 4294967295 is for ever. Absent: there is no session any more. */
    sessionExpiryS: { type: 'integer' },
    /** Of one that is not connected: MQTT's reason code, and a word. */
    reason: { type: 'integer' },
    why: { type: 'string' },
    flapping: { const: true },
  },
} as const;

export const twinSchema = {
  type: 'object',
  required: ['tenant', 'device', 'version', 'latest'],
  properties: {
    tenant: { type: 'string' },
    device: { type: 'string' },
    /** Position of the last telemetry that was accepted from the device; where there was none, `stateCause`, or the cause of `presence`. */
    version: { type: 'string' },
    /** What the registry said of the device last, as the fold knows it; absent: nothing yet. */
    state: { enum: ['registered', 'active', 'disabled', 'decommissioned', 'deleted'] },
    /** The device was decommissioned: nothing changes here any more. */
    archived: { const: true },
    /** Log time, and the position of the event that says so; where the device is disabled, decommissioned or deleted. */
    stateSince: { type: 'string' },
    stateCause: { type: 'string' },
    /** The newest value of each metric and attribute. */
    latest: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['value', 'time', 'cause'],
        properties: {
          /** A number, a boolean or a string, as it was sent. */
          value: {},
          /** Event time. */
          time: { type: 'string' },
          /** Position of the event that brought the value. */
          cause: { type: 'string' },
        },
      },
    },
    /** Of a device that connected once: whether any of its clients is connected, since when (log time), and by which event. */
    presence: {
      type: 'object',
      required: ['connected', 'since', 'cause', 'connection', 'clients'],
      properties: {
        connected: { type: 'boolean' },
        since: { type: 'string' },
        cause: { type: 'string' },
        /** The number of the connection that `since` is of. */
        connection: { type: 'integer' },
        /** More than 15 connects within a minute, of one of the clients. */
        flapping: { const: true },
        clients: { type: 'array', items: clientSchema },
      },
    },
  },
} as const;
