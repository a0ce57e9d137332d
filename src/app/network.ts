// The part of the composition that a cached answer never loads: HTTP client, provider clients, sample exchange.
import type { Config } from '../config.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Clock } from '../domain/types.ts';
import { createHttpClient } from '../http/client.ts';
import type { HttpClient, SharedState, Transport } from '../http/http.ts';
import type { Provider } from '../providers/provider.ts';

export interface Network {
  tradier(): Promise<Provider>;
  polygon(): Promise<Provider>;
  sample(): Promise<Provider>;
  close(): Promise<void>;
}

export interface NetworkDependencies {
  config: Config;
  clock: Clock;
  state: SharedState;
  /** What the sample market is asked at; nothing is ever sent there. */
  sampleUrl: string;
}

/** Providers are made at their first use; those of real providers share one transport. */
export function createNetwork({ config, clock, state, sampleUrl }: NetworkDependencies): Network {
  const clients: HttpClient[] = [];

  function createClient(transport: Transport & { close?(): void }): HttpClient {
    const client = createHttpClient({
      transport,
      state,
      machineNow: () => clock.machineNow(),
      random: () => Math.random(),
    });
    clients.push(client);
    return client;
  }

  const once = <T>(create: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => (made ??= create());
  };

  const expectsTls = [config.tradier?.baseUrl, config.polygon?.baseUrl].some((baseUrl) =>
    baseUrl?.startsWith('https:'),
  );
  const wire = once(async () =>
    createClient(
      (await import('../http/got-transport.ts')).createGotTransport({
        expectsTls,
        ...(config.proxy === undefined ? {} : { proxy: config.proxy }),
      }),
    ),
  );

  /** Of the sample market in Polygon's format, loaded when it is asked for. */
  function wholeMarketOf(http: HttpClient): Pick<Provider, 'fetchGroupedBars' | 'fetchMarketSplits' | 'fetchNews'> {
    const polygon = once(async () =>
      (await import('../providers/polygon.ts')).createPolygon({
        http,
        clock,
        baseUrl: sampleUrl,
        apiKey: 'sample',
        name: 'sample',
      }),
    );
    return {
      fetchGroupedBars: async (date, context) => (await polygon()).fetchGroupedBars(date, context),
      fetchMarketSplits: async (from, to, context) => (await polygon()).fetchMarketSplits(from, to, context),
      fetchNews: async (symbol, context) => (await polygon()).fetchNews(symbol, context),
    };
  }

  return {
    tradier: once(async () => {
      const { createTradier } = await import('../providers/tradier.ts');
      const settings = config.tradier;
      if (settings === undefined) throw new ConfigError('TRADIER_ACCESS_TOKEN is not set');
      return createTradier({ ...settings, token: settings.token.reveal(), http: await wire(), clock });
    }),
    polygon: once(async () => {
      const { createPolygon } = await import('../providers/polygon.ts');
      const settings = config.polygon;
      if (settings === undefined) throw new ConfigError('MASSIVE_API_KEY is not set');
      return createPolygon({ ...settings, apiKey: settings.apiKey.reveal(), http: await wire(), clock });
    }),
    sample: once(async () => {
      const [{ createTradier }, { createExchange }, { createSyntheticMarket }, { createSampleTransport }] =
        await Promise.all([
          import('../providers/tradier.ts'),
          import('../sample/exchange.ts'),
          import('../sample/source.ts'),
          import('../sample/transport.ts'),
        ]);
      const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
      const http = createClient(createSampleTransport(exchange));
      const market = createTradier({
        http,
        clock,
        baseUrl: sampleUrl,
        token: 'sample',
        environment: 'sample',
        name: 'sample',
      });
      return { ...market, ...wholeMarketOf(http) };
    }),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
