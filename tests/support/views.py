"""Views to render: a whole run, and one that has only just begun."""

from rlsearch.report.view import (
    Baseline,
    ClassView,
    EnvironmentView,
    Estimate,
    Fate,
    LossInEnvironment,
    ReportView,
    RunView,
)

DQN = "loss = half_square(q(online, s)[a] - (r + discount * max(q(target, s_next))))"
DQN_REG = "delta = q(online, s)[a] - (r + discount * max(q(target, s_next)))\nloss = 0.5 * delta**2 + 0.1 * q(online, s)[a]"
DOUBLE_DQN = "loss = half_square(q(online, s)[a] - (r + discount * q(target, s_next)[argmax(q(online, s_next))]))"
CURVE = tuple(0.9 * k / (k + 4) for k in range(20))

RUN = RunView(
    name="quickstart-1",
    space="quickstart",
    seed=1,
    strategy="evolution",
    proposals=12_345,
    classes=2_310,
    trials=1_987,
    steps=19_870_000,
    seconds=312.4,
    workers=2,
    rungs=3,
    next_command="rlsearch resume results/runs/quickstart-1 --minutes 20",
)


def class_view(text: str, rank: int, *, confirmed: bool = True, relation: str = "") -> ClassView:
    """A class of the given rank."""
    mean = 0.9 - 0.02 * rank
    estimate = Estimate(mean, mean - 0.05, mean + 0.04, 10) if confirmed else None
    return ClassView(
        hash=f"{rank:02x}c4d9f0a1b2c3d4e5f6",
        text=text,
        size=12 - rank % 4,
        members=1 + 3 * rank,
        selected=Estimate(mean + 0.06, mean, mean + 0.1, 3),
        shrunken=mean + 0.03,
        confirmed=estimate,
        relation=relation,
        meaning=f"gradient {rank}" if rank % 2 == 0 else "",
        rung=3,
        on_front=rank < 4,
    )


def environment(name: str, unseen: bool) -> EnvironmentView:
    """Three losses in an environment."""
    losses = tuple(
        LossInEnvironment(loss, Estimate(0.8 - d, 0.74 - d, 0.85 - d, 10), tuple((1 - d) * y for y in CURVE))
        for loss, d in (("pick", 0.0), ("dqn", 0.06), ("double_dqn", 0.1))
    )
    return EnvironmentView(name, unseen, 10_000, losses)


def full_view(classes: int = 10) -> ReportView:
    """A run with a confirmation."""
    texts = [DQN_REG, DQN, DOUBLE_DQN]
    return ReportView(
        run=RUN,
        pick=class_view(DQN_REG, 0, relation="same direction as dqn with every reward lowered by 0.1"),
        rule="the smallest class within one standard error of the best confirmed score",
        caveats=(),
        top=tuple(
            class_view(texts[k % 3], k, confirmed=k < 5, relation="same direction as dqn" if k == 1 else "")
            for k in range(classes)
        ),
        front=tuple(class_view(texts[k % 3], k) for k in (3, 2, 1, 0)),
        baselines=(
            Baseline("dqn", DQN, 9, Estimate(0.85, 0.8, 0.9, 3), 3, Estimate(0.82, 0.77, 0.86, 10)),
            Baseline("double_dqn", DOUBLE_DQN, 11, None, 0, Estimate(0.8, 0.74, 0.85, 10)),
            Baseline("random search", "", 0, None, 0, None),
        ),
        environments=tuple(environment(name, name == "FrozenLake") for name in ("LayeredMDP", "CartPole-v1", "FrozenLake")),
        fates=(
            Fate("trained", 2310),
            Fate("duplicate", 6120),
            Fate("equivalent", 1915),
            Fate("rejected: constant gradient", 2000),
        ),
        progress=((3, 0.11), (40, 0.32), (610, 0.71), (4022, 0.94)),
        space_yaml="regime: replay\nfree_nodes: 7\n",
        stamp=(
            ("rlsearch", "0.1.0, commit 1b35062"),
            ("CPU", "Intel Xeon"),
            ("command", "rlsearch search quickstart --seed 1"),
        ),
    )


def empty_view() -> ReportView:
    """A run that has scored nothing."""
    return ReportView(
        run=RUN,
        pick=None,
        rule="",
        caveats=(),
        top=(),
        front=(),
        baselines=(),
        environments=(),
        fates=(),
        progress=(),
        space_yaml="",
        stamp=(),
    )
