"""Network: the values that the agent estimates for its actions."""

from rlsearch.op import Op

OPS = (
    Op(
        name="q",
        args=("network", "state"),
        doc="Action values of a state under a network, one per action.",
        torch="network(state)",
        numpy="network(state)",
        partials=("g", None),
        sympy="Q(network, state)",
        latex="Q_{{{network}}}({state}, {action})",
        plain="Q{network}({state}, {action})",
        source="Watkins 1989; Mnih et al. 2013",
        domain=((0.0, 0.0), (0.0, 0.0)),
        signature="Network, State -> Vector",
        external=True,
    ),
)
