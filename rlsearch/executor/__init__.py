"""Executors, which run work: in this process, on others of this machine, or on the machines of a Ray cluster."""
