-- Heads of the hash chains of all entities, and the place in the journal that they reflect, change in one transaction.
-- day: the last one whose root was told, counted from 0001-01-01.
CREATE TABLE seal_progress (one INTEGER PRIMARY KEY CHECK (one = 1), through INTEGER NOT NULL, day INTEGER);
INSERT INTO seal_progress VALUES (1, 0, NULL);
CREATE TABLE entity_seal (entity TEXT PRIMARY KEY, number INTEGER NOT NULL, head BLOB NOT NULL) WITHOUT ROWID;
-- The first bytes of every link of an entity, 256 events to a block: they name the first event that differs.
CREATE TABLE seal_links (entity TEXT NOT NULL, block INTEGER NOT NULL, links BLOB NOT NULL, PRIMARY KEY (entity, block)) WITHOUT ROWID;
