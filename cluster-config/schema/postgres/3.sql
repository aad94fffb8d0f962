-- Governance.Actors on PostgreSQL, version 3.

-- Chunks stored a while ago, merged per source. The newest chunk of a source always stays in chunk: whoever writes the
-- next one looks there. stored_at: when the newest chunk in it was stored.
CREATE TABLE block (
  source BIGINT NOT NULL, first_chunk BIGINT NOT NULL, last_chunk BIGINT NOT NULL, last_writer UUID NOT NULL,
  first_sampled BIGINT NOT NULL, last_sampled BIGINT NOT NULL, count INTEGER NOT NULL, stored_at BIGINT NOT NULL, payload BYTEA NOT NULL,
  PRIMARY KEY (source, last_chunk));
CREATE INDEX block_sampled ON block (source, last_sampled, first_sampled, first_chunk);
ALTER TABLE block ALTER COLUMN payload SET STORAGE EXTERNAL;

-- What is there already counts as stored now. The server's clock, so that nodes need not agree on the time.
ALTER TABLE chunk ADD COLUMN stored_at BIGINT NOT NULL DEFAULT (extract(epoch FROM now()) * 10000000)::bigint + 621355968000000000;
-- What a node makes of the ledger. One of a build before this version would neither read what is merged nor be fenced by
-- it: while such a node may live, nothing is merged.
ALTER TABLE cluster_node ADD COLUMN ledger INTEGER NOT NULL DEFAULT 2;
-- A source has few chunks that are not merged yet: finding those of a time needs no index any more.
DROP INDEX chunk_sampled;
