"""How kernels are compiled, cached and called, below everything that has one."""
