/** Gateways as fast as the product takes them: each connection speaks for its own devices, one request in flight. */
import { FIRST_SEQ, gatewayBody, LAST_SEQ } from './gateway-bodies.ts';
import type { GatewayBody } from './gateway-bodies.ts';
import type { GatewayLoad, Progress } from './generator-protocol.ts';
import { HttpLane, requestHead } from './http-lane.ts';

interface Template {
  readonly head: Buffer;
  readonly body: GatewayBody;
  seq: number;
}

interface Gateway {
  readonly lane: HttpLane;
  readonly templates: readonly Template[];
  turn: number;
  busy: boolean;
}

const CONTENT_TYPES = { protobuf: 'application/x-protobuf', ndjson: 'application/x-ndjson' } as const;
/** After a refusal, more or less: the product names a second, and a bench wants to see it recover. */
const REFUSED_WAIT_MS = 100;
const LATENCIES_MAX = 100_000;

export class GatewayGenerator {
  readonly #gateways: readonly Gateway[];
  readonly latencies: number[] = [];
  #eventsPerS = 0;
  #running = false;
  #owed = 0;
  #acked = 0;
  #sum = 0;
  #inFlight = 0;
  #refused = 0;
  #firstRefusal = '';

  private constructor(gateways: readonly Gateway[]) {
    this.#gateways = gateways;
  }

  static async connect(load: GatewayLoad, onLost: (error: Error) => void): Promise<GatewayGenerator> {
    const each = Math.ceil(load.devices.length / load.connections);
    const gateways: Gateway[] = [];
    for (let start = 0; start < load.devices.length; start += each) {
      const own = load.devices.slice(start, start + each).map((name, place) => ({ index: start + place, name }));
      const templates: Template[] = [];
      for (let at = 0; at < own.length; at += load.samplesPerRequest) {
        const body = gatewayBody(load.format, own.slice(at, at + load.samplesPerRequest), load.boot);
        const head = requestHead(load.url, { token: load.key, contentType: CONTENT_TYPES[load.format], length: body.bytes.length });
        templates.push({ head, body, seq: FIRST_SEQ });
      }
      gateways.push({ lane: await HttpLane.open(load.url, onLost), templates, turn: 0, busy: false });
    }
    return new GatewayGenerator(gateways);
  }

  go(eventsPerS: number): void {
    this.#eventsPerS = eventsPerS;
    this.#running = true;
    this.#owed = 0;
    if (eventsPerS === 0) for (const gateway of this.#gateways) this.#sendNext(gateway);
  }

  pause(): void {
    this.#running = false;
  }

  /** Called every few ms: in paced mode starts what is due. */
  tick(elapsedMs: number): void {
    if (!this.#running || this.#eventsPerS === 0) return;
    this.#owed = Math.min(this.#owed + (elapsedMs * this.#eventsPerS) / 1_000, this.#eventsPerS);
    for (const gateway of this.#gateways) {
      if (this.#owed <= 0) return;
      if (!gateway.busy) this.#owed -= this.#sendNext(gateway);
    }
  }

  progress(cpuMs: number): Progress {
    return {
      type: 'progress',
      acked: this.#acked,
      sum: this.#sum,
      inFlight: this.#inFlight,
      refused: this.#refused,
      firstRefusal: this.#firstRefusal,
      cpuMs,
    };
  }

  close(): void {
    for (const { lane } of this.#gateways) lane.close();
  }

  /** Sends the gateway's next request; answers its events. */
  #sendNext(gateway: Gateway): number {
    const template = gateway.templates[gateway.turn];
    if (gateway.busy || template === undefined || template.seq > LAST_SEQ) return 0;
    gateway.turn = (gateway.turn + 1) % gateway.templates.length;
    const sum = template.body.patch(template.seq, Date.now());
    template.seq += 1;
    this.#send(gateway, template, sum);
    return template.body.samples;
  }

  #send(gateway: Gateway, template: Template, sum: number): void {
    const { samples } = template.body;
    const sentMs = performance.now();
    gateway.busy = true;
    this.#inFlight += samples;
    gateway.lane.send(template.head, template.body.bytes, ({ body, status }) => {
      this.#inFlight -= samples;
      if (status !== 202) {
        this.#refused += 1;
        if (this.#firstRefusal === '') this.#firstRefusal = `${status} ${body.slice(0, 300)}`;
        // The same request again: whatever of it was stored is recognised by its sequences.
        setTimeout(() => this.#send(gateway, template, sum), REFUSED_WAIT_MS * (0.5 + Math.random()));
        return;
      }
      this.#acked += samples;
      this.#sum += sum;
      if (this.latencies.length < LATENCIES_MAX) this.latencies.push(performance.now() - sentMs);
      gateway.busy = false;
      if (this.#running && this.#eventsPerS === 0) this.#sendNext(gateway);
    });
  }
}
