/**
 * Which addresses people of a tenant may make us call. Whoever can name an address for us to call could reach
 * what only we can reach: the cloud's metadata, the database, a neighbour's router. So addresses that are not
 * public are refused, both where they are written down and again on what a name resolves to when it is called.
 */
import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet, after the registries of IANA (RFC 6890 and its successors). */
const NOT_PUBLIC: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] =
  [
    ['0.0.0.0', 8, 'ipv4'], // this network
    ['10.0.0.0', 8, 'ipv4'], // private
    ['100.64.0.0', 10, 'ipv4'], // behind a carrier's NAT; metadata of one cloud
    ['127.0.0.0', 8, 'ipv4'], // loopback
    ['169.254.0.0', 16, 'ipv4'], // link-local; metadata of most clouds
    ['172.16.0.0', 12, 'ipv4'], // private
    ['192.0.0.0', 24, 'ipv4'], // protocol assignments
    ['192.0.2.0', 24, 'ipv4'], // documentation
    ['192.88.99.0', 24, 'ipv4'], // former 6to4 relays
    ['192.168.0.0', 16, 'ipv4'], // private
    ['198.18.0.0', 15, 'ipv4'], // benchmarks
    ['198.51.100.0', 24, 'ipv4'], // documentation
    ['203.0.113.0', 24, 'ipv4'], // documentation
    ['224.0.0.0', 4, 'ipv4'], // multicast
    ['240.0.0.0', 4, 'ipv4'], // reserved, broadcast
    ['2001::', 23, 'ipv6'], // protocol assignments, Teredo
    ['2001:db8::', 32, 'ipv6'], // documentation
    ['2002::', 16, 'ipv6'], // 6to4: any IPv4 address in other clothes
    ['3fff::', 20, 'ipv6'], // documentation
  ];

/**
 * All that is given out of IPv6. What lies beside it is local, reserved, or an IPv4 address in other clothes:
 * mapped (::ffff:0:0/96), translated (::ffff:0:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96).
 */
const GIVEN_OUT = ['2000::', 3] as const;

const givenOut = new BlockList();
givenOut.addSubnet(...GIVEN_OUT, 'ipv6');
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');
const notPublic = new BlockList();
for (const [network, prefix, family] of NOT_PUBLIC) notPublic.addSubnet(network, prefix, family);

/** Whether an IP address (as text) belongs to the public internet. What is no address does not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, 'ipv4');
  if (family !== 6 || notPublic.check(address, 'ipv6')) return false;
  // an IPv4-mapped address (::ffff:10.0.0.1) was judged by the list of IPv4
  return givenOut.check(address, 'ipv6') || mapped.check(address, 'ipv6');
}

/** Why an address may not be called. */
export type WebhookUrlRefusal = 'malformed' | 'notHttp' | 'credentials' | 'privateAddress';

/**
 * Why a URL may not be a webhook's, or null when it may. A name is taken as it is, since what it resolves to
 * changes: whoever connects looks at the address once more (`isPublicAddress`). The URL parser brings every
 * spelling of an IPv4 address (`0x7f.1`, `2130706433`) into its plain form before it is judged.
 */
export function checkWebhookUrl(
  text: string,
  policy: { readonly allowPrivate: boolean },
): WebhookUrlRefusal | null {
  if (!URL.canParse(text)) return 'malformed';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'notHttp';
  if (url.username !== '' || url.password !== '') return 'credentials';
  if (policy.allowPrivate) return null;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPublicAddress(host) ? null : 'privateAddress';
  return host === 'localhost' || host.endsWith('.localhost') ? 'privateAddress' : null;
}
