-- The list of slips. body is the stored form of the whole slip.
CREATE TABLE slip_list (
  key TEXT PRIMARY KEY, number TEXT NOT NULL, kind INTEGER NOT NULL, state TEXT NOT NULL, level INTEGER NOT NULL, area TEXT NOT NULL, lead TEXT NOT NULL, cases TEXT NOT NULL,
  drill INTEGER NOT NULL, overdue INTEGER NOT NULL, drafted INTEGER NOT NULL, issued INTEGER, due INTEGER, ended INTEGER, result TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX slip_drafted ON slip_list (drafted DESC, key DESC);
CREATE UNIQUE INDEX slip_number ON slip_list (number) WHERE number <> '';
