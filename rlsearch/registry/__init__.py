"""The registry: ops in use, op packs, regimes, and the shipped losses, search spaces and presets."""

from rlsearch.registry.data import agent_presets, comments, known_losses, reference_loss, shipped_spaces
from rlsearch.registry.ops import (
    derived,
    families,
    op_codes,
    operations,
    packs,
    unknown_op,
    use_only,
    use_packs,
    use_primitives,
)
from rlsearch.registry.regimes import known_inputs, regime_meant, regime_of, regimes, use_regimes

__all__ = [
    "agent_presets",
    "comments",
    "derived",
    "families",
    "known_inputs",
    "known_losses",
    "op_codes",
    "operations",
    "packs",
    "reference_loss",
    "regime_meant",
    "regime_of",
    "regimes",
    "shipped_spaces",
    "unknown_op",
    "use_only",
    "use_packs",
    "use_primitives",
    "use_regimes",
]
