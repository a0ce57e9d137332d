// fin vol: its sheet, or several symbols side by side, drawn without the screens of other answers.
import { prepareVolatility } from '../app/commands/volatility.ts';
import { dataOfKind } from '../domain/answer-kinds.ts';
import { frame } from '../render/frame.ts';
import { viewVolatilities, viewVolatility } from '../render/volatility.ts';
import { runner } from './data-commands.ts';

export const runVolatility = runner(prepareVolatility, (answers, options) => {
  const found = answers.filter(({ data }) => data !== undefined);
  const [sheet, ...others] = dataOfKind(found, 'volatility');
  if (sheet === undefined) return [];
  const view = others.length === 0 ? viewVolatility(sheet, options) : viewVolatilities([sheet, ...others], options);
  return frame(view, found, options);
});
