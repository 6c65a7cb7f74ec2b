"""The vocabulary: one file per family, each op declared once with all its facets."""
