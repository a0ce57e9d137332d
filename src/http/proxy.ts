// Which requests go through the environment's proxy; how they do is Node's own (`proxyEnv` of its agents). NO_PROXY is
// read as curl and Go read it, and what runs on this machine is never asked through a proxy.
import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../domain/addresses.ts';

/** As Node's agents take them: addresses with a scheme. */
export interface ProxySettings {
  HTTP_PROXY?: string;
  HTTPS_PROXY?: string;
  NO_PROXY?: string;
}

/** What to do where a proxy stands in the way, behind the words of a failure. */
export const PROXY_HINT = 'check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY';

/** Said where a proxy answers 407, of a tunnel and of a request. */
export const PROXY_WANTS_LOGIN = 'the proxy requires a user name and password';

/** Why a tunnel was refused, of Node's error for it or one that it caused; undefined for any other. */
export function explainTunnel(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, statusCode, cause } = error as { code?: unknown; statusCode?: unknown; cause?: unknown };
  // got repeats the code, and keeps the status below.
  const deeper = explainTunnel(cause);
  if (deeper !== undefined || code !== 'ERR_PROXY_TUNNEL') return deeper;
  if (statusCode === 407) return PROXY_WANTS_LOGIN;
  return `the proxy blocked the request${typeof statusCode === 'number' && statusCode > 0 ? ` (HTTP ${statusCode})` : ''}`;
}

/** What to do where a certificate is not trusted. */
export const CERTIFICATE_HINT =
  'on a company network with its own certificates, set NODE_EXTRA_CA_CERTS to its CA file; otherwise check the machine’s clock and the address';

/** Undefined for an address of this machine, for one that NO_PROXY names, and where no proxy is set for its scheme. */
export function chooseProxy(address: string, proxy: ProxySettings | undefined): ProxySettings | undefined {
  const url = URL.parse(address);
  if (url === null || proxy === undefined || isLoopback(url.hostname)) return undefined;
  const { NO_PROXY: direct = '', ...chosen } = proxy;
  const isSet = (url.protocol === 'https:' ? proxy.HTTPS_PROXY : proxy.HTTP_PROXY) !== undefined;
  return !isSet || direct.split(/[\s,]+/).some((entry) => entry !== '' && covers(entry, url)) ? undefined : chosen;
}

/** `*`, a host with all below it (`example.com`, `.example.com`, `*.example.com`), an address or a block of them, each with a port or without. */
function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  // More colons than a port's are an IPv6 address.
  const name = (bracketed ?? plain ?? entry).replace(/\.$/, '');
  const host = url.hostname.replaceAll(/^\[|\]$|\.$/g, '');
  if (isIP(host) !== 0) return coversAddress(name, host);
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && ((host === domain && !name.startsWith('*')) || host.endsWith(`.${domain}`));
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, `fd00::/8`. */
function coversAddress(entry: string, host: string): boolean {
  const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  const [first = '', last] = entry.split('-');
  const [network = '', prefix] = first.split('/');
  if (isIP(network) === 0) return false;
  const block = new BlockList();
  try {
    if (prefix !== undefined) block.addSubnet(network, Number(prefix), family(network));
    else if (last === undefined) block.addAddress(network, family(network));
    else block.addRange(network, last, family(network));
  } catch {
    // A block that is none names nobody.
    return false;
  }
  return block.check(host, family(host));
}

/** Codes of Node and undici for a certificate that is not trusted, has expired or is another host's. */
export function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|ISSUER|SSL|TLS/.test(code);
}
