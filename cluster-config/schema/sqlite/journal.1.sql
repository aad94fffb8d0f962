-- The journal, as Akka.Persistence.Sql made it in earlier builds and reads it still for the lists: a file of theirs has
-- the tables already. Its two indexes that no query uses cost every commit as much as the rows.
CREATE TABLE IF NOT EXISTS journal (
  ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, created INTEGER NOT NULL, deleted Bit NOT NULL, persistence_id NVarChar(255) NOT NULL,
  sequence_number INTEGER NOT NULL, message VarBinary NOT NULL, manifest NVarChar(500) NULL, identifier INTEGER NULL, writer_uuid NVarChar(128) NULL);
CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
DROP INDEX IF EXISTS journal_created_idx;
DROP INDEX IF EXISTS journal_sequence_number_idx;
CREATE TABLE IF NOT EXISTS tags (
  ordering_id INTEGER NOT NULL, tag NVarChar(64) NOT NULL, sequence_nr INTEGER NOT NULL, persistence_id NVarChar(255) NOT NULL, PRIMARY KEY (ordering_id, tag));
