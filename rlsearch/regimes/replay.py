"""The replay regime: one transition (s, a, r, s_next) per sample, drawn from what the agent has stored; action values alone."""

from typing import TYPE_CHECKING

from rlsearch.op import Axis, Type
from rlsearch.regimes.heads import Head, View, by_op
from rlsearch.regimes.inputs import Input, by_name
from rlsearch.regimes.names import ANYTHING, DETACHED, DISCOUNTED, WITH_REWARD, FieldName, Term
from rlsearch.regimes.regime import Regime
from rlsearch.regimes.replay_spellings import SPELLINGS

if TYPE_CHECKING:
    from rlsearch.regimes.draw import Array, Draw


OFTEN = 0.5  # the share of samples in which a coincidence is drawn; the others are generic


def _reward(draw: "Draw") -> "Array":
    """Most rewards of most environments are 0, many are 1 or -1."""
    return draw.whole(draw.sprinkle(draw.normal(), OFTEN, 0, 0, 1, -1) * ~draw.still, 0.0)


def _reward_n(draw: "Draw") -> "Array":
    """Returns of n steps, which are the reward where the episode ended with it."""
    values = draw.sprinkle(draw.normal(), OFTEN, 0, 0, 1, -1, draw.drawn["r"]) * ~draw.still
    same = draw.drawn["discount_n"] == draw.drawn["discount"]
    ended: Array = same * draw.drawn["r"] + ~same * values
    return ended


def _action(draw: "Draw") -> "Array":
    return draw.rng.integers(0, draw.sizes.actions, draw.shape).astype(float)


def _discount(draw: "Draw") -> "Array":
    values = draw.sprinkle(draw.uniform(0.05, 1.0), OFTEN, 1, 0.9, 0.99)
    values[draw.still] = 1.0
    values[:, : draw.terminal] = 0.0
    return draw.whole(values, 0.0)


