/** Reads server-sent events as a browser does: the last id counts from when its event is dispatched. */

export interface Sse {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export class SseClient {
  readonly events: Sse[] = [];
  lastId = '';
  isOver = false;
  readonly #controller = new AbortController();
  #wake: (() => void) | undefined;

  /** Rejects with the status where the stream is refused. */
  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<SseClient> {
    const client = new SseClient();
    const response = await fetch(url, { headers, signal: client.#controller.signal });
    if (response.status !== 200 || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
    void client.#read(response.body).catch(() => client.#end());
    return client;
  }

  /** Resolves when it is so; rejects when it isn't in time. */
  async until(isSo: () => boolean, what: string, ms = 20_000): Promise<void> {
    const end = performance.now() + ms;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`${what}: not in ${ms} ms, after ${this.events.length} events`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.#controller.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        this.#block(text.slice(0, end));
        text = text.slice(end + 2);
      }
      this.#wake?.();
    }
    this.#end();
  }

  #block(block: string): void {
    let data: string | undefined;
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) this.lastId = line.slice(4);
      if (line.startsWith('data: ')) data = (data === undefined ? '' : `${data}\n`) + line.slice(6);
    }
    if (data !== undefined) this.events.push({ id: this.lastId, data: JSON.parse(data) as Sse['data'] });
  }

  #end(): void {
    this.isOver = true;
    this.#wake?.();
  }
}
