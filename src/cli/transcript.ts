// A kept conversation to read again: its questions, tables and answers, for the screen and as Markdown.
import type { Message } from '../agent/model.ts';
import type { Answer } from '../domain/answers.ts';
import { renderComparison } from '../render/answer.ts';
import { sanitise, wrapText } from '../render/text.ts';
import { type Theme, createTheme } from '../render/theme.ts';
import { groupByKind } from './turn-screen.ts';

interface Exchange {
  question: string;
  answers: Answer[];
  text: string;
}

const MARKDOWN_WIDTH = 100;

/** Each question with what its tools brought and the last thing that was said. */
function listExchanges(messages: readonly Message[]): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const message of messages) {
    if (message.role === 'user') exchanges.push({ question: message.content, answers: [], text: '' });
    const current = exchanges.at(-1);
    if (current === undefined) continue;
    if (message.role === 'tool' && message.answer !== undefined) current.answers.push(message.answer);
    if (message.role === 'assistant' && message.content !== '') current.text = message.content;
  }
  return exchanges;
}

export function renderTranscript(messages: readonly Message[], options: { width: number; theme: Theme }): string[] {
  return listExchanges(messages).flatMap(({ question, answers, text }, index) => [
    ...(index === 0 ? [] : ['']),
    ...wrapText(`> ${sanitise(question)}`, options.width, '  ').map((line) => options.theme.paint('accent', line)),
    '',
    ...groupByKind(answers).flatMap((group) => [...renderComparison(group, options), '']),
    ...(text === '' ? [] : wrapText(sanitise(text).trim(), options.width)),
  ]);
}

/** The conversation as Markdown: tables as they stand on the screen, in fences. */
export function createMarkdown(name: string, messages: readonly Message[]): string {
  const theme = createTheme({ colour: false });
  const exchanges = listExchanges(messages);
  const isSample = exchanges.some(({ answers }) => answers.some(({ meta }) => meta.sample));
  const parts = exchanges.map(({ question, answers, text }) => {
    const tables = groupByKind(answers)
      .map((group) => renderComparison(group, { width: MARKDOWN_WIDTH, theme }))
      .filter((lines) => lines.length > 0)
      .map((lines) => `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`);
    return [
      `## ${sanitise(question).replaceAll(/\s+/g, ' ').trim()}\n`,
      ...tables,
      ...(text === '' ? [] : [`${sanitise(text).trim()}\n`]),
    ].join('\n');
  });
  return [
    `# Conversation ${name}\n`,
    ...(isSample ? ['SAMPLE: the figures come from a synthetic market.\n'] : []),
    ...parts,
  ].join('\n');
}
