"""Executors, which run work: on processes of this machine, or on the machines of a Ray cluster."""
