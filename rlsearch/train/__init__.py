"""Trainers: the protocol and its contract, the parts of a network, the fused trainer of each regime."""
