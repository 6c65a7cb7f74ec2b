"""Source that refuses arguments of the wrong shape: `[B, 1]` rewards would make a loss of shape `[B, B]` in silence."""

from collections.abc import Sequence

from rlsearch.graph.graph import Graph
from rlsearch.graph.text import MAX_LINE
from rlsearch.op import Axis, Type
from rlsearch.regimes.regime import Regime


def type_of_argument(regime: Regime, name: str) -> Type:
    """The type of a compiled loss's argument, a view or an input."""
    view = next((view for view in regime.views if view.name == name), None)
    return regime.inputs[name].type if view is None else regime.type_of(view)


def shape_text(kind: Type) -> str:
    """The shape of an argument in letters: `[B, A]`."""
    return "[B]" if kind.axis is None else f"[B, {kind.axis.letter}]"


def argument_checks(graph: Graph, taken: Sequence[str]) -> list[str]:
    """Lines that raise ValueError unless shapes and the type of actions fit together; Python and TorchScript alike.

    Samples may stand along any leading axes, or along none (inside `torch.vmap`), the same for every argument. Actions beyond
    the last are left to `gather`, which refuses them: looking at their values would make a GPU wait.

    Args:
        graph: the loss.
        taken: its arguments, a view first.
    """
    kinds = {name: type_of_argument(graph.regime, name) for name in taken}
    return _shapes(kinds) + [line for name, kind in kinds.items() if kind is Type.ACTION for line in _indices(name)]


def _shapes(kinds: dict[str, Type]) -> list[str]:
    (first, kind), *others = kinds.items()
    batch = f"{first}.shape" if kind.axis is None else "batch"
    along: dict[Axis | None, str] = {None: batch, kind.axis: f"{first}.shape"}
    rows = list[tuple[str, str, str]]()  # what, its shape, the wanted one
    for name, other in others:
        if other.axis in along:
            rows.append((name, f"{name}.shape", along[other.axis]))
        else:
            rows.append((f"{name}[..., 0]", f"{name}.shape[:-1]", batch))
            along[other.axis] = f"{name}.shape"
    if not rows:
        return []
    named = [f"batch = {first}.shape[:-1]"] if any(wanted == "batch" for _, _, wanted in rows) else []
    conditions = [f"{met} != {wanted}" for _, met, wanted in rows]
    test = [f"if {' or '.join(conditions)}:"]
    if len(test[0]) > MAX_LINE:
        test = ["if (", f"    {conditions[0]}", *(f"    or {condition}" for condition in conditions[1:]), "):"]
    return [
        *named,
        *test,
        "    for name, met, wanted in [",
        *(f'        ("{what}", {met}, {wanted}),' for what, met, wanted in rows),
        "    ]:",
        "        if met != wanted:",
        f'            text = "{{}} is {{}}; wanted {{}}, as {first} {shape_text(kind)} is {{}}"',
        f"            raise ValueError(text.format(name, list(met), list(wanted), list({first}.shape)))",
    ]


def _indices(name: str) -> list[str]:
    return [
        f"if {name}.dtype != torch.int64 and {name}.dtype != torch.int32:",
        f'    kind = "floats" if {name}.is_floating_point() else "integers"',
        f'    raise ValueError("{name} holds {{}}-bit {{}}; wanted int64, as {name}.long() gives"'
        f".format(8 * {name}.element_size(), kind))",
    ]
