-- Governance.Actors on PostgreSQL, version 2.

-- Always empty: filled within a transaction that is rolled back, to see whether the disk still has room. A full disk
-- shows only when a table must grow, which for an alarm would be too late to learn.
CREATE UNLOGGED TABLE room (filler INTEGER);
