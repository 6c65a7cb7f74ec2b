"""A run from its beginning to its end: session, search loop, budget, progress, estimate, audit."""
