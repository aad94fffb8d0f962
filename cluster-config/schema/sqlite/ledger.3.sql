-- One row per group commit, however many sources it holds, and nothing indexed: where a source's newest chunks lie is
-- known in memory, rebuilt at open from the directories. A directory stands before its payload, so that reading it
-- leaves the payload's pages alone. The newest row is never deleted: ids only rise, and what is new is what is above.
CREATE TABLE chunk_group (id INTEGER PRIMARY KEY, stored_at INTEGER NOT NULL, directory BLOB NOT NULL, payload BLOB NOT NULL);
-- Older chunks, merged per source. Up to source.merged a source's chunks are in blocks (or retired), above it in groups:
-- one number decides which, so nothing is ever seen twice or not at all.
CREATE TABLE block (
  block INTEGER PRIMARY KEY, source INTEGER NOT NULL, first_chunk INTEGER NOT NULL, last_chunk INTEGER NOT NULL, last_writer BLOB NOT NULL,
  first_sampled INTEGER NOT NULL, last_sampled INTEGER NOT NULL, count INTEGER NOT NULL, stored_at INTEGER NOT NULL, payload BLOB NOT NULL);
CREATE INDEX block_number ON block (source, last_chunk, first_chunk, first_sampled, last_sampled);
CREATE INDEX block_sampled ON block (source, last_sampled, first_sampled, first_chunk);
ALTER TABLE source ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN merged_writer BLOB;
-- The table chunk of version 2 is folded into blocks, and dropped, when the file is opened.
