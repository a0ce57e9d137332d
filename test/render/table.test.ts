// Tables: both engines draw the same, columns stay in line, and nothing is ever wider than asked for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawPlain, naturalWidth, renderTable, type Column, type TableSpec } from '../../src/render/table.ts';
import { drawWithCliTable } from '../../src/render/table-cli.ts';
import { displayWidth } from '../../src/render/text.ts';
import { createTheme, type Tone } from '../../src/render/theme.ts';

const plain = createTheme({ colour: false });
const coloured = createTheme({ colour: true });

const SHARES: TableSpec = {
  columns: [
    { head: 'Symbol', align: 'left' },
    { head: 'Last', align: 'decimal' },
    { head: 'Change', align: 'decimal', drop: 1 },
    { head: 'Volume', drop: 2 },
  ],
  rows: [
    ['NVDA', '207.04', { text: '+6.01', tone: 'up' }, '308.8M'],
    ['PNNY', '0.1234', { text: '-0.0101', tone: 'down' }, '950'],
    ['ZZZZ', '—', '—', '—'],
  ],
};

const tones: readonly Tone[] = ['plain', 'up', 'down', 'muted', 'strong', 'accent', 'warning'];
const text = fc.stringMatching(/^[A-Za-z0-9 .,+—%-]{0,14}$/).map((one) => one.trim());
const column: fc.Arbitrary<Column> = fc.record(
  {
    head: text,
    align: fc.constantFrom('left', 'right', 'center', 'decimal'),
    drop: fc.integer({ min: 1, max: 5 }),
    min: fc.integer({ min: 1, max: 8 }),
  },
  { requiredKeys: ['head'] },
);
const table: fc.Arbitrary<TableSpec> = fc
  .tuple(
    fc.array(column, { minLength: 1, maxLength: 10 }),
    fc.integer({ min: 1, max: 8 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 3 }),
  )
  .chain(([columns, height, head, gap]) =>
    fc.record({
      columns: fc.constant(columns),
      rows: fc.array(
        fc.array(fc.record({ text, tone: fc.constantFrom(...tones) }), {
          minLength: columns.length,
          maxLength: columns.length,
        }),
        { minLength: height, maxLength: height },
      ),
      head: fc.constant(head),
      gap: fc.constant(gap),
    }),
  );

describe('renderTable', () => {
  it('puts decimal points in one line and dashes at the right edge', () => {
    expect(renderTable(SHARES, { width: 80, theme: plain })).toEqual([
      'Symbol      Last   Change  Volume',
      '─────────────────────────────────',
      'NVDA    207.04    +6.01    308.8M',
      'PNNY      0.1234  -0.0101     950',
      'ZZZZ           —        —       —',
    ]);
  });

  it('drops the least needed columns first', () => {
    expect(renderTable(SHARES, { width: 30, theme: plain })[0]).toBe('Symbol      Last   Change');
    expect(renderTable(SHARES, { width: 20, theme: plain })[0]).toBe('Symbol      Last');
  });

  it('cuts a text column to its minimum before it drops a figure', () => {
    const spec: TableSpec = {
      columns: [{ head: 'Price' }, { head: 'From', align: 'left', min: 8 }, { head: 'Vol', drop: 1 }],
      rows: [['204.78', 'low of 2025-10-29', '1.2M']],
    };
    expect(renderTable(spec, { width: 24, theme: plain }).at(-1)).toBe('204.78  low of 20…  1.2M');
    expect(renderTable(spec, { width: 20, theme: plain }).at(-1)).toBe('204.78  low of 2025…');
  });

  it('colours cells without moving them', () => {
    const lines = renderTable(SHARES, { width: 80, theme: coloured });
    expect(lines[2]).toBe('NVDA    207.04    \u001b[32m+6.01  \u001b[39m  308.8M');
    expect(lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, '').trimEnd())).toEqual(
      renderTable(SHARES, { width: 80, theme: plain }),
    );
  });

  it('draws a line between rows with a text in its middle', () => {
    const spec: TableSpec = {
      columns: [{ head: 'Strike' }],
      rows: [['200.00'], ['205.00']],
      dividers: [{ before: 1, label: 'x' }],
    };
    expect(renderTable(spec, { width: 40, theme: plain })).toEqual(['Strike', '──────', '200.00', '─ x ──', '205.00']);
  });

  it('draws the same bytes with cli-table3 and with the own engine', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 20, max: 160 }), fc.boolean(), (spec, width, colour) => {
        const theme = colour ? coloured : plain;
        expect(renderTable(spec, { width, theme, engine: drawPlain })).toEqual(
          renderTable(spec, { width, theme, engine: drawWithCliTable }),
        );
      }),
    );
  });

  it('is never wider than asked for and never ends in spaces', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 30, max: 200 }), (spec, width) => {
        for (const line of renderTable(spec, { width, theme: plain })) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect(line).toBe(line.trimEnd());
        }
      }),
    );
  });

  it('shows every column where there is room', () => {
    fc.assert(
      fc.property(table, (spec) => {
        const lines = renderTable(
          { ...spec, head: true },
          { width: naturalWidth({ ...spec, head: true }), theme: plain },
        );
        for (const one of spec.columns) expect(lines[0]).toContain(one.head);
        expect(lines).toHaveLength(spec.rows.length + 2);
      }),
    );
  });

  it('keeps a large table in line without cli-table3', () => {
    const rows = Array.from({ length: 250 }, (_, index) => [String(index), (index / 7).toFixed(2), '—']);
    const lines = renderTable(
      { columns: [{ head: 'N' }, { head: 'Value', align: 'decimal' }, { head: 'Gone' }], rows },
      { width: 60, theme: plain },
    );
    const points = new Set(lines.slice(2).map((line) => line.indexOf('.')));
    expect(lines).toHaveLength(252);
    expect(points.size).toBe(1);
  });
});
