// The server of the Model Context Protocol, one factory for revision 2026-07-28 and those before it: tools, resources and
// prompts over one engine of calls. Hides the SDK, but for the transports.
import {
  type McpServerFactory,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ServerContext,
  createMcpHandler,
} from '@modelcontextprotocol/server';
import { toFinError } from '../domain/errors.ts';
import { type CallOptions, type Calls, type McpHost, createCalls } from './calls.ts';
import { PROMPTS, writePrompt } from './prompts.ts';
import { LIST_TEMPLATE, POSITIONS, listResources, readLists } from './resources.ts';
import { offeredTools } from './tools.ts';

export type { McpHost } from './calls.ts';

const INSTRUCTIONS =
  'Quotes, price history, indicators, option chains, volatility (IV rank), strategies, positions, events and news of US stocks, ETFs, indices and options. ' +
  'Dates may be phrases ("last 5 trading days", "friday", "45d"): they are resolved here. For figures of several symbols use get_fields once. ' +
  'Every result says how old it is (asOf, freshness); sample: true means made-up figures, which must be said. It places no orders and gives no advice.';

/** What never changes while the server runs; what is the user's own may. */
const HOUR_MS = 3_600_000;
const CACHE_HINTS = {
  'tools/list': { ttlMs: HOUR_MS },
  'prompts/list': { ttlMs: HOUR_MS },
  'resources/templates/list': { ttlMs: HOUR_MS },
  'server/discover': { ttlMs: HOUR_MS },
  'resources/list': { ttlMs: 60_000 },
  'resources/read': { ttlMs: 15_000 },
};

/** Who asks over HTTP. */
export interface McpClient {
  /** May see lists and positions. */
  isOwner: boolean;
}

/** For a server over HTTP: Host, Origin and token are checked by whoever mounts it. */
export interface McpHttp {
  handle(request: Request, client: McpClient): Promise<Response>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** No list is announced to have changed: who wants the newest reads it again. */
const STABLE = { listChanged: false };
const MAX_BODY_BYTES = 64_000;
const MAX_SUBSCRIPTIONS = 16;

export function createMcpHttp(host: McpHost, calls: Calls = createCalls(host)): McpHttp {
  const options = {
    maxRequestBodySize: MAX_BODY_BYTES,
    maxSubscriptions: MAX_SUBSCRIPTIONS,
    onerror: (error: Error) => host.reportCall({ type: 'detail', text: `mcp: ${error.message}` }),
  };
  const owner = createMcpHandler(createServerFactory(host, calls, true), options);
  const guest = createMcpHandler(createServerFactory(host, calls, false), options);
  return {
    handle: (request, { isOwner }) => (isOwner ? owner : guest).fetch(request),
    close: async () => {
      await Promise.all([owner.close(), guest.close()]);
    },
  };
}

export function createServerFactory(host: McpHost, calls: Calls, isOwner: boolean): McpServerFactory {
  const tools = offeredTools(isOwner);
  return () => {
    const { version } = host;
    const mcp = new McpServer(
      { name: 'fin', title: 'fin: US market data', version },
      {
        capabilities: { tools: STABLE, prompts: STABLE, ...(isOwner ? { resources: STABLE } : {}) },
        instructions: INSTRUCTIONS,
        cacheHints: CACHE_HINTS,
      },
    );
    const { server } = mcp;
    server.setRequestHandler('tools/list', () => ({ tools }));
    server.setRequestHandler('tools/call', ({ params }, context) =>
      calls.call(params.name, params.arguments ?? {}, callOptions(context, isOwner)),
    );
    server.setRequestHandler('prompts/list', () => ({
      prompts: Object.entries(PROMPTS).map(([name, { title, description, arguments: args }]) => ({
        name,
        title,
        description,
        arguments: args.map((each) => ({ ...each })),
      })),
    }));
    server.setRequestHandler('prompts/get', ({ params }) => {
      const { description, text } = orInvalid(() => writePrompt(params.name, params.arguments ?? {}));
      return { description, messages: [{ role: 'user', content: { type: 'text', text } }] };
    });
    if (isOwner) offerResources(mcp, host, calls);
    return mcp;
  };
}

function offerResources({ server }: McpServer, host: McpHost, calls: Calls): void {
  server.setRequestHandler('resources/list', () => ({ resources: orInvalid(() => listResources(host.book)) }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [
      { uriTemplate: LIST_TEMPLATE, name: 'list', title: 'A watchlist', mimeType: 'application/json' },
    ],
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    if (uri !== POSITIONS) {
      const found = orInvalid(() => readLists(uri, host.book));
      if (found === undefined) throw new ResourceNotFoundError(uri);
      return toContents(uri, host.redact(JSON.stringify(found)));
    }
    const { content, isError } = await calls.call('get_positions', {}, callOptions(context, true));
    const [first] = content;
    const text = first?.type === 'text' ? first.text : '';
    if (isError === true) throw new ProtocolError(ProtocolErrorCode.InternalError, text);
    return toContents(uri, text);
  });
}

function toContents(uri: string, text: string): { contents: { uri: string; mimeType: string; text: string }[] } {
  return { contents: [{ uri, mimeType: 'application/json', text }] };
}

/** Prompts and resources have no results that say what failed: the reason goes into the protocol's error. */
function orInvalid<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const { code, message, hint } = toFinError(thrown);
    const told = hint === undefined ? message : `${message} (${hint})`;
    throw new ProtocolError(code === 'usage' ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError, told);
  }
}

function callOptions({ mcpReq }: ServerContext, isOwner: boolean): CallOptions {
  const { signal, notify } = mcpReq;
  const progressToken = mcpReq._meta?.progressToken;
  return {
    isOwner,
    signal,
    ...(progressToken === undefined
      ? {}
      : {
          onProgress: (progress, message) =>
            notify({ method: 'notifications/progress', params: { progressToken, progress, message } }),
        }),
  };
}
