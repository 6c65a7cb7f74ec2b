"""The figures of `rlsearch bench`: one file per figure, both sides measured in one run on one core."""
