// Odds of a price by a day, as options say them: of a strike, or of a level that is none. Hides the words for what ends where;
// they become the figures of a contract, or a level and its chance.
import type { Reading, Token } from '../words/tokens.ts';

const ODDS =
  /^(?:chances?|odds|probs?|probability|probabilities|likelihood|likely|(?:chances?|odds|probability|prob) of)$/i;
const ENDS =
  /assign|exercis|called away|\b(?:itm|otm)\b|(?:in|out of) the money|^prints?$|worthless|^expires?$|^expiring$/i;
const BESIDE_ENDS = /^(?:gets?|getting|being|finish\w*|ends?|ending|lands?|goes|going|closes?|closing|be|is|will)$/i;

/**
 * `chance that the 10 put is assigned`, `odds of a close above 480 by Friday`: what the options say of one strike. Of no
 * other event are there odds.
 */
export function withOdds({ tokens, ...rest }: Reading): Reading {
  const odds = tokens.findIndex(({ text }) => ODDS.test(text));
  const bound = tokens.findIndex(({ is }, at) => is === 'relation' && tokens[at + 1]?.is === 'number');
  const isOfContract = tokens.some(({ is }) => is === 'strike' || is === 'side' || is === 'deltaOf');
  const isDated = tokens.some((token) => token.is === 'date' && token.expiration !== undefined);
  const level = odds < 0 || isOfContract || !isDated ? undefined : levelOf(tokens);
  if (level !== undefined) return { ...rest, tokens: withLevel(tokens, odds, level) };
  const isEnd = isOfContract && tokens.some(({ text }) => ENDS.test(text));
  if (odds < 0 || (!isEnd && !(bound >= 0 && isDated && !isOfContract))) return { tokens, ...rest };
  const isShare = (at: number): boolean => {
    const number = tokens[at - 1];
    return tokens[at]?.is === 'money' && number?.is === 'number' && number.isPercent;
  };
  const isOut = tokens.some(({ text }, at) => /worthless|\botm\b|out of the money/i.test(text) && !isShare(at));
  const turned = tokens.map((token, at): Token => {
    const { text } = token;
    const number = tokens[at + 1];
    if (at === odds) return { is: 'field', names: ['probabilityItm', ...(isOut ? ['1 - probabilityItm'] : [])], text };
    if (isShare(at)) return token;
    if (!isEnd && at === bound + 1) return { is: 'filler', text };
    if (!isEnd && at === bound && token.is === 'relation' && number?.is === 'number')
      return { is: 'strike', strike: number.value, side: token.operator.startsWith('>') ? 'call' : 'put', text };
    if (token.is === 'short' || (token.is === 'unknown' && /^(?:short|long)$/i.test(text)))
      return { is: 'filler', text };
    const isSaid = ENDS.test(text) || BESIDE_ENDS.test(text) || token.is === 'form' || token.is === 'define';
    return isSaid && !['date', 'strike', 'side', 'deltaOf', 'symbol', 'number'].includes(token.is)
      ? { is: 'filler', text }
      : token;
  });
  return { ...rest, tokens: turned };
}

const UP =
  /^(?:higher|above|over|up|rise|rises|rising|gain|gains|rally|rallies|pop|pops|jump|jumps|climb|climbs|past)$/i;
const DOWN =
  /^(?:lower|below|under|down|drop|drops|fall|falls|falling|lose|loses|decline|declines|dip|dips|sink|sinks)$/i;

interface Level {
  expression: string;
  chance: 'chanceAbove' | 'chanceBelow' | 'chanceOfTouch';
  own: readonly Token[];
}

/** `20% higher`, `tags yesterday's low`, `above its 200 day`: a price that is no strike. */
function levelOf(tokens: readonly Token[]): Level | undefined {
  const isTouched = tokens.some(({ is, text }) => is === 'touch' || /^(?:tags?|tagging|touches|hits?)$/i.test(text));
  const way = tokens.find(({ text }) => UP.test(text) || DOWN.test(text));
  const side = way === undefined ? undefined : UP.test(way.text) ? 'chanceAbove' : 'chanceBelow';
  const chance = isTouched ? 'chanceOfTouch' : side;
  const share = tokens.find((token) => token.is === 'number' && token.isPercent);
  if (share?.is === 'number' && side !== undefined) {
    const factor = String(Number((1 + (side === 'chanceAbove' ? 1 : -1) * (share.value / 100)).toFixed(6)));
    return { expression: `${factor} * last`, chance: isTouched ? 'chanceOfTouch' : side, own: [share] };
  }
  const field = tokens.find(
    (token) => token.is === 'field' && /^(?:[se]ma\d+|week52(?:High|Low)|high|low|open)$/.test(token.names.join()),
  );
  const name = field?.is === 'field' ? (field.names[0] ?? '') : '';
  if (field === undefined || chance === undefined) return undefined;
  const day = tokens.find((token) => token.is === 'date' && token.range === 'yesterday');
  const isOther = tokens.some((token) => token.is === 'date' && token.expiration === undefined && token !== day);
  if (isOther) return undefined;
  return {
    expression: day === undefined ? name : `ago(${name}, 1)`,
    chance,
    own: [field, ...(day === undefined ? [] : [day])],
  };
}

/** The level and its odds, of all that was said. */
const withLevel = (tokens: readonly Token[], odds: number, { expression, chance, own }: Level): Token[] =>
  tokens.map((token, at): Token => {
    const { text } = token;
    if (at === odds)
      return {
        is: 'field',
        names: [
          ...(chance === 'chanceOfTouch' ? ['high', 'low'] : []),
          `${expression} as level`,
          `${chance}(${expression}) as ${chance}`,
        ],
        text,
      };
    const isSaid =
      own.includes(token) ||
      token.is === 'touch' ||
      token.is === 'form' ||
      token.is === 'did' ||
      UP.test(text) ||
      DOWN.test(text) ||
      BESIDE_ENDS.test(text) ||
      /^(?:tags?|tagging|hits?|higher|lower)$/i.test(text);
    return isSaid ? { is: 'filler', text } : token;
  });
