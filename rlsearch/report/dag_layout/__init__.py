"""A small library that draws directed acyclic graphs: boxes in columns from left to right, few crossings, straight chains.

It knows nothing of losses: sizes and edges go in, centres and paths come out (`layout.arrange`).
"""
