"""A run from its beginning to its end: session, search loop, replay, budget, progress, estimate, audit."""
