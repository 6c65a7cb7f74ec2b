"""Regimes, the signatures of losses: each is one record of inputs, heads, networks and views."""
