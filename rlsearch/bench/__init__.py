"""What `rlsearch bench` shows: one file per figure, both sides measured in one run on one core."""
