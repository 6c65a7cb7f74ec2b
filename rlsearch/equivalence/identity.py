"""The identity of losses by its number: under another one a search would call other losses alike, and propose others."""

# 1: until 0.1.0. 2: the probe has what environments produce, and classes are checked on what a run itself recorded.
IDENTITY = 2
FIRST = 1  # of runs that do not say
