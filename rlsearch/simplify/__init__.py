"""The canonical form of a loss by a table of tested rules, and a form for people to read."""
