"""A run's result, read off its journal: ranking, selection, outcomes. Nothing is written here."""
