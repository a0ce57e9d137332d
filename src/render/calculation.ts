// A calculation on screen: the expression and its value.
import type { CalculationData } from '../domain/answers.ts';
import { formatNumber } from './format.ts';
import { wrapText } from './text.ts';
import { describe, type RenderOptions, type View } from './view.ts';

export function viewCalculation(data: CalculationData, options: RenderOptions): View {
  const text = `${describe(data.expression, 300)} = ${formatNumber(data.value)}`;
  return { caption: ['calculation'], lines: wrapText(text, options.width, '  ') };
}
