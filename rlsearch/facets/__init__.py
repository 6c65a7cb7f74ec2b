"""Each facet of an op against the others, and a regime against its promises, before anything runs."""
