"""The tables of a run's journal, and how those of earlier versions become them."""

APPLICATION = 0x726C7372  # "rlsr"
VERSION = 2

_TRIAL = """
  rung INTEGER NOT NULL,        -- from 0; 1000 is the confirmation
  place INTEGER NOT NULL,       -- of the environment in its rung
  env TEXT NOT NULL,
  seed INTEGER NOT NULL,        -- its number; equal numbers met equal draws under every loss
  steps INTEGER NOT NULL,
  curve BLOB NOT NULL,          -- normalised return in each stretch of training, float64
  area REAL,                    -- the curve's mean, and that of its last fifth; NULL in rows of schema 1
  final REAL,
  episodes INTEGER NOT NULL,
  mean_return REAL,
  diverged_at INTEGER NOT NULL,
  culprit TEXT NOT NULL,        -- the first op that was not finite, where training diverged
  seconds REAL NOT NULL,
"""
TRIALS = f"""
CREATE TABLE trials (
  proposal INTEGER NOT NULL REFERENCES proposals (number),
  {_TRIAL}
  PRIMARY KEY (proposal, rung, place, seed)
) WITHOUT ROWID;
CREATE TABLE named_trials (
  loss TEXT NOT NULL,           -- a known loss's name; in the confirmation also '#' and a class
  {_TRIAL}
  PRIMARY KEY (loss, rung, place, seed)
) WITHOUT ROWID;
"""
TABLES = f"""
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE proposals (
  number INTEGER PRIMARY KEY,   -- index in the search
  genome TEXT NOT NULL,
  parents TEXT NOT NULL,        -- indices, as a JSON list
  origin TEXT NOT NULL,         -- mutation, or random, start, enumerate, extend
  fate TEXT NOT NULL,           -- trained, duplicate, equivalent, rejected, disagree
  reason TEXT NOT NULL,
  key TEXT NOT NULL,            -- structural key of the canonical form
  class INTEGER NOT NULL,       -- index of the class's first proposal, -1 if rejected
  size INTEGER NOT NULL,        -- ops of the canonical form
  population TEXT,              -- who entered and left since the proposal before was made; NULL in rows of schema 1
  screening REAL,               -- seconds that the driver took to make and to screen it
  seconds REAL                  -- of search, when it was written
);
{TRIALS}
"""

# From each version to the next, one script each.
MIGRATIONS = {
    1: f"""
ALTER TABLE proposals ADD COLUMN population TEXT;
ALTER TABLE proposals ADD COLUMN screening REAL;
ALTER TABLE proposals ADD COLUMN seconds REAL;
ALTER TABLE trials RENAME TO trials_1;
{TRIALS}
INSERT INTO trials SELECT proposal, rung, place, env, seed, steps, curve, NULL, NULL,
  episodes, mean_return, diverged_at, '', seconds FROM trials_1;
INSERT INTO named_trials SELECT loss, rung, place, env, seed, steps, curve, NULL, NULL,
  episodes, mean_return, diverged_at, '', seconds FROM confirmations;
DROP TABLE trials_1;
DROP TABLE confirmations;
""",
}
