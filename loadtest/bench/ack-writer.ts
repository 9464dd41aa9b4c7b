/** Acknowledgements of one read, written at once. */
import { ACK_BYTES, PUBACK_TYPE } from '../mqtt/packets.ts';
import type { RawClient } from '../mqtt/raw-client.ts';

const ROOM_BYTES = 262_144;

/** The packet identifier of a PUBLISH of QoS 1 or 2 whose body begins there. */
export function packetIdOf(bytes: Buffer, start: number): number {
  return bytes.readUInt16BE(start + 2 + bytes.readUInt16BE(start));
}

/** For many clients, one after the other: whoever's read began must flush before the next one's. */
export class AckWriter {
  readonly #bytes = Buffer.allocUnsafe(ROOM_BYTES);
  #length = 0;

  puback(packetId: number): void {
    this.#bytes[this.#length] = PUBACK_TYPE << 4;
    this.#bytes[this.#length + 1] = 2;
    this.#bytes.writeUInt16BE(packetId, this.#length + 2);
    this.#length += ACK_BYTES;
  }

  flush(client: RawClient): void {
    if (this.#length === 0) return;
    client.send(Buffer.from(this.#bytes.subarray(0, this.#length)));
    this.#length = 0;
  }
}