def _discount_n(draw: "Draw") -> "Array":
    """Discounts that are 0 for half of the terminal transitions, and for some more, whose return ends on the way."""
    values = draw.sprinkle(draw.uniform(0.05, 1.0), OFTEN, 1, draw.drawn["discount"])
    values[draw.still] = 1.0
    values[:, draw.terminal // 2 : 2 * draw.terminal] = 0.0
    return values


def _has_return(draw: "Draw") -> "Array":
    return draw.whole((draw.rng.uniform(size=draw.shape) < 0.5).astype(float), 0.0)


def _return_to_go(draw: "Draw") -> "Array":
    values = draw.sprinkle(draw.normal(), OFTEN, 0, 0, 1, -1, draw.drawn["r"])
    return values * draw.drawn["has_return"]


def _progress(draw: "Draw") -> "Array":
    """One number for each batch: the share of the training that is done."""
    return draw.spread(2**-10)


def _behaviour_prob(draw: "Draw") -> "Array":
    """Also of an agent that acts at random, of one that always acts greedily, and of one that seldom does not."""
    rare = 0.05 / draw.sizes.actions
    return draw.sprinkle(draw.uniform(0.02, 1.0), OFTEN, 1, 1 / draw.sizes.actions, rare, 0.95 + rare)


# Views of the online and the target network in the transition's own two states.
NEAR = "q_online_s|q_online_s_next|q_target_s|q_target_s_next"

REGIME = Regime(
    name="replay",
    doc="Value-based learning from stored transitions.",
    inputs=by_name(
        Input(
            name="online",
            type=Type.NETWORK,
            doc="The network that is trained; the only one that gradient reaches.",
            latex=r"\theta",
            plain="θ",
            short="the online network",
            legend="the network that learns",
            trained=True,
        ),
        Input(
            name="target",
            type=Type.NETWORK,
            doc="A periodically copied, older online network.",
            latex=r"\bar\theta",
            plain="θ⁻",
            mark="⁻",
            short="the target network",
            legend="its older copy, the target network",
        ),
        Input(
            name="target_old",
            type=Type.NETWORK,
            doc="The target network before its last copy.",
            latex=r"\tilde\theta",
            plain="θ⁻⁻",
            mark="⁻⁻",
            short="the older target network",
            legend="the target network before its last copy",
            on_demand=True,
        ),
        Input(
            name="s",
            type=Type.STATE,
            doc="The state in which the agent acted.",
            latex="s",
            plain="s",
            short="the state",
        ),
        Input(
            name="s_next",
            type=Type.STATE,
            doc="The state that followed, also where the episode was cut off by the clock.",
            latex="s'",
            plain="s′",
            short="the next state",
        ),
        Input(
            name="s_n",
            type=Type.STATE,
            doc="The state n steps on, or the last one if the episode was over or has got no further.",
            latex="s_n",
            plain="s_n",
            short="the state n steps on",
            on_demand=True,
            explained=True,
        ),
        Input(
            name="a",
            type=Type.ACTION,
            doc="The action taken.",
            latex="a",
            plain="a",
            sampler=_action,
            example="torch.randint(3, (8,))",
        ),
        Input(name="r", type=Type.REAL, doc="The reward received.", latex="r", plain="r", sampler=_reward),
        Input(
            name="discount",
            type=Type.REAL,
            doc="gamma where the episode went on, 0 where it terminated.",
            latex=r"\gamma",
            plain="γ",
            sampler=_discount,
        ),
        Input(
            name="r_n",
            type=Type.REAL,
            doc="The discounted sum of the rewards on the way to s_n.",
            latex="r_n",
            plain="r_n",
            sampler=_reward_n,
            on_demand=True,
            explained=True,
        ),
        Input(
            name="discount_n",
            type=Type.REAL,
            doc="gamma to the power of the steps to s_n, 0 where the episode terminated there.",
            latex=r"\gamma_n",
            plain="γ_n",
            sampler=_discount_n,
            on_demand=True,
            explained=True,
        ),
        Input(
            name="return_to_go",
            type=Type.REAL,
            doc="The discounted sum of the rewards until the episode terminated, 0 where that is not known.",
            latex="G",
            plain="G",
            sampler=_return_to_go,
            on_demand=True,
            explained=True,
        ),
        Input(
            name="has_return",
            type=Type.REAL,
            doc="1 where return_to_go is known, 0 while the episode goes on and where it was cut off.",
            latex="h",
            plain="h",
            sampler=_has_return,
            on_demand=True,
            explained=True,
        ),
        Input(
            name="progress",
            type=Type.REAL,
            doc="The share of the training run that is over, from 0 to 1.",
            latex=r"\tau",
            plain="τ",
            sampler=_progress,
            explained=True,
        ),
        Input(
            name="behaviour_prob",
            type=Type.REAL,
            doc="The probability with which the agent chose the action it took.",
            latex=r"\mu",
            plain="μ",
            sampler=_behaviour_prob,
            on_demand=True,
            explained=True,
        ),
        Input(
            name="a_next",
            type=Type.ACTION,
            doc="The action taken in the next state, or that would have been where the clock cut the episode off; else a.",
            latex="a_{+}",
            plain="a_next",
            sampler=_action,
            example="torch.randint(3, (8,))",
            on_demand=True,
            explained=True,
        ),
        Input(
            name="num_actions",
            type=Type.REAL,
            doc="How many actions there are.",
            latex=r"|\mathcal{A}|",
            plain="|A|",
            size_of=Axis.ACTIONS,
            explained=True,
        ),
    ),
    heads=by_op(Head("q", Type.VECTOR, "action values")),
    views=tuple(
        View("q", network, state)
        for network, state in (
            ("online", "s"),
            ("online", "s_next"),
            ("target", "s"),
            ("target", "s_next"),
            ("online", "s_n"),
            ("target", "s_n"),
            ("target_old", "s"),
            ("target_old", "s_next"),
            ("target_old", "s_n"),
        )
    ),
    draws=("discount", "discount_n", "has_return", "a", "r", "r_n", "return_to_go", "progress", "behaviour_prob", "a_next"),
    reward="r",
    discount="discount",
    names=(
        FieldName("q_sa", "select", ("q_online_s", "a")),
        FieldName("best_next", "argmax", ("q_online_s_next|q_target_s_next",)),
        FieldName("q_next", "max", ("q_target_s_next",)),
        FieldName("q_next", "select", ("q_target_s_next", "best_next|a_next")),
        FieldName("probs", "softmax", (ANYTHING,)),
        FieldName("log_probs", "log_softmax", (ANYTHING,)),
        FieldName("log_prob", "select", ("log_probs", "a")),
        FieldName("expected_q", "dot", ("probs", NEAR)),
        FieldName("expected_q", "dot", (NEAR, "probs")),
        FieldName("soft_value", "logsumexp", (NEAR,)),
        FieldName("advantage", "sub", ("q_target_sa", "v_target")),
        FieldName("action_gap", "sub", ("v_target", "q_target_sa")),
        FieldName("q_target_sa", "select", ("q_target_s", "a")),
        FieldName("v_target", "max", ("q_target_s",)),
        FieldName("td_target", "add", (WITH_REWARD, DISCOUNTED)),
        FieldName("td_target", "add", (DISCOUNTED, WITH_REWARD)),
        FieldName("delta", "sub", ("q_sa", "td_target")),
        FieldName("delta", "sub", ("td_target", "q_sa")),
        FieldName("error", "sub", ("q_sa", DETACHED)),
    ),
    letters={"delta": "δ", "td_target": "y"},
    estimate="q(online, s)[a]",
    terms={
        "reward": Term("r", "r"),
        "bootstrap": Term("γ max Q⁻(s′)", "discount * max(q(target, s_next))"),
        "rewards_n": Term("rₙ", "r_n"),
        "bootstrap_n": Term("γₙ max Q⁻(sₙ)", "discount_n * max(q(target, s_n))"),
        "one": Term("1", "1"),
        "goes_on": Term("γ", "discount"),
        "undiscounted": Term("max Q⁻(s′)", "max(q(target, s_next))"),
        "double": Term("γ Q⁻(s′, argmax Q(s′))", "discount * q(target, s_next)[argmax(q(online, s_next))]"),
        "own": Term("Q⁻(s, a)", "q(target, s)[a]"),
        "own_best": Term("max Q⁻(s)", "max(q(target, s))"),
    },
    spellings=SPELLINGS,
)
