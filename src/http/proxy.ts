// Which requests go through the environment's proxy; how they do is Node's own (`proxyEnv` of its agents), NO_PROXY too.
// One rule is ours: what runs on this machine is never asked through a proxy.
import { isLoopback } from '../domain/addresses.ts';

/** As Node's agents take them: addresses with a scheme. */
export interface ProxySettings {
  HTTP_PROXY?: string;
  HTTPS_PROXY?: string;
  NO_PROXY?: string;
}

/** What to do where a proxy stands in the way, behind the words of a failure. */
export const PROXY_HINT = 'check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY';

/** What to do where a certificate is not trusted. */
export const CERTIFICATE_HINT =
  'a company network with its own certificates: set NODE_EXTRA_CA_CERTS to the file of its authority; else check the machine’s clock and the address';

/** Undefined for an address of this machine, and where no proxy is set. */
export function chooseProxy(address: string, proxy: ProxySettings | undefined): ProxySettings | undefined {
  const url = URL.parse(address);
  return url === null || isLoopback(url.hostname) ? undefined : proxy;
}

/** Codes of Node and undici for a certificate that is not trusted, has expired or is another host's. */
export function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|ISSUER|SSL|TLS/.test(code);
}
