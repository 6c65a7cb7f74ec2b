"""Provenance of results: the machine, the versions of packages, the commit."""
