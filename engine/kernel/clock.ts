/** Time as an argument. Services take a clock; the core takes `now` as a number. */

export interface Clock {
  /** Milliseconds since the epoch; may jump. */
  now(): number;
  /** Milliseconds on a clock that never goes back; for leases and time-outs. */
  monotonic(): number;
}
