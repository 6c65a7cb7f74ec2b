"""How good a loss is: trials, rungs, confirmation, comparison, and how sure a mean is."""
