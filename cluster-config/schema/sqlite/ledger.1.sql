-- The reading ledger: one row per source and commit. Appended by row id, so a commit touches few pages however many
-- sources it holds; the small unique index fences former owners.
CREATE TABLE source (source INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE chunk (
  source INTEGER NOT NULL, chunk_no INTEGER NOT NULL, writer BLOB NOT NULL, kind INTEGER NOT NULL,
  first_sampled INTEGER NOT NULL, last_sampled INTEGER NOT NULL, count INTEGER NOT NULL, payload BLOB NOT NULL);
CREATE UNIQUE INDEX chunk_number ON chunk (source, chunk_no);
CREATE INDEX chunk_sampled ON chunk (source, last_sampled, first_sampled);
