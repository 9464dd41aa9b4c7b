/** Positions as acknowledgements spell them: `<partition>.<sequence>.<index>`. */
import type { AckedAt } from './history.ts';

const POSITION = /^(\d{1,5})\.(\d{1,16})\.(\d{1,6})$/;

/** Undefined when the text is not a position. */
export function positionOf(text: string): AckedAt | undefined {
  const match = POSITION.exec(text);
  if (match === null) return undefined;
  return { partition: Number(match[1]), seq: Number(match[2]), index: Number(match[3]) };
}
