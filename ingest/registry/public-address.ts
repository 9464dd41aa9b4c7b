/**
 * Which addresses somebody outside may make us call: those of the public internet, and nothing else. An address that
 * only we can reach (our own machine, our network, a cloud's metadata service) is a way around whatever protects it.
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** IANA special-purpose registry for IPv4, and what is reserved or multicast. */
const NOT_PUBLIC_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local; the metadata service of most clouds is here.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * Of IPv6, only global unicast is public, without the parts of it that stand for something else: what is mapped to or
 * translated from IPv4 (`::ffff:0:0/96`, `64:ff9b::/96`), local or multicast lies outside of 2000::/3.
 */
const GLOBAL_UNICAST: readonly [string, number] = ['2000::', 3];
const NOT_PUBLIC_6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const notPublic4 = listOf(NOT_PUBLIC_4, 'ipv4');
const notPublic6 = listOf(NOT_PUBLIC_6, 'ipv6');
const globalUnicast = listOf([GLOBAL_UNICAST], 'ipv6');
const loopback4 = listOf([['127.0.0.0', 8]], 'ipv4');

/** False for anything that is no address, and for one with a zone. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  if (isIPv4(address)) return !notPublic4.check(address, 'ipv4');
  return globalUnicast.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6');
}

/** 127.0.0.0/8 and ::1 as they stand; a mapped loopback address is none. */
export function isLoopbackAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  return isIPv4(address) ? loopback4.check(address, 'ipv4') : address === '::1';
}

function listOf(ranges: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, bits] of ranges) list.addSubnet(network, bits, family);
  return list;
}
