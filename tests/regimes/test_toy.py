"""A regime that no room knows: everything that is done with a loss can be done with its losses."""

import dataclasses

import numpy as np
import pytest
import sympy
import torch

from rlsearch.compile.evaluate import by_kernels, evaluate, run_tapes
from rlsearch.compile.kernels import load_kernels
from rlsearch.compile.latex import latex
from rlsearch.compile.lower import lower
from rlsearch.compile.probe import draw_batch
from rlsearch.compile.symbolic import to_sympy
from rlsearch.compile.torch_source import arguments, python_module, torch_source
from rlsearch.compile.torchscript import evaluate_torchscript
from rlsearch.equivalence.fingerprint import fingerprint, same
from rlsearch.equivalence.implied_target import implied
from rlsearch.equivalence.known_losses import relation
from rlsearch.equivalence.minimal import effective
from rlsearch.errors import LossError, SpaceError
from rlsearch.facets.regime_contract import RegimeContract, problems
from rlsearch.graph.text import parse, print_graph
from rlsearch.op import Type
from rlsearch.regimes.heads import View
from rlsearch.regimes.inputs import Input, Sizes
from rlsearch.regimes.replay import REGIME
from rlsearch.registry import regimes, use_regimes
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.train.crosscheck import disagreement
from rlsearch.train.trainer import trainer_of
from tests.support.toy_regime import LOSS, TOY

pytestmark = pytest.mark.usefixtures("toy")
SIZES = Sizes(actions=3, predictions=5)


class TestToy(RegimeContract):
    regime = TOY


def drawn(size: int = 12, seed: int = 3):
    return draw_batch(TOY, np.random.default_rng(seed), SIZES, (1.0,), size).only(0)


def test_its_losses_are_read_printed_and_told_from_others():
    loss = parse(LOSS)
    assert loss.regime is TOY and [*regimes()][:: len(regimes()) - 1] == ["replay", "toy"]
    assert parse(print_graph(loss)) == loss
    assert parse("q(online, s)[a] * r").regime is REGIME  # a name that both have
    assert parse("v(learner, here) * r").regime is TOY
    with pytest.raises(LossError, match=r"of one regime, not .*'gain' of toy.*'q' of replay"):
        parse("q(online, s)[a] * gain")
    with pytest.raises(LossError, match=r"no gradient reaches the learner network; read v\(learner, here\)"):
        parse("v(actor, here) * gain")


def test_axes_do_not_mix():
    assert parse("max(softmax(y(learner, here)))").types[-1] is Type.REAL
    for text in ("dot(pi(learner, here), y(learner, here))", "max(pi(learner, here) + support)"):
        with pytest.raises(LossError, match=r"takes .*, not \(Vector, Vector\[M\]\)"):
            parse(text)
    for text in ("y(learner, here)[act]", "pi(learner, here)[argmax(y(learner, here))]"):
        with pytest.raises(LossError, match=r"not \(Vector\[M\]"):
            parse(text)


