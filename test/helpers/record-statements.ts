// Loaded into a started fin (`NODE_OPTIONS=--import=…`): writes every SQL statement that it runs into the file named by
// FIN_TEST_STATEMENTS, one JSON string a line. An exec of several statements is one line.
import { appendFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const file = process.env['FIN_TEST_STATEMENTS'] ?? '';

function record(sql: string): void {
  appendFileSync(file, `${JSON.stringify(sql)}\n`);
}

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  record(sql);
  exec.call(this, sql);
};

for (const method of ['run', 'get', 'all'] as const) {
  const original = StatementSync.prototype[method] as (...parameters: unknown[]) => unknown;
  Object.assign(StatementSync.prototype, {
    [method](this: StatementSync, ...parameters: unknown[]) {
      record(this.sourceSQL);
      return original.apply(this, parameters);
    },
  });
}
