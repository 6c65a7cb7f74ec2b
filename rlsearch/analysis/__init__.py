"""Results of a run, read off its journal: ranking, selection, outcomes. Nothing is written here."""
