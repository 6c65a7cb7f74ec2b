"""Search spaces: the question as YAML, read and checked in one go, resolved into plain records."""
