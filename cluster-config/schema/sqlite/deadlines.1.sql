CREATE TABLE deadline (kind TEXT NOT NULL, id TEXT NOT NULL, clock TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE INDEX deadline_due ON deadline (clock, due);
