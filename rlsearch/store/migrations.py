"""Migrations of the journal's tables: from each schema to the next, one script each.

A script is as it was when its schema was left behind, so nothing in it is shared with today's tables.
"""

_TRIAL_2 = """
  rung INTEGER NOT NULL,
  place INTEGER NOT NULL,
  env TEXT NOT NULL,
  seed INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  curve BLOB NOT NULL,
  area REAL,
  final REAL,
  episodes INTEGER NOT NULL,
  mean_return REAL,
  diverged_at INTEGER NOT NULL,
  culprit TEXT NOT NULL,
  seconds REAL NOT NULL
"""
_TRIAL_3 = """
  phase TEXT NOT NULL,
  rung INTEGER NOT NULL,
  env_index INTEGER NOT NULL,
  env TEXT NOT NULL,
  seed_index INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  curve BLOB NOT NULL,
  area REAL,
  final REAL,
  episodes INTEGER NOT NULL,
  mean_return REAL,
  diverged_at INTEGER NOT NULL,
  culprit TEXT NOT NULL,
  seconds REAL NOT NULL
"""
_SAME = "env, seed, steps, curve, area, final, episodes, mean_return, diverged_at, culprit, seconds"

MIGRATIONS = {
    # Where divergence began, what the population became, and what proposals took; known losses are trained on the rungs.
    1: f"""
ALTER TABLE proposals ADD COLUMN population TEXT;
ALTER TABLE proposals ADD COLUMN screening REAL;
ALTER TABLE proposals ADD COLUMN seconds REAL;
ALTER TABLE trials RENAME TO trials_1;
CREATE TABLE trials (
  proposal INTEGER NOT NULL REFERENCES proposals (number), {_TRIAL_2},
  PRIMARY KEY (proposal, rung, place, seed)
) WITHOUT ROWID;
CREATE TABLE named_trials (
  loss TEXT NOT NULL, {_TRIAL_2},
  PRIMARY KEY (loss, rung, place, seed)
) WITHOUT ROWID;
INSERT INTO trials SELECT proposal, rung, place, env, seed, steps, curve, NULL, NULL,
  episodes, mean_return, diverged_at, '', seconds FROM trials_1;
INSERT INTO named_trials SELECT loss, rung, place, env, seed, steps, curve, NULL, NULL,
  episodes, mean_return, diverged_at, '', seconds FROM confirmations;
DROP TABLE trials_1;
DROP TABLE confirmations;
""",
    # The confirmation is a phase of its own, where it was rung 1000; columns are named as the code names them.
    2: f"""
ALTER TABLE facts RENAME TO metadata;
ALTER TABLE proposals RENAME COLUMN number TO proposal;
ALTER TABLE proposals RENAME COLUMN fate TO status;
ALTER TABLE proposals RENAME COLUMN class TO class_index;
ALTER TABLE trials RENAME TO trials_2;
ALTER TABLE named_trials RENAME TO named_trials_2;
CREATE TABLE trials (
  proposal INTEGER NOT NULL REFERENCES proposals (proposal), {_TRIAL_3},
  PRIMARY KEY (proposal, phase, rung, env_index, seed_index)
) WITHOUT ROWID;
CREATE TABLE named_trials (
  loss TEXT NOT NULL, {_TRIAL_3},
  PRIMARY KEY (loss, phase, rung, env_index, seed_index)
) WITHOUT ROWID;
INSERT INTO trials SELECT proposal, 'rung', rung, place, {_SAME} FROM trials_2;
INSERT INTO named_trials SELECT loss, 'rung', rung, place, {_SAME} FROM named_trials_2 WHERE rung != 1000;
INSERT INTO named_trials SELECT loss, 'confirm', -1, place, {_SAME} FROM named_trials_2 WHERE rung = 1000;
DROP TABLE trials_2;
DROP TABLE named_trials_2;
""",
    # Trials have a time limit, and record batches; forms leave their class. A run of before has none of these.
    3: """
ALTER TABLE trials ADD COLUMN cut_after_s REAL;
ALTER TABLE named_trials ADD COLUMN cut_after_s REAL;
CREATE TABLE recordings (
  owner NOT NULL,
  rung INTEGER NOT NULL,
  env_index INTEGER NOT NULL,
  seed_index INTEGER NOT NULL,
  step INTEGER NOT NULL,
  actions INTEGER NOT NULL,
  predictions INTEGER NOT NULL,
  batch BLOB NOT NULL,
  PRIMARY KEY (owner, rung, env_index, seed_index, step)
);
CREATE TABLE splits (
  phase TEXT NOT NULL,
  found_at INTEGER NOT NULL REFERENCES proposals (proposal),
  place INTEGER NOT NULL,
  member INTEGER NOT NULL REFERENCES proposals (proposal),
  class_index INTEGER NOT NULL,
  new_class INTEGER NOT NULL,
  difference REAL NOT NULL,
  "where" TEXT NOT NULL,
  PRIMARY KEY (phase, found_at, place)
) WITHOUT ROWID;
CREATE TABLE twins (
  member INTEGER NOT NULL REFERENCES proposals (proposal),
  class_index INTEGER NOT NULL,
  env TEXT NOT NULL,
  apart REAL NOT NULL,
  noise REAL NOT NULL,
  PRIMARY KEY (member, class_index, env)
) WITHOUT ROWID;
""",
}
