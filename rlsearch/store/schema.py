"""The tables of a run's journal. Those of earlier versions are brought to them by `rlsearch.store.migrations`."""

APPLICATION = 0x726C7372  # "rlsr"
VERSION = 4

_TRIAL = """
  phase TEXT NOT NULL,          -- rung, or confirm
  rung INTEGER NOT NULL,        -- from 0; -1 in the confirmation
  env_index INTEGER NOT NULL,   -- of the environment in its rung, or in the confirmation
  env TEXT NOT NULL,
  seed_index INTEGER NOT NULL,  -- equal ones met equal draws under every loss
  steps INTEGER NOT NULL,
  curve BLOB NOT NULL,          -- normalised return in each stretch of training, float64
  area REAL,                    -- the curve's mean, and that of its last fifth; NULL in rows of schema 1
  final REAL,
  episodes INTEGER NOT NULL,
  mean_return REAL,
  diverged_at INTEGER NOT NULL,
  culprit TEXT NOT NULL,        -- the first op that was not finite, where training diverged
  seconds REAL NOT NULL,
  cut_after_s REAL,             -- the time limit that ended it before its end; NULL where it came to its end
"""
TRIALS = f"""
CREATE TABLE trials (
  proposal INTEGER NOT NULL REFERENCES proposals (proposal),
  {_TRIAL}
  PRIMARY KEY (proposal, phase, rung, env_index, seed_index)
) WITHOUT ROWID;
CREATE TABLE named_trials (
  loss TEXT NOT NULL,           -- a known loss's name; in the confirmation also '#' and a class
  {_TRIAL}
  PRIMARY KEY (loss, phase, rung, env_index, seed_index)
) WITHOUT ROWID;
"""
TABLES = f"""
CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE proposals (
  proposal INTEGER PRIMARY KEY, -- index in the search; `index` itself is a word of SQL
  genome TEXT NOT NULL,
  parents TEXT NOT NULL,        -- indices, as a JSON list
  origin TEXT NOT NULL,         -- mutation, or random, start, enumerate, extend
  status TEXT NOT NULL,         -- trained, duplicate, equivalent, rejected, disagree
  reason TEXT NOT NULL,
  key TEXT NOT NULL,            -- structural key of the canonical form
  class_index INTEGER NOT NULL, -- index of the class's first proposal, -1 if rejected
  size INTEGER NOT NULL,        -- ops of its live lines or of its canonical form, whichever is fewer
  population TEXT,              -- who entered and left since the proposal before was made; NULL in rows of schema 1
  screening REAL,               -- seconds that the driver took to make and to screen it
  seconds REAL                  -- of search, when it was written
);
{TRIALS}
"""
