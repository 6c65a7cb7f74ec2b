"""The regime contract: a regime's record, its probe, and small losses in every way they can be computed.

from rlsearch.facets.regime_contract import RegimeContract

class TestMine(RegimeContract):
    regime = REGIME

A regime must be in use meanwhile (`rlsearch.registry.use_regimes`), and the ops of its heads.
"""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from rlsearch.compile.evaluate import evaluate
from rlsearch.compile.latex import mathml
from rlsearch.compile.numpy_graph import gradients, join
from rlsearch.compile.probe import draw_batch
from rlsearch.compile.torchscript import evaluate_torchscript
from rlsearch.equivalence.fingerprint import fingerprint
from rlsearch.errors import LossError, expect_no_problems
from rlsearch.facets.evaluate import by_sympy
from rlsearch.graph.graph import Builder, Graph
from rlsearch.graph.text import parse, parse_expression, print_graph
from rlsearch.op import Type
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.regime import Regime
from rlsearch.registry import operations
from rlsearch.simplify.canonical import canonical
from rlsearch.train.crosscheck import disagreement

SIZES = (Sizes(actions=2, predictions=4), Sizes(actions=5, predictions=3))
SCALES = (0.1, 1.0)


def problems(regime: Regime) -> list[str]:
    """Everything in which a regime breaks its promises, in sentences; only of the first kind that finds something."""
    for check in (find_gaps, find_misfits, find_bad_draws, find_bad_losses):
        if found := list(check(regime)):
            return found
    return []


def find_gaps(regime: Regime) -> Iterator[str]:
    """Words that are missing from the record."""
    if not regime.name.isidentifier() or not regime.doc.endswith("."):
        yield "name is an identifier, and doc a sentence that ends with a full stop"
    for name, given in regime.inputs.items():
        if name != given.name or not given.name.isidentifier():
            yield f"input '{name}' is called '{given.name}'; both are one identifier"
        if not (given.doc.endswith(".") and given.latex and given.plain):
            yield f"input '{name}' lacks its doc, a sentence, or a symbol: latex and plain"
        if given.type in (Type.NETWORK, Type.STATE) and not given.short:
            yield f"input '{name}' is a {given.type} and lacks a few words: short"
        if given.type is Type.NETWORK and len(regime.networks) > 1 and not given.legend:
            yield f"input '{name}' lacks what is said of it under a formula that shows several networks: legend"
    marks = [regime.inputs[name].mark for name in regime.networks]
    if len({*marks}) < len(marks):
        yield f"networks are told apart by their marks, which are {', '.join(map(repr, marks))}"


def find_misfits(regime: Regime) -> Iterator[str]:
    """Parts of the record that do not fit together."""
    learn = [name for name in regime.networks if regime.inputs[name].trained]
    if len(learn) != 1 or any(given.trained and given.type is not Type.NETWORK for given in regime.inputs.values()):
        yield f"one network is trained, and nothing else; met: {', '.join(learn) or 'none'}"
        return
    for name, head in regime.heads.items():
        op = operations().get(name)
        if name != head.op or op is None or not op.external:
            yield f"head '{name}' is not an external op in use"
        elif op.signatures != (((Type.NETWORK, Type.STATE), head.type),):
            yield f"head '{name}' is a {head.type}, but its op is {op.signature}"
    for view in regime.views:
        if view.head not in regime.heads or view.network not in regime.networks or view.state not in regime.states:
            yield f"view {view.text} is not of a head, a network and a state of the regime"
    if len({*regime.views}) < len(regime.views) or not regime.trained_views:
        yield "a view stands twice, or none is of the network that is trained"
    if sorted(regime.draws) != sorted(regime.columns):
        yield f"draws names {sorted(regime.draws)}; wanted: every input with a sampler, once ({sorted(regime.columns)})"
    for name, given in regime.inputs.items():
        sampled = given.type not in (Type.NETWORK, Type.STATE) and given.size_of is None
        if sampled != (given.sampler is not None):
            yield f"input '{name}': a number of a sample has a sampler, and nothing else has"
        if not 0 <= given.tape < len(regime.tapes) or (given.trained and given.tape != len(regime.tapes) - 1):
            yield f"input '{name}' belongs to tape {given.tape} of {len(regime.tapes)}; what is trained belongs to the last"
    for role in (regime.reward, regime.discount):
        if role and (role not in regime.inputs or regime.inputs[role].type is not Type.REAL):
            yield f"'{role}' is no Real input, but stands for the reward or the discount"
    for row in regime.names:
        if row.op not in operations() or len(row.args) != len(operations()[row.op].args):
            yield f"the name '{row.name}' is given to {row.op} of {len(row.args)} arguments, which there is not"


