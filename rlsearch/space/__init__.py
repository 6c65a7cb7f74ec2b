"""Search spaces: YAML read and checked in one go, resolved into plain records."""
