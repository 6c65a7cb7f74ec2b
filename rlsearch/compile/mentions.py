"""Counts of how often a facet reads an argument: what is read twice is computed, or written out, twice."""

import ast
from functools import cache


@cache
def mentions(facet: str, name: str) -> int:
    """The number of times that an expression reads a name."""
    return sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(ast.parse(facet)))
