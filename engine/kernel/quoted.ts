/**
 * What somebody sent, in an answer to them or in a log line: cut, escaped so that it is one line whatever is in it, and
 * without what looks like a token: people send those in the wrong place.
 */

const QUOTED_CHARS_MAX = 64;
const TOKEN = /\b(tf[a-z]_)[A-Za-z0-9_.-]+/g;

export function quoted(text: string, charsMax: number = QUOTED_CHARS_MAX): string {
  // A token that the cut would end in the middle is long enough to be known by its beginning.
  return JSON.stringify(
    text
      .slice(0, charsMax * 4)
      .replaceAll(TOKEN, '$1…')
      .slice(0, charsMax),
  );
}
