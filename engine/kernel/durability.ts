/**
 * What an acknowledgement means: `disk` is fsynced before it, `interval` within 100 ms after it, `process` survives the
 * death of any process but not of the machine.
 */
export type Durability = 'disk' | 'interval' | 'process';
