"""Checks of each facet of an op against the others, and of a regime against its promises, before anything runs."""
