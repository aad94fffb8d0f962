-- Lists, fed by the journal: rows and journal offset change in one transaction.
CREATE TABLE progress (only INTEGER PRIMARY KEY CHECK (only = 1), journal_offset INTEGER NOT NULL);
INSERT INTO progress VALUES (1, 0);
CREATE TABLE case_list (
  key TEXT PRIMARY KEY, number TEXT NOT NULL, state TEXT NOT NULL, level INTEGER NOT NULL, category TEXT NOT NULL, source TEXT NOT NULL,
  subdistrict TEXT NOT NULL, drill INTEGER NOT NULL, supervision TEXT NOT NULL, received INTEGER NOT NULL, closed INTEGER, version INTEGER NOT NULL);
CREATE INDEX case_received ON case_list (received DESC, key DESC);
CREATE UNIQUE INDEX case_number ON case_list (number) WHERE number <> '';
CREATE TABLE source_list (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, subdistrict TEXT NOT NULL, enterprise TEXT NOT NULL, drill INTEGER NOT NULL, colour INTEGER NOT NULL,
  detectors INTEGER NOT NULL, active INTEGER NOT NULL, changed INTEGER NOT NULL, version INTEGER NOT NULL);
