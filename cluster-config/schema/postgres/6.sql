-- The list of slips. body is the stored form of the whole slip.
CREATE TABLE slip_list (
  key TEXT COLLATE "C" PRIMARY KEY, number TEXT COLLATE "C" NOT NULL, kind INTEGER NOT NULL, state TEXT NOT NULL, level INTEGER NOT NULL, area TEXT NOT NULL, lead TEXT NOT NULL, cases TEXT NOT NULL,
  drill INTEGER NOT NULL, overdue INTEGER NOT NULL, drafted BIGINT NOT NULL, issued BIGINT, due BIGINT, ended BIGINT, result TEXT NOT NULL, version BIGINT NOT NULL, body BYTEA NOT NULL);
CREATE INDEX slip_drafted ON slip_list (drafted DESC, key DESC);
CREATE UNIQUE INDEX slip_number ON slip_list (number) WHERE number <> '';
