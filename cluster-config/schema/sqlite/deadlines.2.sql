-- A row says how far its writer's journal was, so that a late word of a former owner changes nothing.
-- Recorded clocks live in memory: no row ever named one.
CREATE TABLE deadline_2 (kind TEXT NOT NULL, id TEXT NOT NULL, due INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
INSERT INTO deadline_2 SELECT kind, id, due, 0 FROM deadline WHERE clock = '';
DROP TABLE deadline;
ALTER TABLE deadline_2 RENAME TO deadline;
CREATE INDEX deadline_due ON deadline (due);
