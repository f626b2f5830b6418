import ipaddr from 'ipaddr.js';

/**
 * Guesses on the web are counted by the block that a visitor's address is in, because whoever has one address has its neighbours: 256 of IPv4, and of IPv6 the /48 that a site is given
 * (RFC 6177). An IPv4 address within IPv6 is the IPv4 address.
 */
export function addressBlockOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  const bits = parsed.kind() === 'ipv4' ? 24 : 48;
  const bytes = parsed.toByteArray().map((byte, i) => (i < bits / 8 ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}

/** As whom a visitor is counted: a caller without a telephone number. */
export function callerAtAddress(address: string): string {
  return `sip:web@${addressBlockOf(address).replaceAll(/[:/]/g, '-')}`;
}
