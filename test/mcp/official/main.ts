// npm run conformance: the official inspector over the built program, and the official conformance suite over the handler.
// Both are installed into a folder of their own (250 packages, 160 MB), so that npm ci and npm test need none of them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type CallToolResult,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { openRuntime } from '../../../src/app/runtime.ts';
import { dataFolderOf } from '../../../src/book/data-folder.ts';
import { loadConfig } from '../../../src/config.ts';
import { type Calls, type McpHost, createCalls } from '../../../src/mcp/calls.ts';
import { createMcpHttp } from '../../../src/mcp/server.ts';
import { serveHttp } from '../http-server.ts';

const PACKAGES = { '@modelcontextprotocol/inspector': '2.12.0', '@modelcontextprotocol/conformance': '0.2.0-alpha.12' };
const REQUIREMENTS = ['2026-07-28', '2025-11-25'];
const root = resolve(import.meta.dirname, '../../..');
const tools = join(tmpdir(), `fin-mcp-${Object.values(PACKAGES).join('-')}`);
const folder = mkdtempSync(join(tmpdir(), 'fin-conformance-'));
const env = {
  PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
  HOME: folder,
  FIN_CACHE_DIR: join(folder, 'cache'),
};

function install(): void {
  if (existsSync(join(tools, 'node_modules/.bin/mcp-inspector'))) return;
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', args, { cwd: tools, stdio: 'inherit' });
  if (status !== 0) throw new Error('the official tools could not be installed: npm install needs the registry');
}

/** Each line of it as a stranger types it; what they print must hold these words. */
const INSPECTIONS: readonly [string[], RegExp][] = [
  [['--method', 'tools/list'], /"get_volatility"/],
  [
    ['--method', 'tools/call', '--tool-name', 'get_volatility', '--tool-arg', 'symbol=NVDA'],
    /"structuredContent"[^]*IV rank/,
  ],
  [
    ['--method', 'tools/call', '--tool-name', 'get_multiple_stock_quotes', '--tool-arg', 'symbols=["NVDA","AMD"]'],
    /"structuredContent"[^]*"AMD"/,
  ],
  [['--method', 'resources/list'], /fin:\/\/positions/],
  [['--method', 'resources/read', '--uri', 'fin://lists'], /lists/],
  [['--method', 'prompts/list'], /morning_brief/],
  [['--method', 'prompts/get', '--prompt-name', 'position_review'], /get_positions/],
];

function inspect(): number {
  const program = ['node', join(root, 'bin/fin.js'), 'mcp'];
  let failed = 0;
  for (const [args, expected] of INSPECTIONS) {
    const inspector = join(tools, 'node_modules/.bin/mcp-inspector');
    const { stdout, stderr } = spawnSync(inspector, ['--cli', ...program, ...args], { env, encoding: 'utf8' });
    const isRight = expected.test(stdout);
    if (!isRight) failed += 1;
    process.stdout.write(
      `${isRight ? 'ok    ' : 'FAILED'} inspector ${args.join(' ')}\n${isRight ? '' : stdout + stderr}`,
    );
  }
  return failed;
}

/** The suite calls tools by names of its own: they go through the same handler as ours. */
function withFixtures(calls: Calls): Calls {
  const text = (said: string): CallToolResult => ({ content: [{ type: 'text', text: said }] });
  return {
    call: async (name, args, options) => {
      if (name === 'test_simple_text') return text('This is a simple text response for testing.');
      if (name === 'test_error_handling')
        return { ...text('This tool intentionally returns an error for testing'), isError: true };
      if (name !== 'test_tool_with_progress') return calls.call(name, args, options);
      for (const progress of [0, 50, 100]) await options.onProgress?.(progress, `${progress} of 100`);
      return text('done');
    },
  };
}

async function conform(): Promise<number> {
  const config = loadConfig({ env, packageRoot: root, temporaryDirectory: tmpdir(), homeDirectory: folder });
  const clock = { now: () => Date.now(), machineNow: () => Date.now() };
  const runtime = openRuntime({ config, clock, onNote: () => undefined });
  const host: McpHost = {
    version: '0.0.0',
    clock,
    options: { offline: false, refresh: false },
    reportCall: () => undefined,
    log: { beginTurn: () => undefined, write: () => undefined },
    redact: (text) => text,
    book: dataFolderOf(config),
    openRuntime: () => Promise.resolve(runtime),
  };
  const http = await serveHttp(createMcpHttp(host, withFixtures(createCalls(host))), {
    // As `fin serve` does: the handler itself leaves both to who mounts it.
    guard: (request) =>
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins()),
  });
  try {
    let failed = 0;
    for (const revision of REQUIREMENTS) failed += await runSuite(http.url, revision);
    return failed;
  } finally {
    await http.close();
    await runtime.close();
  }
}

function runSuite(url: string, revision: string): Promise<number> {
  const baseline = join(import.meta.dirname, `expected-failures-${revision}.yaml`);
  const args = ['server', '--url', url, '--requirements', revision, '--expected-failures', baseline];
  const child = spawn(join(tools, 'node_modules/.bin/conformance'), args, { cwd: folder, env, stdio: 'inherit' });
  return new Promise((done) => child.on('close', (code) => done(code === 0 ? 0 : 1)));
}

install();
try {
  process.exitCode = inspect() + (await conform()) === 0 ? 0 : 8;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
