"""What a run found, read off its journal: ranking, selection, outcomes. Nothing is written here."""
