"""A regime with three heads and losses of two tapes, as a fourth room might bring it: known to nothing in the product."""

from rlsearch.op import Type
from rlsearch.regimes.draw import Draw
from rlsearch.regimes.heads import Head, View, by_op
from rlsearch.regimes.inputs import Input, by_name
from rlsearch.regimes.names import DETACHED, FieldName
from rlsearch.regimes.regime import Regime
from rlsearch.registry.pack import Pack, make_pack

HEADS = """
from rlsearch.op import Op

HEAD = {"args": ("network", "state"), "torch": "network(state)", "numpy": "network(state)", "partials": ("g", None)}
HEAD |= {"domain": ((0.0, 0.0), (0.0, 0.0)), "source": "a test", "external": True}
OPS = (
    Op(name="v", doc="The value of a state.", sympy="V(network, state)", latex="V_{{{network}}}({state})",
       signature="Network, State -> Real", **HEAD),
    Op(name="pi", doc="Preferences for actions.", sympy="pi(network, state)", latex="\\\\pi_{{{network}}}({state}, {action})",
       signature="Network, State -> Vector", **HEAD),
    Op(name="y", doc="Predictions without a given meaning.", sympy="Y(network, state)", latex="y_{{{network}}}({state})",
       signature="Network, State -> Vector[M]", **HEAD),
)
"""


def heads() -> Pack:
    """The ops of its heads."""
    return make_pack("toy_heads", HEADS, "toy_heads.py")


def _gain(draw: Draw):
    return draw.sprinkle(draw.normal(), 0.3, 0, 1)


def _keep(draw: Draw):
    return draw.sprinkle(draw.uniform(0, 1), 0.3, 0, 1)


def _act(draw: Draw):
    return draw.rng.integers(0, draw.sizes.actions, draw.shape).astype(float)


def _support(draw: Draw):
    return draw.rng.uniform(-1, 1, (draw.sizes.predictions, *draw.shape))


def _network(name: str, latex: str, plain: str, **more: object) -> Input:
    return Input(
        name=name,
        type=Type.NETWORK,
        doc="Parameters.",
        latex=latex,
        plain=plain,
        short=f"the {name}",
        legend=f"the {name}",
        **more,
    )


TOY = Regime(
    name="toy",
    doc="Three heads and two tapes.",
    inputs=by_name(
        _network("learner", r"\phi", "φ", trained=True, tape=1),
        _network("actor", r"\psi", "ψ", mark="°"),
        Input(name="here", type=Type.STATE, doc="A state.", latex="x", plain="x", short="the state"),
        Input(name="there", type=Type.STATE, doc="The next.", latex="x'", plain="x′", short="the next state"),
        Input(
            name="act", type=Type.ACTION, doc="An action.", latex="u", plain="u", sampler=_act, example="torch.randint(3, (8,))"
        ),
        Input(name="gain", type=Type.REAL, doc="A reward.", latex="w", plain="w", sampler=_gain),
        Input(name="keep", type=Type.REAL, doc="A discount.", latex="k", plain="k", sampler=_keep),
        Input(
            name="support",
            type=Type.VECTOR_M,
            doc="A place for each prediction.",
            latex=r"\sigma",
            plain="σ",
            sampler=_support,
            example="torch.rand(8, 5)",
        ),
        Input(name="r", type=Type.REAL, doc="The reward received.", latex="r", plain="r", sampler=_gain),
    ),
    heads=by_op(
        Head("v", Type.REAL, "value"),
        Head("pi", Type.VECTOR, "preferences"),
        Head("y", Type.VECTOR_M, "predictions"),
    ),
    views=tuple(View(h, n, s) for h in ("v", "pi", "y") for n in ("learner", "actor") for s in ("here", "there")),
    draws=("keep", "gain", "act", "support", "r"),
    reward="gain",
    discount="keep",
    tapes=("prelude", "loss"),
    names=(FieldName("surprise", "sub", ("v_learner_here", DETACHED)),),
)

LOSS = """\
target = gain + keep * v(actor, there)
advantage = target - v(actor, here)
log_prob = log_softmax(pi(learner, here))[act]
meaning = dot(softmax(y(learner, here)), support)
loss = (v(learner, here) - target)**2 - log_prob * advantage + (meaning - dot(softmax(y(actor, there)), support))**2"""
