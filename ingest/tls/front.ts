/**
 * A port that speaks TLS: accepts sockets, lets them begin their handshake when it is their turn, and hands on those that
 * finished it. Whoever dribbles, stalls or says something else is dropped by a deadline, and every refusal is counted.
 * Certificates are changed under it without touching what is connected.
 */
import { Buffer } from 'node:buffer';
import { constants } from 'node:crypto';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import type { ClientCertificates } from '../../engine/config/process-config.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import { FIRST_PACKET_MS_MAX } from '../../engine/kernel/limits.ts';
import { prefixOf } from '../limits/address-prefix.ts';
import { HandshakeGate, type HandshakeRefusal, Ticket } from './handshake-gate.ts';
import { TLS_BASE, type TlsMaterial } from './material.ts';
import { noteSecure, type SecureFacts } from './peer.ts';

export type TlsRefusal = HandshakeRefusal | 'connections' | 'client-certificate-missing';

/** Keys under which session tickets are sealed; another 48 bytes every day. */
export type TicketKeys = (day: number) => Buffer;

export interface TlsFrontOptions {
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  readonly material: TlsMaterial;
  readonly clientCertificates: ClientCertificates;
  /** Sessions of one listener are not those of another. */
  readonly name: string;
  readonly protocol: 'http/1.1' | 'mqtt';
  readonly ticketKeys: TicketKeys;
  readonly clock: Clock;
  /** Must not throw. */
  readonly refused: (why: TlsRefusal) => void;
  /** A handshake is done; `resumed`: it went on from an earlier session. */
  readonly handshake?: (resumed: boolean) => void;
  readonly secure: (socket: TLSSocket, facts: SecureFacts) => void;
  readonly gate?: HandshakeGate;
  /** What a socket buffers each way before it is paused. */
  readonly highWaterMark?: number;
  /** From accepting a socket to the end of its handshake. */
  readonly handshakeMs?: number;
  readonly openingsMax?: number;
}

export interface TlsFront {
  readonly port: number;
  /** Sockets whose handshake is not done. */
  openings(): number;
  /** No new connections; those that are there go on. */
  stopAccepting(): void;
  /** Ends what has not finished its handshake; resolves when nothing listens any more. */
  close(): Promise<void>;
}

/** Sockets that are not secure yet, 5 KB each. */
const OPENINGS_MAX = 20_000;
const SWEEP_MS = 250;
const DAY_MS = 86_400_000;
/** Sessions may be resumed for so long; RFC 8446 §4.6.1 allows a week. */
const SESSION_S_MAX = 43_200;
const RECORD_HEADER_BYTES = 5;
/** RFC 8446 §5.1. */
const RECORD_BYTES_MAX = 16_384;
const HANDSHAKE_RECORD = 0x16;

/** What OpenSSL says of a first record that is none. */
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG',
  'ERR_SSL_UNEXPECTED_MESSAGE',
  'ERR_SSL_UNSUPPORTED_PROTOCOL_RECORD',
]);

interface Opening {
  readonly socket: Socket;
  readonly deadlineMs: number;
  first: Buffer;
  ticket: Ticket | undefined;
}

/** Rejects when the port can't be had. */
export async function startTlsFront(options: TlsFrontOptions): Promise<TlsFront> {
  const front = new Front(options);
  await front.listen();
  return front;
}

class Front implements TlsFront {
  readonly #options: TlsFrontOptions;
  readonly #tls: TlsServer;
  readonly #tcp: Server;
  readonly #gate: HandshakeGate;
  /** By the client's address and port, which the secure socket has too. */
  readonly #openings = new Map<string, Opening>();
  readonly #timer: NodeJS.Timeout;
  #day: number;
  #closed: Promise<void> | undefined;

