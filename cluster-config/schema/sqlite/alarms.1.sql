-- Records of alarms for load figures and the hand-over of a shift, fed by the journal: rows and journal offset change in
-- one transaction. form: what the build that feeds them makes of the journal; as_of: the journal was read to its end then.
CREATE TABLE alarm_progress (one INTEGER PRIMARY KEY CHECK (one = 1), journal_offset INTEGER NOT NULL, form INTEGER NOT NULL, as_of INTEGER);
INSERT INTO alarm_progress VALUES (1, 0, 0, NULL);
CREATE TABLE alarm_source (id TEXT PRIMARY KEY, name TEXT NOT NULL, area TEXT NOT NULL, drill INTEGER NOT NULL);
CREATE TABLE alarm_detector (
  source TEXT NOT NULL, ordinal INTEGER NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, zone TEXT NOT NULL, latch_from INTEGER NOT NULL, retired INTEGER NOT NULL,
  PRIMARY KEY (source, ordinal)) WITHOUT ROWID;
CREATE TABLE alarm (
  occurrence TEXT PRIMARY KEY, source TEXT NOT NULL, area TEXT NOT NULL, ordinal INTEGER NOT NULL, detector TEXT NOT NULL, zone TEXT NOT NULL,
  kind INTEGER NOT NULL, witness INTEGER NOT NULL, level INTEGER NOT NULL, peak INTEGER NOT NULL, peak_value REAL, raised INTEGER NOT NULL,
  acknowledged INTEGER, acknowledged_by TEXT NOT NULL, expires INTEGER, cleared INTEGER, awaiting INTEGER NOT NULL, suppressed INTEGER NOT NULL,
  folded INTEGER NOT NULL, drill INTEGER NOT NULL, case_key TEXT NOT NULL, journaled INTEGER NOT NULL);
-- Of many years' alarms few live: they have an index of their own.
CREATE INDEX alarm_open ON alarm (source) WHERE cleared IS NULL OR awaiting = 1;
CREATE INDEX alarm_cleared ON alarm (drill, cleared);
CREATE INDEX alarm_raised ON alarm (drill, raised);
CREATE INDEX alarm_journaled ON alarm (journaled);
CREATE TABLE alarm_interval (
  key TEXT PRIMARY KEY, kind INTEGER NOT NULL, area TEXT NOT NULL, source TEXT NOT NULL, detector TEXT NOT NULL, since INTEGER NOT NULL, planned_end INTEGER,
  ended INTEGER, level INTEGER NOT NULL, begun_by TEXT NOT NULL, reason TEXT NOT NULL, reference TEXT NOT NULL, ended_by TEXT NOT NULL, ended_why TEXT NOT NULL,
  drill INTEGER NOT NULL, journaled INTEGER NOT NULL);
CREATE INDEX alarm_interval_open ON alarm_interval (source) WHERE ended IS NULL OR kind = 9;
CREATE INDEX alarm_interval_ended ON alarm_interval (drill, ended);
CREATE INDEX alarm_interval_since ON alarm_interval (drill, since);
CREATE INDEX alarm_interval_journaled ON alarm_interval (journaled);
CREATE TABLE alarm_case (
  key TEXT PRIMARY KEY, number TEXT NOT NULL, area TEXT NOT NULL, source TEXT NOT NULL, drill INTEGER NOT NULL, phase INTEGER NOT NULL, level INTEGER NOT NULL,
  category TEXT NOT NULL, lead TEXT NOT NULL, lead_phase INTEGER NOT NULL, received INTEGER NOT NULL, dispatched INTEGER, accepted INTEGER, arrived INTEGER,
  closed INTEGER, clocks TEXT NOT NULL, journaled INTEGER NOT NULL);
CREATE INDEX alarm_case_open ON alarm_case (drill, area) WHERE closed IS NULL;
CREATE INDEX alarm_case_journaled ON alarm_case (journaled);
