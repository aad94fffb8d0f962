-- Snapshots, as Akka.Persistence.Sql made them in earlier builds.
CREATE TABLE IF NOT EXISTS snapshot (
  persistence_id NVarChar(255) NOT NULL, sequence_number INTEGER NOT NULL, created INTEGER NOT NULL, snapshot VarBinary NULL,
  manifest NVarChar(500) NULL, serializer_id INTEGER NULL, PRIMARY KEY (persistence_id, sequence_number));
DROP INDEX IF EXISTS snapshot_created_idx;
DROP INDEX IF EXISTS snapshot_sequence_number_idx;