def test_two_tapes_compute_what_one_graph_means():
    loss, batch = parse(LOSS), drawn()
    prelude, last = lower(loss, SIZES)
    assert prelude.root == -1 and last.root >= 0
    assert not prelude.view_carries.any()
    views = TOY.views
    assert {v.network for v, row in zip(views, prelude.view_rows, strict=True) if row >= 0} == {"actor"}
    assert {v.network for v, row in zip(views, last.view_rows, strict=True) if row >= 0} == {"learner"}
    assert len(last.carried)  # what the prelude has computed
    value, grads = evaluate(loss, batch)
    script = evaluate_torchscript(loss, batch)
    np.testing.assert_allclose(value, script.value, rtol=1e-12)
    single = evaluate(loss, batch, by_kernels(load_kernels()))
    np.testing.assert_allclose(value, single.value, rtol=1e-4, atol=1e-5)
    for view in TOY.trained_views:
        np.testing.assert_allclose(grads[view], script.grads[view], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(grads[view], single.grads[view], rtol=1e-3, atol=1e-4)


def test_the_prelude_serves_minibatches():
    """What a trainer does: the prelude over all rows once, then the loss over some of them, gathered by number."""
    loss, whole, rows = parse(LOSS), drawn(size=40), np.array([7, 3, 31])
    prelude, last = lower(loss, SIZES)
    registers, _ = run_tapes((dataclasses.replace(prelude, root=0),), whole)
    some = dataclasses.replace(
        whole,
        views={view: values[:, rows] for view, values in whole.views.items()},
        inputs={name: values[..., rows] for name, values in whole.inputs.items()},
    )
    gathered = registers[:, rows]
    np.testing.assert_allclose(run_tapes((prelude, last), some)[0][last.root], evaluate(loss, whole).value[rows], rtol=1e-12)
    assert gathered.shape[1] == 3


def test_by_hand():
    batch = drawn()
    views = {view.name: values for view, values in batch.views.items()}
    act, gain, keep = batch.inputs["act"].astype(int), batch.inputs["gain"], batch.inputs["keep"]
    target = gain + keep * views["v_actor_there"][0]
    logits = views["pi_learner_here"] - np.log(np.exp(views["pi_learner_here"]).sum(0))
    log_prob = logits[act, np.arange(act.size)]

    def meaning(name):
        weights = np.exp(views[name]) / np.exp(views[name]).sum(0)
        return (weights * batch.inputs["support"]).sum(0)

    wanted = (views["v_learner_here"][0] - target) ** 2 - log_prob * (target - views["v_actor_here"][0])
    wanted += (meaning("y_learner_here") - meaning("y_actor_there")) ** 2
    np.testing.assert_allclose(evaluate(parse(LOSS), batch).value, wanted, rtol=1e-9)


def test_identity():
    loss = parse(LOSS)
    other = parse(LOSS.replace("log_prob * advantage", "advantage * log_prob").replace("- target)**2", "- target)**2 + r"))
    assert structural_key(canonical(loss)) != structural_key(canonical(other))
    for kind in ("gradient", "direction"):
        mine, theirs = (fingerprint(canonical(graph), kind) for graph in (loss, other))
        assert not mine.flaw and same(mine, theirs)
        assert not same(mine, fingerprint(canonical(parse(LOSS.replace("+ (meaning", "+ 2 * (meaning"))), kind))
        assert not same(mine, fingerprint(parse("q(online, s)[a] * r"), kind))
    assert fingerprint(parse("v(learner, here) * 3"), "direction").flaw == "gradient is constant"
    assert disagreement(loss) == "" and relation(loss) == "" and implied(loss) is None
    assert effective(other).size < canonical(other).size


def test_written_in_other_languages():
    loss = parse(LOSS)
    assert arguments(loss)[:2] == ("v_learner_here", "v_actor_here") and arguments(loss)[-1] == "support"
    assert "v_actor_here = v_actor_here.detach()" in torch_source(loss) and "v_learner_here.detach" not in torch_source(loss)
    source = python_module(loss, "toy")
    assert "(B transitions, A actions, M predictions)" in source
    assert "v_learner_here: [B], the learner's value in the state." in source
    assert "y_actor_there: [B, M], the actor's predictions in the next state." in source
    assert "support: [B, M], a place for each prediction." in source
    namespace: dict[str, object] = {}
    exec(source, namespace)
    for line in (line.removeprefix("    >>> ") for line in source.splitlines() if line.startswith("    >>> ")):
        exec(line, namespace | {"torch": torch}, namespace)
    assert r"V_{\phi}(x)" in latex(loss) and r"y_{\psi}(x')" in latex(loss)
    expression = to_sympy(parse("(v(learner, here) - gain)**2 + max(y(learner, here))"))
    assert isinstance(expression, sympy.Expr) and "max(y(learner, here))" in {str(s) for s in expression.free_symbols}


def test_nobody_trains_it():
    with pytest.raises(SpaceError, match="no trainer trains losses of the regime 'toy'; those of replay can be trained"):
        trainer_of("toy")
    with pytest.raises(SpaceError, match="the loss is of the regime 'toy', this trainer trains those of 'replay'"):
        trainer_of("replay").train(parse(LOSS), None, None, seed=0, steps=10)


def test_a_name_means_one_thing_everywhere():
    wrong = Input(name="r", type=Type.ACTION, doc="Another.", latex="r", plain="r")
    with pytest.raises(LossError, match="regime 'toy': input 'r' means something else in another regime; rename it"):
        use_regimes(dataclasses.replace(TOY, inputs=TOY.inputs | {"r": wrong}))


def changed(name: str, **changes: object):
    """The toy's inputs, one of them changed."""
    return {"inputs": TOY.inputs | {name: dataclasses.replace(TOY.inputs[name], **changes)}}


def of_itself(draw):
    """A sampler that does not draw from what it is given."""
    return np.random.default_rng().normal(size=draw.shape)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"doc": "no full stop"}, "doc a sentence"),
        (changed("gain", latex=""), "input 'gain' lacks"),
        (changed("learner", trained=False), "one network is trained"),
        (changed("learner", tape=0), "what is trained belongs to the last"),
        ({"heads": TOY.heads | {"v": TOY.heads["v"]._replace(type=Type.VECTOR)}}, "head 'v' is a Vector, but its op is"),
        ({"heads": TOY.heads | {"nothing": TOY.heads["v"]}}, "head 'nothing' is not an external op"),
        ({"views": (*TOY.views, View("v", "learner", "gain"))}, "view v(learner, gain) is not of"),
        ({"views": (*TOY.views, TOY.views[0])}, "a view stands twice"),
        ({"draws": TOY.draws[1:]}, "draws names"),
        ({"reward": "act"}, "'act' is no Real input"),
        (changed("gain", sampler=None), "draws names"),
        (changed("gain", sampler=lambda _: np.zeros(3)), "'gain' is drawn as [3]"),
        (changed("gain", sampler=lambda draw: draw.normal()), "'gain' is never 0"),
        (changed("keep", sampler=lambda draw: 0 * draw.normal()), "'keep' is always 0"),
        (changed("act", sampler=lambda draw: 9 + np.zeros(draw.shape)), "actions are 0 to"),
        (changed("gain", sampler=of_itself), "'gain' differs for one seed"),
        ({"estimate": "q(online, s)[a]"}, "is not of this regime"),
    ],
)
def test_broken_promises_are_found(change, said):
    assert any(said in problem for problem in problems(dataclasses.replace(TOY, **change)))


def test_the_toy_itself_breaks_none():
    assert problems(TOY) == []
