-- What cases say about those who handled them; form and as_of as in alarm_progress. And the heads of the hash chains of all
-- entities, with the last day whose root was told, counted from 0001-01-01.
CREATE TABLE account_progress (one INTEGER PRIMARY KEY CHECK (one = 1), journal_offset BIGINT NOT NULL, form INTEGER NOT NULL, as_of BIGINT);
INSERT INTO account_progress VALUES (1, 0, 0, NULL);
CREATE TABLE account_case (
  key TEXT COLLATE "C" PRIMARY KEY, subject TEXT COLLATE "C" NOT NULL, area TEXT NOT NULL, category TEXT COLLATE "C" NOT NULL, lead TEXT NOT NULL, level INTEGER NOT NULL, drill INTEGER NOT NULL, finished INTEGER NOT NULL,
  received BIGINT, closed BIGINT, half_at BIGINT, half_organisation TEXT NOT NULL, half_level INTEGER NOT NULL, missed INTEGER, state BYTEA NOT NULL, account TEXT NOT NULL);
CREATE INDEX account_case_received ON account_case (received);
CREATE INDEX account_case_closed ON account_case (closed) WHERE closed IS NOT NULL;
CREATE INDEX account_case_half ON account_case (half_at) WHERE half_at IS NOT NULL;
CREATE INDEX account_case_subject ON account_case (subject, received);
CREATE TABLE account_fact (
  case_key TEXT COLLATE "C" NOT NULL, n INTEGER NOT NULL, at BIGINT NOT NULL, kind INTEGER NOT NULL, organisation TEXT COLLATE "C" NOT NULL, category TEXT COLLATE "C" NOT NULL, good INTEGER NOT NULL,
  PRIMARY KEY (case_key, n));
CREATE INDEX account_fact_at ON account_fact (at);
CREATE INDEX account_fact_false ON account_fact (case_key) WHERE kind = 24;
CREATE TABLE account_excluded (organisation TEXT COLLATE "C" NOT NULL, month TEXT COLLATE "C" NOT NULL, case_key TEXT COLLATE "C" NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (organisation, month, case_key, kind));
CREATE TABLE account_reinspected (case_key TEXT COLLATE "C" PRIMARY KEY, month TEXT COLLATE "C" NOT NULL, organisation TEXT COLLATE "C" NOT NULL, passed INTEGER NOT NULL, at BIGINT NOT NULL);
CREATE TABLE seal_progress (one INTEGER PRIMARY KEY CHECK (one = 1), through BIGINT NOT NULL, day INTEGER);
INSERT INTO seal_progress VALUES (1, 0, NULL);
CREATE TABLE entity_seal (entity TEXT COLLATE "C" PRIMARY KEY, number BIGINT NOT NULL, head BYTEA NOT NULL);
-- The first bytes of every link of an entity, 256 events to a block: they name the first event that differs.
CREATE TABLE seal_links (entity TEXT COLLATE "C" NOT NULL, block BIGINT NOT NULL, links BYTEA NOT NULL, PRIMARY KEY (entity, block));
