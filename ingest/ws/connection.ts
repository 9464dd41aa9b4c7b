/**
 * One WebSocket of `/ws`: who is on the other side, what its frames lead to, and how it ends. Devices send, applications
 * subscribe; a client may do either, as its credential grants.
 */
import type { WebSocket } from 'ws';
import { FIRST_PACKET_MS_MAX } from '../../engine/kernel/limits.ts';
import { VIA } from '../../schemas/envelope.ts';
import { callerBy, notGranted } from '../http/access.ts';
import { type StreamCaller, withTenant } from '../http/stream-caller.ts';
import { problemBody } from '../http/problem.ts';
import type { Principal } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Socket } from 'node:net';
import { ApplicationSide } from './application-side.ts';
import { type Codec, type Fields, JSON_CODEC } from './codec.ts';
import { CLOSE, type WsContext } from './context.ts';
import { DeviceSide } from './device-side.ts';

/** A client that is there answers a ping; one that says nothing for two of these is gone. */
const PING_MS = 30_000;
/** After our close a client has so long to close its side. */
const LINGER_MS_MAX = 1_000;
/** What will be offered, and is not yet. */
const NOT_YET: ReadonlySet<string> = new Set(['twin.reported', 'twin.get', 'command.response', 'firmware.status']);
const REASON_BYTES_MAX = 120;

/** Of a client that was let in. */
interface Session {
  readonly caller: StreamCaller;
  readonly device: DeviceSide | undefined;
  readonly application: ApplicationSide;
  readonly leave: (code: number) => void;
}

export class WsConnection {
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  readonly #context: WsContext;
  readonly #codec: Codec;
  readonly #openedMs: number;
  #session: Session | undefined;
  #pingedMs: number;
  #isAlive = true;
  #isDraining = false;
  #closingMs: number | undefined;
  #held = false;
  #isCorked = false;
  readonly #onClosed: () => void;

