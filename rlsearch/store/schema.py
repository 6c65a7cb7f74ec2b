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
GUARD = """
CREATE TABLE recordings (       -- batches that trials on the rungs recorded
  owner NOT NULL,               -- of the trial: a proposal (a number), or a known loss's name
  rung INTEGER NOT NULL,
  env_index INTEGER NOT NULL,
  seed_index INTEGER NOT NULL,
  step INTEGER NOT NULL,        -- of the training, from 1
  actions INTEGER NOT NULL,     -- sizes of the axes
  predictions INTEGER NOT NULL,
  batch BLOB NOT NULL,          -- float32 [rows, samples]: the regime's views, then its columns; zlib
  PRIMARY KEY (owner, rung, env_index, seed_index, step)
);
CREATE TABLE splits (           -- forms that were called equivalent to a class, but train differently
  phase TEXT NOT NULL,          -- rung: in the search, whose next proposals train them; confirm, twin: at its end
  found_at INTEGER NOT NULL REFERENCES proposals (proposal), -- after whose application
  place INTEGER NOT NULL,       -- among those found then
  member INTEGER NOT NULL REFERENCES proposals (proposal),   -- whose form it is
  class_index INTEGER NOT NULL, -- that it was said to be of
  new_class INTEGER NOT NULL,
  difference REAL NOT NULL,     -- of the gradients, or in the end of the weights, relative
  "where" TEXT NOT NULL,        -- in words
  PRIMARY KEY (phase, found_at, place)
) WITHOUT ROWID;
CREATE TABLE twins (            -- forms that were trained beside their class's own, at the end of a search
  member INTEGER NOT NULL REFERENCES proposals (proposal),
  class_index INTEGER NOT NULL,
  env TEXT NOT NULL,
  apart REAL NOT NULL,          -- distance between the final weights, as a share of the way from the first
  noise REAL NOT NULL,          -- the same of the class's own form, written in other ways
  PRIMARY KEY (member, class_index, env)
) WITHOUT ROWID;
"""
TABLES = f"""
CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE proposals (
  proposal INTEGER PRIMARY KEY, -- index in the search; `index` itself is a word of SQL
  genome TEXT NOT NULL,
  parents TEXT NOT NULL,        -- indices, as a JSON list
  origin TEXT NOT NULL,         -- mutation, or random, start, enumerate, extend, split
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
{GUARD}
"""
