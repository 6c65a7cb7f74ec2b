"""Others' spellings: understood where they mean exactly what is here, else refused with what to write, which can be read."""

import ast
import re

import numpy as np
import pytest
import torch

from rlsearch.errors import LossError
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import parse, parse_expression, print_graph
from rlsearch.op import Spelling
from rlsearch.registry import operations, regimes
from tests.support.evaluate import by_tape, by_torch, random_batch

Q = "q(online, s)[a]"
UNDERSTOOD = {
    f"{Q}^2 + r": f"{Q}**2 + r",
    f"-{Q}^2": f"-{Q}**2",
    f"{Q}**3 * r": f"{Q}**3 * r",
    f"pow({Q}, 1.5)": f"{Q}**1.5",
    f"p = 0.5; {Q}**p": f"{Q}**0.5",
    f"+{Q}": Q,
    f"max({Q}, r, 0)": f"max(max({Q}, r), 0)",
    f"min([{Q}, r])": f"min({Q}, r)",
    "reward - q(online, state)[action]": f"r - {Q}",
    "q(target_net, next_state)[next_action] - q(online, obs)[actions]": f"q(target, s_next)[a_next] - {Q}",
    "Q(online, s)[a] - q(theta, s, a)": f"{Q} - {Q}",
    f"r + gamma * (1 - done) * max(q(target, s_next)) - {Q}": f"r + discount * max(q(target, s_next)) - {Q}",
    f"r + γ * max(q(target, s_next)) * (1 - terminated) - {Q}": f"r + discount * max(q(target, s_next)) - {Q}",
    f"r + (1.0 - dones) * 0.5 * gamma - {Q}": f"r + discount * 0.5 - {Q}",
    f"gamma * not_done * {Q}": f"discount * {Q}",
    f"torch.log({Q}) + np.exp(r) + math.sqrt(r)": f"log({Q}) + exp(r) + sqrt(r)",
    f"F.huber_loss({Q}, reward)": f"huber({Q} - r)",
    f"torch.nn.functional.mse_loss({Q}, r)": f"({Q} - r)**2",
    f"({Q} - r).pow(2)": f"({Q} - r)**2",
    f"({Q} - r.detach()).abs()": f"abs({Q} - stop(r))",
    f"jax.lax.stop_gradient(r) * {Q}": f"stop(r) * {Q}",
    f"sg(r) * {Q}": f"stop(r) * {Q}",
    f"clamp({Q}, -1, 1)": f"clip({Q}, -1, 1)",
    f"{Q}.clamp(min=-1, max=1)": f"clip({Q}, -1, 1)",
    f"clip({Q}, low=-1, high=1)": f"clip({Q}, -1, 1)",
    f"max(q(target, s_next), dim=1) - {Q}": f"max(q(target, s_next)) - {Q}",
    f"torch.max(q(target, s_next), 1)[0] - {Q}": f"max(q(target, s_next)) - {Q}",
    f"q(target, s_next).max(-1, keepdim=True).values - {Q}": f"max(q(target, s_next)) - {Q}",
    "q(online, s).gather(1, a) - r": f"{Q} - r",
    "F.log_softmax(q(online, s), dim=-1)[a]": "log_softmax(q(online, s))[a]",
    "log_softmax(q(online, s) / 0.1)[a]": "log_softmax(q(online, s) / 0.1)[a]",
    "dot(F.one_hot(a, num_actions), q(online, s))": "q_online_s = q(online, s); dot(one_hot(a, q_online_s), q_online_s)",
    "q(online, s)[a,]": Q,
    f"½ · ({Q} − r)²": f"0.5 * ({Q} - r)**2",
}
# What is wrong within a text, and what is to be written in its place.
REFUSED = [
    ("r + {} * max(q(target, s_next)) - " + Q, "gamma", "discount"),
    ("({}) * " + Q, "1 - done", "(discount > 0)"),
    ("{} * " + Q, "done", "(discount <= 0)"),
    ("where({}, r, " + Q + ")", "done", "(discount <= 0)"),
    ("{} * " + Q, "mask", "(discount > 0)"),
    ("{} - r", "Q(s, a)", Q),
    ("{} - r", "Q[state, action]", Q),
    ("{} - r", "q(s, a)", Q),
    ("{} - r + " + Q, "max(q_target(s_next))", "max(q(target, s_next))"),
    ("{} - " + Q, "target(next_state, a_next)", "q(target, s_next)[a_next]"),
    ("{}[a]", "policy_net(s)", "q(online, s)"),
    ("{}**2", "td_error", f"({Q} - (r + discount * max(q(target, s_next))))"),
    ("({} - r)**2", "q_sa", Q),
    ("(" + Q + " - max({}))**2", "target_q", "q(target, s_next)"),
    ("{} - " + Q, "r'", "r_n"),
    ("{} - " + Q, "V(s)", "max(q(online, s))"),
    ("{} - " + Q, "pi(s)[a]", "softmax(q(online, s))[a]"),
    ("{}", f"{Q}**r", f"exp(r * log({Q}))"),
    ("{}", f"clip({Q}, r, 1)", f"min(max({Q}, r), 1)"),
    ("{}", f"torch.clamp({Q}, -1, r)", f"min(max({Q}, -1), r)"),
    ("{}", f"clamp({Q}, min=0)", f"max({Q}, 0)"),
    ("{}", "log_softmax(q(online, s), a)", "log_softmax(q(online, s))[a]"),
    ("{}", f"mean(({Q} - r)**2)", f"mean_batch(({Q} - r)**2)"),
    ("{}", f"(({Q} - r)**2).mean()", f"(({Q} - r)**2)"),
    ("{} - r", "q(online, s).mean()", "mean(q(online, s))"),
    (Q + " * ({} and discount > 0)", "r", "(r != 0)"),
    ("{}", f"{Q} if r else 0", f"where(r != 0, {Q}, 0)"),
    ("{}", f"where(r, {Q}, 0)", f"where(r != 0, {Q}, 0)"),
    ("{}", f"{Q} // 2", f"({Q} / 2)"),
    ("{}", "q(online, s) @ softmax(q(online, s))", "dot(q(online, s), softmax(q(online, s)))"),
    ("q(online, s).gather(1, {})", "a.unsqueeze(-1)", "a"),
    ("{} - r", "q(online, s)[:, a]", Q),
    ("{} - r", "q(online, s)[torch.arange(32), action]", Q),
    ("{} - r", "q(online, s)(a)", Q),
    ("{}", f"0.5({Q} - r)", f"(0.5 * ({Q} - r))"),
    ("{}", f"r({Q})", f"(r * {Q})"),
    ("{}", f"{Q},", Q),
]


