"""Search spaces: the question that a search answers, as YAML; read, checked in one go, resolved into plain records."""
