"""A run or a loss as one HTML page, with its charts and drawings."""
