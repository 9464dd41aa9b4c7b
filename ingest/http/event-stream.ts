/**
 * One open SSE response: pages of the feed as they come, each event with the token to go on from. A client that reads slowly
 * holds only its own reader; one that says nothing hears a comment, and is told where it is even when nothing concerns it.
 */
import type { ServerResponse } from 'node:http';
import type { FeedReader } from '../feed/feed-reader.ts';
import { itemText } from '../feed/item-json.ts';

/** Below what proxies take for silence. */
const HEARTBEAT_MS = 15_000;
/** A client that lost its stream comes back after so long. */
const RETRY_MS = 1_000;
/** Written at once; then it is looked whether the client reads. */
const CHUNK_CHARS = 64 * 1024;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Some proxies hold answers back otherwise.
  'x-accel-buffering': 'no',
};

export class EventStream {
  readonly #response: ServerResponse;
  readonly #reader: FeedReader;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(response: ServerResponse, reader: FeedReader) {
    this.#response = response;
    this.#reader = reader;
    response.once('close', () => this.end());
    response.writeHead(200, HEADERS);
    response.write(`retry: ${RETRY_MS}\nid: ${reader.token()}\n\n`);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Resolves when the stream is over, whoever ended it. */
  async run(): Promise<void> {
    for await (const page of this.#reader) {
      let text = '';
      if (page.gap !== undefined) text += `data: ${JSON.stringify({ type: 'gap', from: new Date(page.gap.fromMs).toISOString() })}\n\n`;
      for (const item of page.items) {
        text += `id: ${this.#reader.tokenAfter(item)}\ndata: ${itemText(item)}\n\n`;
        if (text.length < CHUNK_CHARS) continue;
        await this.#write(text);
        text = '';
      }
      await this.#write(text);
    }
    this.end();
  }

  /** Ends the answer as it stands: the client comes back to where it was. */
  end(): void {
    clearInterval(this.#heartbeat);
    this.#reader.close();
    this.#response.end();
  }

  async #write(text: string): Promise<void> {
    const response = this.#response;
    if (text === '' || response.writableEnded || response.write(text)) return;
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        response.off('drain', goOn);
        response.off('close', goOn);
        resolve();
      };
      response.on('drain', goOn);
      response.on('close', goOn);
    });
  }

  #beat(): void {
    // Nothing that waits may be overtaken by a token beyond it; what was told off is written, or in this same turn.
    if (!this.#response.writableNeedDrain) this.#response.write(`: still here\nid: ${this.#reader.token()}\n\n`);
  }
}
