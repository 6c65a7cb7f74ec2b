"""Evaluation of losses: trials, rungs, confirmation, comparison, and intervals of means over seeds."""
