/** Bodies about erasing a device, as JSON Schema. */

const TIME = { type: 'string', format: 'date-time' } as const;

/** `confirm` repeats the device's id: what is erased does not come back. */
export const eraseSchema = {
  type: 'object',
  required: ['confirm'],
  additionalProperties: false,
  properties: { confirm: { type: 'string', maxLength: 64 } },
} as const;

export const erasureSchema = {
  type: 'object',
  required: ['device', 'tenant', 'position', 'state'],
  properties: {
    device: { type: 'string' },
    tenant: { type: 'string' },
    position: { type: 'string' },
    /** `running`: rows or snapshots are still being erased; `done`: nothing is left but what the log forgets by its age. */
    state: { type: 'string', enum: ['running', 'done'] },
    requestedAt: TIME,
    doneAt: TIME,
    /** By then the log has forgotten it, too. */
    completeBy: TIME,
  },
} as const;
