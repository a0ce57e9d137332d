// The built-in sample market in the place of the network: a request becomes a function call, and nothing else changes.
import { CancelledError } from '../domain/errors.ts';
import type { HttpReply, Transport } from '../http/http.ts';
import type { Exchange } from './exchange.ts';

/** A transport that hands every request to the exchange, whatever host its address names. */
export function createSampleTransport(exchange: Exchange): Transport {
  return (request, { signal }) =>
    new Promise<HttpReply>((resolve) => {
      if (signal.aborted) throw new CancelledError();
      const url = new URL(request.url);
      resolve(
        exchange.handle({
          method: request.method,
          path: url.pathname + url.search,
          headers: { host: url.host },
          ...(request.body === undefined ? {} : { body: request.body }),
        }),
      );
    });
}
