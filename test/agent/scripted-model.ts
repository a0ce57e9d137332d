// A model that answers by script, one step a request, keeps what it was asked, and fails on a request too many.
import type { Message, Model, ModelReply, ModelRequest, ToolCall } from '../../src/agent/model.ts';

export interface SeenRequest {
  messages: Message[];
  tools: string[];
}

export type Step = (request: ModelRequest) => ModelReply | Promise<ModelReply>;

export interface ScriptedModel extends Model {
  requests: SeenRequest[];
}

export function createScriptedModel(...steps: Step[]): ScriptedModel {
  const requests: SeenRequest[] = [];
  return {
    name: 'scripted',
    requests,
    reply: async (request) => {
      const step = steps[requests.length];
      requests.push({
        messages: structuredClone([...request.messages]),
        tools: request.tools.map((tool) => tool.name),
      });
      if (step === undefined) throw new Error(`request ${requests.length} is not in the script`);
      return step(request);
    },
  };
}

/** Text, streamed in words. */
export function says(text: string | ((messages: readonly Message[]) => string)): Step {
  return (request) => {
    const said = typeof text === 'string' ? text : text(request.messages);
    for (const piece of said.split(/(?<= )/)) request.onText?.(piece);
    return { text: said, toolCalls: [], usage: { inputTokens: 100, outputTokens: 10 } };
  };
}

export function calls(...named: [name: string, args: object | string][]): Step {
  return ({ messages }) => {
    const before = messages.filter((message) => message.role === 'tool').length;
    const toolCalls = named.map(([name, args], index): ToolCall => ({
      id: `call_${before + index + 1}`,
      name,
      arguments: typeof args === 'string' ? args : JSON.stringify(args),
    }));
    return { text: '', toolCalls, usage: { inputTokens: 100, cachedInputTokens: 50, outputTokens: 10 } };
  };
}

export function fails(error: unknown, text = ''): Step {
  return (request) => {
    if (text !== '') request.onText?.(text);
    throw error;
  };
}

/** Results of the tools so far, as the model reads them. */
export function resultsIn(messages: readonly Message[]): string[] {
  return messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []));
}
