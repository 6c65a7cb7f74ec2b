"""Numba support: compiling, caching and calling kernels, below every room that has one."""
