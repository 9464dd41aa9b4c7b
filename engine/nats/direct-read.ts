/**
 * Reading messages of a stream by subject, hundreds with one question, past consumers: the server that answers sends what its
 * own copy has. Nothing is asked twice; a question that gets no answer for a while rejects.
 */
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';

export interface DirectMessage {
  readonly seq: number;
  readonly subject: string;
  readonly timeMs: number;
  readonly data: Uint8Array;
}

export interface DirectAsk {
  /** May have wildcards; absent: whatever is there, which spares the server the look for a subject's next message. */
  readonly subject?: string | undefined;
  readonly fromSeq: number;
}

/** With one question; the client holds no more at a time. */
const MESSAGES_MAX = 1_000;
const BYTES_MAX = 8 * 1024 * 1024;
const SILENCE_MS_MAX = 5_000;
const END_OF_BATCH = 204;
const NOT_FOUND = 404;

/** Messages of the subject from a sequence on, in order, as many as fit; `more`: there are others behind them. */
export async function readDirectly(
  connection: NatsConnection,
  stream: string,
  ask: DirectAsk,
): Promise<{ readonly messages: readonly DirectMessage[]; readonly more: boolean }> {
  const inbox = createInbox();
  const messages: DirectMessage[] = [];
  let pending = 0;
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      end(() => reject(new TwinfoldError('log-unavailable', `stream ${stream}: ${why}`, { domain: 'external', retryable: true })));
    let heardMs = performance.now();
    const listen = (): void => {
      if (performance.now() - heardMs > SILENCE_MS_MAX) fail('no answer');
    };
    const silence = setInterval(listen, SILENCE_MS_MAX / 10);
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) return fail(error.message);
        heardMs = performance.now();
        const read = directMessage(message);
        if (read !== undefined) {
          messages.push(read);
          pending = Number(message.headers?.get('Nats-Num-Pending') ?? 0);
          return;
        }
        const status = statusOf(message);
        if (status === END_OF_BATCH) end(() => resolve({ messages, more: pending > 0 || messages.length >= MESSAGES_MAX }));
        else if (status === NOT_FOUND) end(() => resolve({ messages, more: false }));
        else fail(`status ${status}`);
      },
    });
    const end = (settle: () => void): void => {
      clearInterval(silence);
      subscription.unsubscribe();
      settle();
    };
    const question = JSON.stringify({
      seq: Math.max(1, ask.fromSeq),
      batch: MESSAGES_MAX,
      max_bytes: BYTES_MAX,
      next_by_subj: ask.subject,
    });
    try {
      connection.publish(`$JS.API.DIRECT.GET.${stream}`, question, { reply: inbox });
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  });
}

/** One message; undefined: the copy that was asked has none there. */
export async function getDirectly(connection: NatsConnection, stream: string, seq: number): Promise<DirectMessage | undefined> {
  const message = await connection.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ seq }), { timeout: SILENCE_MS_MAX });
  const read = directMessage(message);
  if (read !== undefined) return read;
  const status = statusOf(message);
  if (status === NOT_FOUND) return undefined;
  throw new TwinfoldError('log-unavailable', `stream ${stream}: status ${status}`, { domain: 'external', retryable: true });
}

/** 503 where nobody answers for the stream; the client gives such a message an empty body. */
function statusOf(message: Msg): number {
  return message.headers?.code ?? 0;
}

function directMessage(message: Msg): DirectMessage | undefined {
  const { headers: head } = message;
  const seq = head?.get('Nats-Sequence') ?? '';
  if (head === undefined || seq === '') return undefined;
  return { seq: Number(seq), subject: head.get('Nats-Subject'), timeMs: Date.parse(head.get('Nats-Time-Stamp')), data: message.data };
}