@pytest.mark.parametrize("typed", UNDERSTOOD)
def test_what_means_exactly_one_thing_is_understood(typed):
    graph, wanted = parse(typed), parse(UNDERSTOOD[typed])
    assert graph == wanted and parse(print_graph(graph)) == graph
    if "p = " not in typed and typed != f"+{Q}":  # a genome's line applies an op
        assert parse_genome(typed).graph() == wanted


@pytest.mark.parametrize(("text", "typed", "ours"), REFUSED, ids=lambda part: part[:40])
def test_what_does_not_is_refused_with_what_to_write_in_its_place(text, typed, ours):
    found = []
    for read in (parse, parse_genome):
        with pytest.raises(LossError) as error:
            read(text.format(typed))
        found.append(str(error.value))
        assert len(found[-1].splitlines()) == 1 and error.value.line == 1
    told = {said.rpartition("; ")[2].rpartition("write ")[2] for said in found}
    assert len(told) == 1
    (instead,) = told
    if instead != ours:  # of a part of it
        assert typed.endswith("[a]") or typed.startswith("max(")
        typed, ours = (typed[:-3], ours[:-3]) if typed.endswith("[a]") else (typed[4:-1], ours[4:-1])
        text = text.replace("{}", "{}[a]" if ours.startswith("softmax") else "max({})")
    assert instead == ours
    parse_expression(instead)
    assert parse(text.format(instead)).size > 0


def test_only_what_nobody_has_named_is_others():
    assert parse(f"gamma = 0.9; done = r; {Q} * gamma * (1 - done)") == parse(f"{Q} * 0.9 * (1 - r)")
    assert parse(f"reward = r * 2; {Q} - reward") == parse(f"{Q} - r * 2")
    with pytest.raises(LossError, match="unknown name 'reward'"):
        parse(f"x = reward; reward = r * 2; loss = {Q} - x")
    with pytest.raises(LossError, match=r"write \(ln \* r\)"):
        parse(f"ln = r; loss = {Q} - ln(r)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{Q} % 2", "there is no remainder of a division"),
        (f"{Q} * truncated", "an episode that the clock cut off goes on: discount is gamma there"),
        (f"max({Q}, key=r)", "'key' is no argument of max(x)"),
        (f"relu({Q}, inplace=True)", "'inplace' is no argument of relu(a)"),
        (f"tahn({Q})", "did you mean 'tanh'?"),
        ("online.weight", "'online.weight' is not allowed here"),
        (f"{Q} in r", f"'{Q} in r' is not allowed here"),
        (f"{Q}.backward()", f"'{Q}.backward()' is not allowed here"),
    ],
)
def test_what_there_is_not_is_said(text, said):
    with pytest.raises(LossError) as error:
        parse(text)
    assert said in str(error.value) and "write" not in str(error.value)


