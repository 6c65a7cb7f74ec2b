"""Each facet of an op against another: what every built-in op is tested by, and a user's op before anything runs."""