  /** `caller`: who it is already, by a header, a ticket or a certificate. */
  constructor(
    ws: WebSocket,
    socket: Socket,
    parts: {
      readonly context: WsContext;
      readonly codec: Codec | undefined;
      readonly caller: StreamCaller | undefined;
      readonly onClosed: () => void;
    },
  ) {
    this.#ws = ws;
    this.#socket = socket;
    this.#context = parts.context;
    this.#codec = parts.codec ?? JSON_CODEC;
    this.#onClosed = parts.onClosed;
    this.#openedMs = parts.context.clock.monotonic();
    this.#pingedMs = this.#openedMs;
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#message(data, isBinary));
    ws.on('pong', () => {
      this.#isAlive = true;
    });
    // What broke shows as `close`, which always follows.
    ws.on('error', () => undefined);
    ws.on('close', (code) => this.#closed(code));
    if (parts.caller !== undefined) this.#enter(parts.caller);
  }

  get inFlight(): number {
    return this.#session?.device?.inFlight ?? 0;
  }

  /** To be called about once a second. */
  sweep(nowMs: number): void {
    if (this.#closingMs !== undefined) {
      if (nowMs - this.#closingMs > LINGER_MS_MAX) this.#ws.terminate();
      return;
    }
    if (this.#session === undefined) {
      if (nowMs - this.#openedMs > FIRST_PACKET_MS_MAX) this.#close(CLOSE.unauthorized, 'no credential came in time');
      return;
    }
    this.#session.device?.sweep(nowMs);
    if (nowMs - this.#pingedMs < PING_MS) return;
    // A socket that we don't read can't show that its client is alive.
    if (!this.#isAlive && !this.#held) {
      this.#ws.terminate();
      return;
    }
    this.#pingedMs = nowMs;
    this.#isAlive = false;
    this.#ws.ping();
  }

  /** Takes nothing more, and closes when what is in flight is answered. */
  drain(): void {
    this.#isDraining = true;
    this.#closeDrained();
  }

  stop(): void {
    this.#close(CLOSE.goingAway, 'this process is shutting down');
  }

  destroy(): void {
    this.#ws.terminate();
  }

  #message(data: Buffer, isBinary: boolean): void {
    this.#isAlive = true;
    if (this.#closingMs !== undefined) return;
    if (isBinary !== this.#codec.isBinary) {
      this.#close(CLOSE.unsupportedData, `${this.#codec.protocol} has ${this.#codec.isBinary ? 'binary' : 'text'} frames`);
      return;
    }
    const frame = this.#codec.read(data);
    if (frame === undefined) {
      this.#close(CLOSE.invalidPayload, 'the frame is no record');
      return;
    }
    const session = this.#session;
    const { fields, payload } = frame;
    const { op } = fields;
    if (session === undefined) {
      this.#authenticate(fields);
      return;
    }
    if (this.#isDraining) {
      this.#nack(fields['id'], refusal('draining', 'this process is shutting down', { retryAfterMs: 1_000 }));
      return;
    }
    if (op === 'telemetry') this.#telemetry(session, fields['id'], payload);
    else if (op === 'subscribe') void session.application.subscribe(fields);
    else if (op === 'unsubscribe') session.application.unsubscribe(fields);
    else if (typeof op === 'string' && NOT_YET.has(op))
      this.#answer({ op: 'nack', id: fields['id'], code: 'not-offered', detail: `${op} is not offered yet` });
    else this.#nack(fields['id'], refusal('malformed', 'there is no such op', { pointer: '/op' }));
  }

  #telemetry({ caller, device }: Session, id: unknown, payload: Parameters<DeviceSide['take']>[1] | undefined): void {
    const { principal } = caller;
    if (device === undefined || principal.kind === 'admin')
      this.#nack(id, refusal('forbidden', 'events are sent by devices, or by an API key with the scope telemetry:write'));
    else if (!principal.grants.allows('telemetry:write')) this.#nack(id, notGranted('telemetry:write'));
    else if (payload === undefined) this.#nack(id, refusal('malformed', 'a frame of telemetry has a payload', { pointer: '/payload' }));
    else device.take(id, payload);
  }

  #authenticate({ op, token, tenant }: Fields): void {
    if (op !== 'auth' || typeof token !== 'string') {
      this.#close(CLOSE.unauthorized, 'the first frame is {"op":"auth","token":…}');
      return;
    }
    const caller = withTenant(
      callerBy(token, { socket: this.#socket }, this.#context.authenticator),
      typeof tenant === 'string' ? tenant : undefined,
    );
    if ('code' in caller) {
      this.#context.refused(caller.limit ?? caller.code);
      this.#close(caller.code === 'forbidden' ? CLOSE.forbidden : CLOSE.unauthorized, caller.detail);
      return;
    }
    this.#enter(caller);
    if (this.#session !== undefined) this.#answer({ op: 'authenticated' });
  }

  #enter(caller: StreamCaller): void {
    const { admission, authenticator, connections } = this.#context;
    const { principal, tenant } = caller;
    const limited = limitedAs(principal, this.#socket);
    const entered = limited === undefined ? undefined : admission?.enter(limited, 'own');
    if (entered?.hit !== undefined && limited !== undefined) {
      const { hit } = entered;
      admission?.refused(limited, hit);
      this.#context.refused(hit.limit);
      this.#close(CLOSE.overLimit, `limit ${hit.limit}; try again in ${Math.ceil(hit.retryAfterMs / 1_000)} s`);
      return;
    }
    const unlisten = authenticator.onRevoked(principal.credential, () => this.#close(CLOSE.unauthorized, 'the credential was revoked'));
    // Whoever keeps count of connections hears of this one here, and of its end below.
    const watched = connections?.opened({ principal, tenant, via: VIA.websocket });
    const answer = (fields: Fields): void => this.#answer(fields);
    const nack = (id: unknown, refused: Refusal): void => this.#nack(id, refused);
    this.#session = {
      caller,
      device:
        limited === undefined || principal.kind === 'admin'
          ? undefined
          : new DeviceSide({
              context: this.#context,
              sender: { principal, token: caller.token },
              limited,
              answer,
              nack,
              hold: (isHeld) => this.#hold(isHeld),
            }),
      application: new ApplicationSide({
        context: this.#context,
        codec: this.#codec,
        caller,
        answer,
        nack,
        send: async (data) => this.#send(data),
      }),
      leave: (code) => {
        entered?.leave();
        unlisten();
        watched?.closed(code);
      },
    };
  }

  #nack(id: unknown, refused: Refusal): void {
    const { type: _type, title: _title, status: _status, ...told } = problemBody(refused);
    this.#answer({ op: 'nack', ...(id === undefined ? {} : { id }), ...told });
  }

  #answer(fields: Fields): void {
    void this.#send(this.#codec.write(fields));
    this.#closeDrained();
  }

  /** Resolves when the socket has taken it, or is gone. Frames of one turn leave in one write. */
  async #send(data: string | Uint8Array): Promise<void> {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#isCorked = false;
        this.#socket.uncork();
      });
    }
    await new Promise<void>((resolve) => this.#ws.send(data, { binary: this.#codec.isBinary }, () => resolve()));
  }

  #hold(isHeld: boolean): void {
    if (isHeld === this.#held) return;
    this.#held = isHeld;
    if (isHeld) this.#ws.pause();
    else this.#ws.resume();
  }

  #closeDrained(): void {
    if (this.#isDraining && this.inFlight === 0) this.stop();
  }

  #close(code: number, why: string): void {
    if (this.#closingMs !== undefined) return;
    this.#closingMs = this.#context.clock.monotonic();
    this.#session?.application.close();
    this.#session?.device?.close();
    // A paused socket would not see the other side's close.
    this.#hold(false);
    this.#ws.close(code, Buffer.from(why).subarray(0, REASON_BYTES_MAX).toString('utf8'));
  }

  #closed(code: number): void {
    this.#closingMs ??= this.#context.clock.monotonic();
    this.#session?.application.close();
    this.#session?.device?.close();
    this.#session?.leave(code);
    this.#session = undefined;
    this.#onClosed();
  }
}

/** Whom the limits see; undefined: nothing limits the administrator. */
function limitedAs(principal: Principal, socket: Socket): Parameters<NonNullable<WsContext['admission']>['enter']>[0] | undefined {
  if (principal.kind === 'admin') return undefined;
  return {
    tenant: principal.tenant,
    device: principal.kind === 'device' ? principal.device : undefined,
    key: principal.kind === 'key' ? principal.credential.split('.')[1] : undefined,
    listener: 'encrypted' in socket ? 'https' : 'http',
    address: socket.remoteAddress,
  };
}
