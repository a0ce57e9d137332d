// Which reader of questions understands one: that of figures over the fields, or that of topics. A question with a
// distance, a figure over dates or one that no topic knows is read over the fields first, any other where topics fail.
import { findField } from '../../fields/registry.ts';
import type { FieldQuery, FieldQueryReader } from './field-query.ts';
import type { Background } from './follow-up.ts';
import type { Grammar } from './grammar.ts';
import { type Plan, isRefusal } from './plan.ts';
import { emptySlots } from './scan.ts';

/** Fields that the topics know as well, with words and answers of their own. */
const OF_TOPICS =
  /^(?:last|change|changePercent|open|high|low|close|previousClose|bid|ask|volume|averageVolume|week52High|week52Low|rsi14|macd|macdSignal|macdHistogram|[se]ma(?:5|10|20|50|200)|maxPain|callWall|putWall|expectedMove|expectedMovePercent|putCallOpenInterest|putCallVolume|dte|expiration|spot)$/;

/** The grammar of topics with the reader of fields beside it. */
export function joinReaders(topics: Grammar, fields: FieldQueryReader): Grammar {
  return {
    parse(question, background) {
      const query = fields.read(question, background.last?.query);
      if (query !== undefined && (isOnlyForFields(query) || repeatsLast(query, background))) return planOf(query);
      const plan = topics.parse(question, background);
      return isRefusal(plan) && query !== undefined ? planOf(query) : plan;
    },
  };
}

function isOnlyForFields({ base, columns, range }: FieldQuery): boolean {
  if (base !== undefined) return true;
  return columns.some((column) => !OF_TOPICS.test(column) || (range !== undefined && isOfRange(column)));
}

function isOfRange(column: string): boolean {
  const entry = findField(column)?.entry;
  return entry?.period !== undefined && entry.series === undefined;
}

/** `amd?` after a question about fields. */
function repeatsLast({ columns, conditions }: FieldQuery, { last }: Background): boolean {
  return last?.query?.columns === columns && last.query.conditions === conditions;
}

function planOf(query: FieldQuery): Plan {
  const { symbols } = query;
  return {
    kind: 'data',
    steps: [{ topic: 'fields', symbols, query }],
    isHeldOnly: false,
    isDataOnly: false,
    slots: { ...emptySlots(), symbols, query },
  };
}
