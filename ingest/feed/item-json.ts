/** An item of the feed as applications see it: one shape for SSE and for WebSocket, in JSON text or as a value. */
import { CONTENT_TYPE, VIA } from '../../schemas/envelope.ts';
import type { FeedItem } from './feed-item.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Made once for all who read it as text. */
const texts = new WeakMap<FeedItem, string>();
const BREAKS = /[\r\n]+/g;

/** A JSON object on one line, whose last member is `payload`. The payload's own text stays as it was sent: no digit is lost. */
export function itemText(item: FeedItem): string {
  const known = texts.get(item);
  if (known !== undefined) return known;
  const head = JSON.stringify(fieldsOf(item)).slice(0, -1);
  const json = jsonTextOf(item);
  // Line breaks in JSON stand between values only.
  const payload = json === undefined ? base64Members(item) : `,"payload":${json.replace(BREAKS, ' ')}`;
  const text = `${head}${payload}}`;
  texts.set(item, text);
  return text;
}

/** The same as a value; what isn't JSON stays bytes. */
export function itemValue(item: FeedItem): Fields {
  const json = jsonTextOf(item);
  const fields = fieldsOf(item);
  if (item.payload.length === 0) return fields;
  return json === undefined ? { ...fields, payload: item.payload } : { ...fields, payload: JSON.parse(json) as unknown };
}

function fieldsOf(item: FeedItem): Record<string, unknown> {
  const { decision, device, eventMs, kind, logMs, position, topic } = item;
  const common = { type: kind, device, position, time: new Date(eventMs ?? logMs).toISOString(), logTime: new Date(logMs).toISOString() };
  if (decision === undefined)
    return {
      ...common,
      via: wordOf(VIA, item.via),
      ...(topic === '' ? {} : { topic }),
      ...(item.contentType === CONTENT_TYPE.unspecified ? {} : { contentType: wordOf(CONTENT_TYPE, item.contentType) }),
    };
  const { section, document, path, oldValue, newValue, version, saga, state, actor } = decision;
  const words = { section, document, path, old: oldValue, new: newValue, saga, state, actor };
  return {
    ...common,
    ...Object.fromEntries(Object.entries(words).filter(([, word]) => word !== '')),
    ...(version === 0 ? {} : { version }),
  };
}

function jsonTextOf({ contentType, payload }: FeedItem): string | undefined {
  const mayBeJson = contentType === CONTENT_TYPE.json || contentType === CONTENT_TYPE.senmlJson || contentType === CONTENT_TYPE.unspecified;
  if (!mayBeJson || payload.length === 0) return undefined;
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

function base64Members({ payload }: FeedItem): string {
  if (payload.length === 0) return '';
  return `,"payloadEncoding":"base64","payload":"${Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('base64')}"`;
}

/** The word of a number of an enum, in the spelling of the analysts' tables. */
function wordOf(words: Readonly<Record<string, number>>, value: number): string {
  const [word] = Object.entries(words).find(([, number]) => number === value) ?? [String(value)];
  return word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