EVERY = [spelling for regime in regimes().values() for spelling in regime.spellings]
EVERY += [spelling for op in operations().values() for spelling in op.spellings]
REAL, VECTOR = (
    {"x": Q, "y": "(r + 0.5)", "z": "2", "i": "a", "k": "1", "NET": "online", "STATE": "s_next"},
    {"x": "q(online, s)", "y": "q(target, s)"},
)
OTHERS = ({"x": "s_next"}, {"y": "1"}, {"x": "softmax(q(online, s))", "y": "softmax(q(target, s))"})


@pytest.mark.parametrize("spelling", EVERY, ids=lambda spelling: spelling.theirs[:40])
def test_every_spelling_says_something_that_can_be_read(spelling: Spelling):
    """For each of its names: it is understood as, or told, what it says is the same, whatever stands in its holes fittingly."""
    found = re.fullmatch(r"([\w|]+)([(\[].*)?", spelling.theirs)
    names = found[1].split("|") if found else [spelling.theirs]
    for name in names:
        seen = 0
        for holes in (REAL, REAL | VECTOR, *(REAL | others for others in OTHERS)):
            theirs, ours = (_filled(text, holes) for text in (f"{name}{found[2] or ''}" if found else name, spelling.ours))
            try:
                wanted = parse_expression(ours) if ours else None
            except LossError:
                continue  # of another type
            seen += 1
            if spelling.why or wanted is None:
                with pytest.raises(LossError) as error:
                    parse_expression(theirs)
                assert spelling.why in str(error.value)
                told = str(error.value).rpartition("; write ")[2]
                assert wanted is None or parse_expression(told) == wanted
            else:
                assert parse_expression(theirs) == wanted
        assert seen, f"nothing fits {spelling}"


def _filled(text: str, holes: dict[str, str]) -> str:
    if not text:
        return ""
    tree = ast.parse(text, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in holes:
            node.id = holes[node.id]
    return ast.unparse(tree)


# In PyTorch, of x and y.
THEIRS = {
    "huber_loss(x, y)": lambda x, y: torch.nn.functional.huber_loss(x, y, reduction="none"),
    "smooth_l1_loss(x, y)": lambda x, y: torch.nn.functional.smooth_l1_loss(x, y, reduction="none"),
    "mse_loss(x, y)": lambda x, y: torch.nn.functional.mse_loss(x, y, reduction="none"),
    "l1_loss(x, y)": lambda x, y: torch.nn.functional.l1_loss(x, y, reduction="none"),
    "sigmoid(x)": lambda x, _: torch.sigmoid(x),
    "softplus(x)": lambda x, _: torch.nn.functional.softplus(x),
    "expm1(x)": lambda x, _: torch.expm1(x),
    "log1p(x * x)": lambda x, _: torch.log1p(x * x),
    "log2(x * x)": lambda x, _: torch.log2(x * x),
    "log10(x * x)": lambda x, _: torch.log10(x * x),
    "ln(x * x)": lambda x, _: torch.log(x * x),
    "rsqrt(1 + x * x)": lambda x, _: torch.rsqrt(1 + x * x),
    "cbrt(1 + x * x)": lambda x, _: torch.pow(1 + x * x, 1 / 3),
    "reciprocal(1 + x * x)": lambda x, _: torch.reciprocal(1 + x * x),
    "pow(1 + x * x, 1.7)": lambda x, _: torch.pow(1 + x * x, 1.7),
    "fmax(x, y)": torch.fmax,
    "subtract(x, y)": torch.subtract,
    "sgn(x) * x": lambda x, _: torch.sgn(x) * x,
    "ge(x, y) * x": lambda x, y: torch.ge(x, y) * x,
    "ne(x, y) * x": lambda x, y: torch.ne(x, y) * x,
}


@pytest.mark.parametrize("theirs", THEIRS)
def test_what_is_understood_is_what_pytorch_computes(theirs):
    graph, batch = parse(f"x = {Q}; y = r + discount; loss = {theirs} + x"), random_batch(3, 40)

    def loss(q_online_s, a, r, discount):
        x = q_online_s.gather(1, a[:, None])[:, 0]
        return THEIRS[theirs](x, r + discount) + x

    wanted = by_torch(parse(f"{Q} * r * discount"), batch, loss)
    ours = by_tape(graph, batch)
    np.testing.assert_allclose(ours.value, wanted.value, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.grad, wanted.grad, rtol=1e-6, atol=1e-9)
