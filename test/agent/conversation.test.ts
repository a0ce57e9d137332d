// A conversation stays bounded however long a session lasts: whole questions go, oldest first.
import { describe, expect, it } from 'vitest';
import { createConversation } from '../../src/agent/conversation.ts';
import type { Message } from '../../src/agent/model.ts';
import type { Answer } from '../../src/domain/answers.ts';

function turn(index: number): Message[] {
  return [
    { role: 'user', content: `question ${index}` },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: `call_${index}`, name: 'get_market_status_and_date_time', arguments: '{}' }],
    },
    {
      role: 'tool',
      toolCallId: `call_${index}`,
      name: 'get_market_status_and_date_time',
      content: 'open',
      arguments: {},
    },
    { role: 'assistant', content: `answer ${index}` },
  ];
}

describe('a conversation of a thousand questions', () => {
  it('keeps the latest hundred, each whole, and begins with a question', () => {
    const conversation = createConversation();
    let largest = 0;
    for (let index = 1; index <= 1_000; index += 1) {
      conversation.append(...turn(index));
      largest = Math.max(largest, conversation.messages.length);
    }
    expect(largest).toBeLessThanOrEqual(4 * 121);
    expect(conversation.messages[0]?.role).toBe('user');
    expect(conversation.messages.filter(({ role }) => role === 'user').length).toBeGreaterThanOrEqual(100);
    expect(conversation.messages.slice(-4)).toEqual(turn(1_000));
    const calls = conversation.messages.flatMap((message) =>
      message.role === 'assistant' ? (message.toolCalls ?? []).map(({ id }) => id) : [],
    );
    const results = conversation.messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []));
    expect(results).toEqual(calls);
  });

  it('forgets the figures of a question with the question', () => {
    const conversation = createConversation();
    const answer: Answer<'quote'> = {
      kind: 'quote',
      data: [
        {
          symbol: 'NVDA',
          last: 207.04,
          change: 1,
          changePercent: 0.5,
          previousClose: 206.04,
          asOf: '2026-11-19T11:00:00-05:00',
          session: 'regular',
        },
      ],
      errors: [],
      meta: { sample: true, providerCalls: 1, elapsedMs: 1 },
      notes: [],
    };
    conversation.append(
      { role: 'user', content: 'price of NVDA' },
      {
        role: 'tool',
        toolCallId: 'call_0',
        name: 'get_stock_quote',
        content: '207.04',
        arguments: { symbol: 'NVDA' },
        answer,
      },
    );
    expect(conversation.facts.within(207, 208)).toHaveLength(1);
    for (let index = 1; index <= 300; index += 1) conversation.append(...turn(index));
    expect(conversation.messages.some((message) => message.role === 'tool' && message.answer !== undefined)).toBe(
      false,
    );
    expect(conversation.facts.within(207, 208)).toEqual([]);
  });
});
