"""Equivalence of losses: gradient fingerprints, known losses, smallest forms, implied targets."""
