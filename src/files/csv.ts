// Rows of a CSV text by RFC 4180: quoted fields with commas, quotes and line ends in them; each with the line that it
// begins on. What comes before and behind the fields of a row is as it stands.

export interface CsvRow {
  line: number;
  fields: string[];
}

/** Rows that are empty are left out. A quote that does not end takes the rest of the text into its field. */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let line = 1;
  for (let at = 0; at < text.length;) {
    const row: CsvRow = { line, fields: [] };
    let end: string;
    do {
      const field = fieldAt(text, at);
      row.fields.push(field.value);
      end = text[field.end] ?? '\n';
      line += text.slice(at, field.end + 1).split('\n').length - 1;
      at = field.end + 1;
    } while (end === ',');
    if (row.fields.some((field) => field !== '')) rows.push(row);
  }
  return rows;
}

/** `end` is the place of the comma or line end behind it. */
function fieldAt(text: string, start: number): { value: string; end: number } {
  const endFrom = (at: number): number => {
    const found = text.slice(at).search(/[,\n]/);
    return found < 0 ? text.length : at + found;
  };
  if (text[start] !== '"') {
    const end = endFrom(start);
    return { value: text.slice(start, end).trim(), end };
  }
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value: value.trim(), end: endFrom(quote + 1) };
    value += '"';
    at = quote + 2;
  }
}
