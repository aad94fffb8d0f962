-- What cases say about those who handled them, fed by the journal: rows and journal offset change in one transaction.
-- form: what the build that feeds them makes of the journal; as_of: the journal was read to its end then.
CREATE TABLE account_progress (one INTEGER PRIMARY KEY CHECK (one = 1), journal_offset INTEGER NOT NULL, form INTEGER NOT NULL, as_of INTEGER);
INSERT INTO account_progress VALUES (1, 0, 0, NULL);
CREATE TABLE account_case (
  key TEXT PRIMARY KEY, subject TEXT NOT NULL, area TEXT NOT NULL, category TEXT NOT NULL, lead TEXT NOT NULL, level INTEGER NOT NULL, drill INTEGER NOT NULL, finished INTEGER NOT NULL,
  received INTEGER, closed INTEGER, half_at INTEGER, half_organisation TEXT NOT NULL, half_level INTEGER NOT NULL, missed INTEGER, state BLOB NOT NULL, account TEXT NOT NULL);
CREATE INDEX account_case_received ON account_case (received);
CREATE INDEX account_case_closed ON account_case (closed) WHERE closed IS NOT NULL;
CREATE INDEX account_case_half ON account_case (half_at) WHERE half_at IS NOT NULL;
CREATE INDEX account_case_subject ON account_case (subject, received);
CREATE TABLE account_fact (
  case_key TEXT NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, organisation TEXT NOT NULL, category TEXT NOT NULL, good INTEGER NOT NULL,
  PRIMARY KEY (case_key, n)) WITHOUT ROWID;
CREATE INDEX account_fact_at ON account_fact (at);
CREATE INDEX account_fact_false ON account_fact (case_key) WHERE kind = 24;
CREATE TABLE account_excluded (organisation TEXT NOT NULL, month TEXT NOT NULL, case_key TEXT NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (organisation, month, case_key, kind)) WITHOUT ROWID;
CREATE TABLE account_reinspected (case_key TEXT PRIMARY KEY, month TEXT NOT NULL, organisation TEXT NOT NULL, passed INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
