"""A loss in other forms: tapes and kernels, PyTorch, TorchScript, sympy, LaTeX, plain text, networkx."""
