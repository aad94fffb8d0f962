-- Written now and then by the very writer of the ledger: whether the next reading could be stored.
CREATE TABLE probe (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL);
INSERT INTO probe VALUES (1, 0);
