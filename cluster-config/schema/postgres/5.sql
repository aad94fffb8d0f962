-- A line of the case list holds the whole case, and everything that lists ask for beside it; it is made again from the
-- journal's beginning. What is written in a case is found by pairs of its characters.
DROP TABLE case_list;
UPDATE progress SET journal_offset = 0;
DELETE FROM source_list;
CREATE TABLE case_list (
  key TEXT COLLATE "C" PRIMARY KEY, number TEXT COLLATE "C" NOT NULL, state TEXT NOT NULL, level INTEGER NOT NULL, category TEXT NOT NULL, source TEXT COLLATE "C" NOT NULL,
  subdistrict TEXT NOT NULL, drill INTEGER NOT NULL, supervision TEXT NOT NULL, received BIGINT NOT NULL, closed BIGINT, version BIGINT NOT NULL,
  title TEXT NOT NULL, channel TEXT NOT NULL, community TEXT NOT NULL, lead TEXT NOT NULL, organisations TEXT NOT NULL, due BIGINT, breached INTEGER NOT NULL, armed BIGINT, whole BYTEA NOT NULL,
  words TSVECTOR NOT NULL DEFAULT ''::tsvector);
CREATE INDEX case_received ON case_list (received DESC, key DESC);
CREATE INDEX case_open ON case_list (received DESC, key DESC) WHERE closed IS NULL;
CREATE INDEX case_due ON case_list (due, key) WHERE due IS NOT NULL;
CREATE INDEX case_armed ON case_list (armed) WHERE armed IS NOT NULL;
CREATE UNIQUE INDEX case_number ON case_list (number) WHERE number <> '';
CREATE INDEX case_words ON case_list USING gin (words);
