// The columns of a table of fields.
import { describe, expect, it } from 'vitest';
import { viewTable } from '../../src/render/fields-table.ts';
import { createTheme } from '../../src/render/theme.ts';

const show = (values: readonly number[]): string[] =>
  viewTable(
    {
      columns: [{ field: 'macdHistogram', label: 'MACD hist', unit: 'usd' }],
      rows: values.map((value, index) => ({ symbol: `Q${index}`, macdHistogram: value })),
    },
    { width: 80, theme: createTheme({ colour: false }) },
  )
    .lines.slice(2)
    .map((line) => line.replace(/^\S+\s+/, ''));

describe('a column', () => {
  it('has one precision: that of its figures of dollars, and none that is not zero shows as zero', () => {
    expect(show([-2.5213, 0.788, 0, 12.345])).toEqual(['-2.52', '+0.79', '0.00', '+12.35']);
    expect(show([2, 0.0031])).toEqual(['+2.00', '+0.0031']);
    expect(show([0.788, 0.5])).toEqual(['+0.7880', '+0.50']);
  });
});
