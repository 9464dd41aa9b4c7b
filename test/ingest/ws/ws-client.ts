/** A WebSocket client that keeps what it is told. */
import { decode, encode } from 'cborg';
import { WebSocket, type ClientOptions } from 'ws';

export type Told = Readonly<Record<string, unknown>>;

export class WsClient {
  readonly ws: WebSocket;
  readonly told: Told[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #isCbor: boolean;
  #wake: (() => void) | undefined;

  private constructor(ws: WebSocket, isCbor: boolean) {
    this.ws = ws;
    this.#isCbor = isCbor;
    ws.on('message', (data: Buffer) => {
      const frame: unknown = isCbor ? decode(data) : JSON.parse(data.toString('utf8'));
      this.told.push(frame as Told);
      this.#wake?.();
    });
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString('utf8') };
      this.#wake?.();
    });
    ws.on('error', () => undefined);
  }

  /** Rejects with the status where the upgrade is refused. */
  static async open(url: string, options: ClientOptions & { readonly protocol?: string } = {}): Promise<WsClient> {
    const protocol = options.protocol ?? 'twinfold.v1.json';
    const ws = new WebSocket(url, protocol, options);
    const client = new WsClient(ws, protocol.endsWith('cbor'));
    await new Promise<void>((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('unexpected-response', (_request, response) => reject(new Error(`refused: ${response.statusCode}`)));
      ws.once('error', reject);
    });
    return client;
  }

  send(frame: Told): void {
    this.ws.send(this.#isCbor ? encode(frame) : JSON.stringify(frame));
  }

  /** The first frame that fits, told before or to come. */
  async find(fits: (told: Told) => boolean, ms = 15_000): Promise<Told> {
    let found: Told | undefined;
    await this.until(() => {
      found = this.told.find(fits);
      return found !== undefined;
    }, ms);
    return found ?? {};
  }

  async until(isSo: () => boolean, ms = 15_000): Promise<void> {
    const end = performance.now() + ms;
    while (!isSo()) {
      if (performance.now() > end)
        throw new Error(`not in ${ms} ms; told ${JSON.stringify(this.told.slice(-3))}, ${JSON.stringify(this.closed)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  end(): void {
    this.ws.terminate();
  }
}
