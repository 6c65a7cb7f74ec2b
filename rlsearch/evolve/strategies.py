"""The names of the search strategies. Nothing is imported here, as the command line lists them in its help."""

STRATEGIES = ("evolution", "random", "enumerate")
