/** An erased device, as the fold tells of it to who asks. */

/** A device of this name, which no device can have, is the question for the list. */
export const ERASURES_DEVICE = '$erasures';

export interface Erasure {
  readonly tenant: string;
  readonly device: string;
  /** Position of the event, and its log time. */
  readonly seq: number;
  readonly index: number;
  readonly logMs: number;
}
