// Migrations as a file of the data folder has them in the course of years: a table, a column, a table split in two.
import type { Migration } from '../../src/book/data-database.ts';

export const STEPS: readonly Migration[] = [
  (handle) => handle.exec('CREATE TABLE things(name TEXT PRIMARY KEY)'),
  (handle) => handle.exec('ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 1'),
  (handle) =>
    handle.exec(`CREATE TABLE sizes(name TEXT PRIMARY KEY, size INTEGER NOT NULL);
      INSERT INTO sizes SELECT name, size FROM things; ALTER TABLE things DROP COLUMN size`),
];