def find_bad_draws(regime: Regime) -> Iterator[str]:
    """Problems of a probe."""
    for sizes in SIZES:
        one, again, other = (draw_batch(regime, np.random.default_rng(seed), sizes, SCALES, 16) for seed in (0, 0, 1))
        for view in regime.views:
            if one.views[view].shape != (sizes.width(regime.type_of(view)), len(SCALES), 16):
                yield f"{view.text} is drawn as {list(one.views[view].shape)}"
        for name in regime.columns:
            given, values = regime.inputs[name], one.inputs[name]
            width = () if given.type.axis is None else (sizes.width(given.type),)
            if values.shape != (*width, len(SCALES), 16) or not np.isfinite(values).all():
                yield f"'{name}' is drawn as {list(values.shape)}, or not finite; wanted: {[*width, len(SCALES), 16]}"
            elif given.type is Type.ACTION and not {*values.ravel()} <= {*range(sizes.actions)}:
                yield f"'{name}' is drawn from {sorted({*values.ravel()})}; actions are 0 to {sizes.actions - 1}"
            if (values != again.inputs[name]).any():
                yield f"'{name}' differs for one seed; a sampler takes all randomness from its draw"
        if all((one.inputs[name] == other.inputs[name]).all() for name in regime.columns):
            yield "two seeds give the same inputs"
        many = draw_batch(regime, np.random.default_rng(0), sizes, SCALES, 200)
        for role in (regime.reward, regime.discount):
            if role and not 0 < (many.inputs[role] == 0).sum() < many.inputs[role].size:
                when = "never" if many.inputs[role].all() else "always"
                yield f"'{role}' is {when} 0; in environments it often is, and often not"


def find_bad_losses(regime: Regime) -> Iterator[str]:
    """Small losses, one for each trained view, that some part of the product does not take or computes differently."""
    for loss in _losses(regime):
        text = print_graph(loss)
        try:
            yield from (f"{said} (loss: {text})" for said in _find_faults(regime, loss))
        except LossError as error:
            yield f"{error} (loss: {text})"
    for name, term in {"estimate": regime.estimate, **{key: term.text for key, term in regime.terms.items()}}.items():
        if term and parse_expression(term).regime is not regime:
            yield f"{name} '{term}' is not of this regime"


def _losses(regime: Regime) -> Iterator[Graph]:
    """A weighted squared distance of each trained view to every column and to every other view."""
    for view in regime.trained_views:
        builder = Builder()
        rest = [_number(builder, regime, other) for other in regime.views if other != view]
        rest += [_as_number(builder, builder.input(name)) for name in regime.columns if _is_number(regime, name)]
        total = rest[0]
        for place, part in enumerate(rest[1:], 2):
            total = builder.apply("add", total, builder.apply("mul", builder.constant(1 / place), part))
        own = _number(builder, regime, view)
        yield builder.loss(builder.apply("square", builder.apply("sub", own, total)))


def _is_number(regime: Regime, name: str) -> bool:
    """True if a column is a number or stands along an axis; an action is neither."""
    return regime.inputs[name].type is not Type.ACTION


def _number(builder: Builder, regime: Regime, view: View) -> int:
    """The node of a view as one number: that of the action taken if there is one, else the mean."""
    made = builder.apply(view.head, builder.input(view.network), builder.input(view.state))
    action = next((name for name in regime.columns if regime.inputs[name].type is Type.ACTION), None)
    if builder.types[made] is Type.VECTOR and action is not None:
        return builder.apply("select", made, builder.input(action))
    return _as_number(builder, made)


def _as_number(builder: Builder, node: int) -> int:
    return node if builder.types[node].axis is None else builder.apply("mean", node)


def _find_faults(regime: Regime, loss: Graph) -> Iterator[str]:
    """Problems of each way to compute or to write a loss, against another."""
    if loss.regime is not regime:
        yield f"it is taken for one of the regime '{loss.regime.name}'"
        return
    if parse(print_graph(loss)) != loss:
        yield "its text reads back as another loss"
    form = canonical(loss)
    if canonical(form) != form:
        yield "its canonical form has another canonical form"
    if flaw := fingerprint(form, "gradient").flaw:
        yield f"its fingerprint has a flaw: {flaw}"
    if said := disagreement(loss):
        yield f"TorchScript and tapes disagree: {said}"
    if not mathml(loss).startswith("<math"):
        yield "its formula is no MathML"
    for sizes in SIZES:
        batches = draw_batch(regime, np.random.default_rng(2), sizes, SCALES, 8)
        for index in range(len(SCALES)):
            yield from _find_differences(loss, batches.only(index))
        by_graph, by_tapes = gradients(loss, join([batches])), evaluate(loss, batches).grads
        for view, (graph_gives,) in by_graph.items():
            if not np.allclose(graph_gives, by_tapes[view], rtol=1e-9, atol=1e-12):
                yield f"the gradient by {view.text} differs between graph and tapes"


def _find_differences(loss: Graph, batch: Batch) -> Iterator[str]:
    tapes, script, formula = evaluate(loss, batch), evaluate_torchscript(loss, batch), by_sympy(loss, batch)
    for what, value in (("TorchScript", script.value), ("sympy", formula)):
        if not np.allclose(tapes.value, value, rtol=1e-9, atol=1e-12):
            yield f"its value by tapes and by {what} differs"
    for view, gradient in tapes.grads.items():
        if not np.allclose(gradient, script.grads[view], rtol=1e-9, atol=1e-12):
            yield f"its gradient by {view.text} differs between tapes and TorchScript"


class RegimeContract:
    """A test class to inherit: every check is a test. Set `regime`."""

    regime: ClassVar[Regime]

    def test_every_word_is_there(self) -> None:
        """Names, docs, symbols."""
        expect_no_problems(find_gaps(self.regime))

    def test_the_record_fits_together(self) -> None:
        """Heads, views, samplers, tapes, names."""
        expect_no_problems(find_misfits(self.regime))

    def test_a_probe_is_sound(self) -> None:
        """Shapes, ranges, seeds."""
        expect_no_problems(find_bad_draws(self.regime))

    def test_small_losses_are_the_same_in_every_way(self) -> None:
        """Text, canonical form, fingerprint, tapes, TorchScript, sympy, formula."""
        expect_no_problems(find_bad_losses(self.regime))
