"""A loss as a typed, hash-consed graph: its genome, its text form, the field's names in it."""
