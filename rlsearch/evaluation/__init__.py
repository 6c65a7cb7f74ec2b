"""How good a loss is: trials, the rungs that a candidate climbs, confirmation, comparison, and how sure a mean is."""
