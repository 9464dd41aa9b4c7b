/**
 * What goes out on one connection: packets are collected, and written with the acknowledgements that are due in one write a
 * turn of the event loop. Says how much waits, so that whoever adds more can bound it.
 */
import { Buffer } from 'node:buffer';
import type { AckWriter } from './ack-writer.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Wire } from './wire.ts';

/** What goes out in one write to a client of which it isn't known yet whether it reads. */
const TURN_BYTES = 256 * 1024;

export class Outbox {
  readonly #wire: Wire;
  /** Shared by all connections. */
  readonly #writer: AckWriter;
  #packets: Buffer[] = [];
  /** Of the packets that were added since the last flush. */
  bytes = 0;
  /** The socket has bytes that it could not write yet; who hears that it has, takes this back. */
  isHeld = false;

  constructor(wire: Wire, writer: AckWriter) {
    this.#wire = wire;
    this.#writer = writer;
  }

  /** Bytes that wait, beyond what one write may take. */
  get unwritten(): number {
    return this.isHeld ? this.bytes : Math.max(0, this.bytes - TURN_BYTES);
  }

  add(packet: Buffer): void {
    this.#packets.push(packet);
    this.bytes += packet.length;
  }

  write(bytes: Buffer): void {
    if (!this.#wire.write(bytes)) this.isHeld = true;
  }

  /** Packets and acknowledgements, in one write. False: see `Acknowledgements.write`. */
  flush(acks: Acknowledgements): boolean {
    const writer = this.#writer;
    writer.begin();
    const { isReceiving } = acks;
    const goesOn = acks.write(writer);
    const packets = this.#packets;
    if (packets.length === 0) {
      if (writer.isEmpty) return goesOn;
      this.write(writer.take());
      if (this.#wire.isHolding) writer.leave();
      else writer.free();
      return goesOn;
    }
    this.#packets = [];
    this.bytes = 0;
    const [first] = packets;
    if (writer.isEmpty && packets.length === 1 && first !== undefined) this.write(first);
    else if (writer.isEmpty) this.write(Buffer.concat(packets));
    // Where a client's own message came back in this turn, some expect it before PUBACK and behind PUBREC.
    else this.write(Buffer.concat(isReceiving ? [writer.take(), ...packets] : [...packets, writer.take()]));
    writer.free();
    return goesOn;
  }
}
