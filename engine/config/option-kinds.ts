/**
 * The types an option can have. Each knows how to read a text, what it is called in help and which limits it has; a
 * text that is none of its kind is answered with a sentence that says what would be.
 */
/** `off` is not started; 0 lets the system choose. */
export type PortChoice = number | 'off';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export interface OptionKind<T> {
  /** In help, after the option's name; empty for a switch, which needs no value. */
  readonly placeholder: string;
  /** In help, after the description: what may be given. */
  readonly limits: string;
  parse(text: string): Parsed<T>;
}

const PORT_MAX = 65_535;
const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

function bad(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

export function text(placeholder: string): OptionKind<string> {
  return { placeholder, limits: '', parse: (given) => (given === '' ? bad('must not be empty') : good(given)) };
}

/** A tenant or device id. */
export function id(placeholder: string): OptionKind<string> {
  const limits = '1 to 64 of A-Z a-z 0-9 _ -';
  return { placeholder, limits, parse: (given) => (ID_PATTERN.test(given) ? good(given) : bad(`must be ${limits}`)) };
}

export const flag: OptionKind<boolean> = {
  placeholder: '',
  limits: '',
  parse: (given) => {
    if (['', 'true', '1', 'yes', 'on'].includes(given.toLowerCase())) return good(true);
    if (['false', '0', 'no', 'off'].includes(given.toLowerCase())) return good(false);
    return bad('must be true or false');
  },
};

export const port: OptionKind<PortChoice> = {
  placeholder: 'PORT',
  limits: '0 = chosen by the system, off = not started',
  parse: (given) => {
    if (given === 'off') return good('off');
    const value = Number(given);
    return /^\d+$/.test(given) && value <= PORT_MAX ? good(value) : bad(`must be a port (0 to ${PORT_MAX}) or off`);
  },
};

export function integer(min: number, max: number): OptionKind<number> {
  const limits = `${min} to ${max}`;
  return {
    placeholder: 'N',
    limits,
    parse: (given) => {
      const value = Number(given);
      return /^\d+$/.test(given) && value >= min && value <= max ? good(value) : bad(`must be a whole number from ${limits}`);
    },
  };
}

export function choice<const T extends string>(of: readonly T[]): OptionKind<T> {
  return {
    placeholder: of.join('|'),
    limits: '',
    parse: (given) => {
      const found = of.find((member) => member === given);
      return found === undefined ? bad(`must be ${listed(of)}`) : good(found);
    },
  };
}

/** Some of a closed list, with commas between. */
export function choices<const T extends string>(of: readonly T[]): OptionKind<readonly T[]> {
  return {
    placeholder: of.join(','),
    limits: '',
    parse: (given) => {
      const wanted = new Set(given.split(',').map((part) => part.trim()));
      const found = of.filter((member) => wanted.has(member));
      return found.length === wanted.size ? good(found) : bad(`must be one or more of ${listed(of)}, with commas between`);
    },
  };
}

export function url(protocols: readonly string[]): OptionKind<string> {
  const limits = protocols.map((protocol) => `${protocol}//…`).join(' or ');
  return {
    placeholder: 'URL',
    limits: '',
    parse: (given) => {
      // Several servers of one cluster may be named, with commas between.
      const wellFormed = given.split(',').every((one) => URL.canParse(one) && protocols.includes(new URL(one).protocol));
      return wellFormed ? good(given) : bad(`must be a URL, ${limits}`);
    },
  };
}

const MS_OF: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface Range {
  readonly min: string;
  readonly max: string;
}

/** A time span with its unit, such as `90s`, `12h`, `7d`; the value is in milliseconds. */
export function duration(range: Range): OptionKind<number> {
  return quantity({ placeholder: 'TIME', units: MS_OF, example: 'a time with a unit (ms, s, m, h, d), such as 12h', range });
}

const BYTES_OF: Readonly<Record<string, number>> = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** An amount of storage with its unit, such as `2GiB`; the value is in bytes. */
export function bytes(range: Range): OptionKind<number> {
  return quantity({
    placeholder: 'SIZE',
    units: BYTES_OF,
    example: 'a size with a unit (kB, MB, GB, TB, KiB, MiB, GiB, TiB), such as 2GiB',
    range,
  });
}

interface Quantity {
  readonly placeholder: string;
  readonly units: Readonly<Record<string, number>>;
  readonly example: string;
  readonly range: Range;
}

function quantity({ placeholder, units, example, range }: Quantity): OptionKind<number> {
  const amountOf = (given: string): number | undefined => {
    const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(given);
    const unit = Object.entries(units).find(([name]) => name.toLowerCase() === match?.[2]?.toLowerCase());
    return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit[1]);
  };
  const min = amountOf(range.min) ?? 0;
  const max = amountOf(range.max) ?? Number.MAX_SAFE_INTEGER;
  const limits = `${range.min} to ${range.max}`;
  return {
    placeholder,
    limits,
    parse: (given) => {
      const amount = amountOf(given);
      if (amount === undefined) return bad(`must be ${example}`);
      return amount < min || amount > max ? bad(`must be from ${limits}`) : good(amount);
    },
  };
}

function listed(of: readonly string[]): string {
  return of.length < 2 ? of.join('') : `${of.slice(0, -1).join(', ')} or ${of.at(-1)}`;
}
