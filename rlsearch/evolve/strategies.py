"""The strategies of a search. Nothing is imported here, as the command line lists them in its help."""

STRATEGIES = ("evolution", "random", "enumerate")
