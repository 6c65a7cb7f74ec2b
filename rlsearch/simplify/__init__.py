"""The canonical form of a loss, by a table of rules, and the same for people to read."""