  constructor(options: TlsFrontOptions) {
    this.#options = options;
    this.#gate = options.gate ?? new HandshakeGate(options.clock);
    this.#day = this.#today();
    this.#tls = createTlsServer(this.#tlsOptions(), (socket) => this.#onSecure(socket));
    this.#tls.on('tlsClientError', (error, socket) => this.#onFailed(error, socket));
    const highWaterMark = options.highWaterMark === undefined ? {} : { highWaterMark: options.highWaterMark };
    this.#tcp = createTcpServer({ noDelay: true, ...highWaterMark }, (socket) => this.#accept(socket));
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
    options.material.listen({ changed: () => this.#tls.setSecureContext(this.#tlsOptions()), failed: () => undefined });
  }

  get port(): number {
    const address = this.#tcp.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.port;
  }

  async listen(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#tcp.once('error', reject);
        this.#tcp.listen(this.#options.port, this.#options.host, () => {
          this.#tcp.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      clearInterval(this.#timer);
      throw error;
    }
  }

  openings(): number {
    return this.#openings.size;
  }

  stopAccepting(): void {
    this.#closed ??= new Promise((resolve) => this.#tcp.close(() => resolve()));
  }

  async close(): Promise<void> {
    this.stopAccepting();
    clearInterval(this.#timer);
    for (const { socket } of this.#openings.values()) socket.destroy();
    // Connections that were handed on keep the server open; they are ended by whoever has them.
    await this.#closed;
  }

  #tlsOptions(): TlsOptions {
    const { clientCertificates, material, name, protocol, ticketKeys } = this.#options;
    return {
      ...TLS_BASE,
      ...material.base(),
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      ALPNProtocols: [protocol],
      requestCert: clientCertificates !== 'off',
      // Whose CA a certificate leads to depends on its tenant: that is decided after the handshake, and not by OpenSSL.
      rejectUnauthorized: false,
      sessionIdContext: `twinfold-${name}-${clientCertificates}`.slice(0, 32),
      sessionTimeout: SESSION_S_MAX,
      ticketKeys: ticketKeys(this.#day),
      // The sweep is there first, and says what it was.
      handshakeTimeout: 2 * (this.#options.handshakeMs ?? FIRST_PACKET_MS_MAX),
      // Asked in the middle of each handshake, so only where there is a choice.
      ...(material.isByHost ? { SNICallback: (host, done) => done(null, material.contextFor(host)) } : {}),
    };
  }

  #accept(socket: Socket): void {
    socket.on('error', ignore);
    const key = keyOf(socket);
    if (this.#openings.size >= (this.#options.openingsMax ?? OPENINGS_MAX) || key === undefined) {
      this.#refuse('connections', socket);
      return;
    }
    const deadlineMs = this.#options.clock.monotonic() + (this.#options.handshakeMs ?? FIRST_PACKET_MS_MAX);
    const opening: Opening = { socket, deadlineMs, first: Buffer.alloc(0), ticket: undefined };
    this.#openings.set(key, opening);
    socket.once('close', () => this.#settle(key));
    opening.ticket = this.#gate.admitIdle(prefixOf(socket.remoteAddress ?? ''));
    if (opening.ticket === undefined) this.#listen(opening);
    else this.#tls.emit('connection', socket);
  }

  /** Others are at it: until its first record is there as a whole, it costs nothing but its bytes. */
  #listen(opening: Opening): void {
    const { socket } = opening;
    const onData = (chunk: Buffer): void => {
      opening.first = opening.first.length === 0 ? chunk : Buffer.concat([opening.first, chunk]);
      const whole = hasRecord(opening.first);
      if (whole === 'no-tls') this.#refuse('not-tls', socket);
      if (whole !== 'yes') return;
      socket.off('data', onData);
      socket.pause();
      this.#wait(opening);
    };
    socket.on('data', onData);
  }

  /** It has said its first word, so it may take a place in the queue. */
  #wait(opening: Opening): void {
    const { socket } = opening;
    const admitted = this.#gate.admit(prefixOf(socket.remoteAddress ?? ''), () => {
      socket.unshift(opening.first);
      opening.first = Buffer.alloc(0);
      this.#tls.emit('connection', socket);
    });
    if (admitted instanceof Ticket) opening.ticket = admitted;
    else this.#refuse(admitted, socket);
  }

  #onSecure(socket: TLSSocket): void {
    const key = keyOf(socket);
    if (key !== undefined) this.#settle(key);
    socket.on('error', ignore);
    const { clientCertificates, handshake, refused, secure } = this.#options;
    handshake?.(socket.isSessionReused());
    const facts = noteSecure(socket, clientCertificates);
    if (clientCertificates === 'required' && facts.peer === undefined) {
      refused('client-certificate-missing');
      socket.destroy();
      return;
    }
    secure(socket, facts);
  }

  #onFailed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    this.#options.refused(NOT_TLS.has(error.code ?? '') ? 'not-tls' : 'handshake-failed');
    socket.destroy();
  }

  #settle(key: string): void {
    const opening = this.#openings.get(key);
    if (opening === undefined) return;
    this.#openings.delete(key);
    if (opening.ticket !== undefined) this.#gate.done(opening.ticket);
  }

  #refuse(why: TlsRefusal, socket: Socket): void {
    this.#options.refused(why);
    socket.destroy();
  }

  #sweep(): void {
    const now = this.#options.clock.monotonic();
    for (const { deadlineMs, socket } of this.#openings.values()) {
      // In the order of their deadlines, as they came.
      if (deadlineMs > now) break;
      this.#refuse('handshake-time', socket);
    }
    const today = this.#today();
    if (today === this.#day) return;
    this.#day = today;
    this.#tls.setTicketKeys(this.#options.ticketKeys(today));
  }

  #today(): number {
    return Math.floor(this.#options.clock.now() / DAY_MS);
  }
}

/** Whether the first record is there as a whole. */
function hasRecord(bytes: Buffer): 'yes' | 'not-yet' | 'no-tls' {
  if (bytes[0] !== HANDSHAKE_RECORD || (bytes.length > 1 && bytes[1] !== 3)) return 'no-tls';
  if (bytes.length < RECORD_HEADER_BYTES) return 'not-yet';
  const length = bytes.readUInt16BE(3);
  if (length === 0 || length > RECORD_BYTES_MAX) return 'no-tls';
  return bytes.length >= RECORD_HEADER_BYTES + length ? 'yes' : 'not-yet';
}

function keyOf(socket: Socket): string | undefined {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined || remotePort === undefined ? undefined : `${remoteAddress}/${remotePort}`;
}

function ignore(): void {
  // What broke shows as `close`.
}
