// A conversation stays bounded however long a session lasts: whole questions go, oldest first.
import { describe, expect, it } from 'vitest';
import { createConversation } from '../../src/agent/conversation.ts';
import type { Message } from '../../src/agent/model.ts';

function turn(index: number): Message[] {
  return [
    { role: 'user', content: `question ${index}` },
    { role: 'assistant', content: '', toolCalls: [{ id: `call_${index}`, name: 'get_market_status_and_date_time', arguments: '{}' }] },
    { role: 'tool', toolCallId: `call_${index}`, name: 'get_market_status_and_date_time', content: 'open', arguments: {} },
    { role: 'assistant', content: `answer ${index}` },
  ];
}

describe('a conversation of a thousand questions', () => {
  it('keeps the latest two hundred, each whole, and begins with a question', () => {
    const conversation = createConversation();
    let largest = 0;
    for (let index = 1; index <= 1_000; index += 1) {
      conversation.append(...turn(index));
      largest = Math.max(largest, conversation.messages.length);
    }
    expect(largest).toBeLessThanOrEqual(4 * 251);
    expect(conversation.messages[0]?.role).toBe('user');
    expect(conversation.messages.filter(({ role }) => role === 'user').length).toBeGreaterThanOrEqual(200);
    expect(conversation.messages.slice(-4)).toEqual(turn(1_000));
    const calls = conversation.messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []).map(({ id }) => id) : []));
    const results = conversation.messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []));
    expect(results).toEqual(calls);
  });
});
