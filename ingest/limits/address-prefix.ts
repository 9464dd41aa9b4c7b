/** The prefix that stands for an address where limits are concerned: what one subscriber usually has. */
import { isIPv4 } from 'node:net';

const MAPPED = '::ffff:';
const GROUPS = 8;
const PREFIX_GROUPS = 4;

/** /24 of IPv4, /64 of IPv6, as text; the whole text where it is no address. */
export function prefixOf(address: string): string {
  const plain = address.toLowerCase().startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  if (isIPv4(plain)) return `${plain.slice(0, plain.lastIndexOf('.'))}.0/24`;
  if (!plain.includes(':')) return plain;
  const bare = plain.split('%', 1)[0] ?? '';
  const [head = '', tail] = bare.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - first.length - last.length);
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last].slice(0, PREFIX_GROUPS);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
