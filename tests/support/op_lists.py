"""The registry's ops by kind, to run tests over."""

from rlsearch.registry import operations

OPERATIONS = [op for op in operations().values() if not op.external]
ELEMENTWISE = [op for op in OPERATIONS if op.elementwise]
