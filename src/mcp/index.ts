// What a command and a server load of the Model Context Protocol, lazily: one built file for both, with the SDK inside.
// Its two ways in: standard input and output, and requests over HTTP.
export { createMcpHttp, type McpClient, type McpHost, type McpHttp } from './server.ts';
export { serveMcpOnStdio } from './stdio.ts';
