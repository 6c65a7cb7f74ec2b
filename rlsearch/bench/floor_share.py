"""The fused trainer's share of the speed that none can exceed: its own matrix products at the core's peak of multiply-adds."""

from dataclasses import asdict

from rlsearch.bench.figure import Figure, interleaved
from rlsearch.bench.inner_loop import AGENT, fused_microseconds, task
from rlsearch.bench.multiply_adds import peak_flops
from rlsearch.train.replay.agent import Agent


def step_flops(widths: tuple[int, ...], agent: Agent) -> float:
    """The floating-point operations of the matrix products of one step with one update, a multiply-add counted as two.

    Per update: forward online(s) and target(s_next), the gradient by every weight, and by every layer's input but the
    first's. Per step: one sample forward to act, unless exploration acts at random.
    """
    layers = [n_in * n_out for n_in, n_out in zip(widths[:-1], widths[1:], strict=True)]
    update = agent.batch * (3 * sum(layers) + sum(layers[1:]))
    return 2.0 * (update / agent.update_every + (1.0 - agent.epsilon_end) * sum(layers))


def floor_share(steps: int = 5000, repetitions: int = 7) -> Figure:
    """The time of the step's matrix products at the core's peak, over the time of the whole step."""
    cartpole = task()
    flops = step_flops((cartpole.observation_size, *AGENT.hidden, cartpole.num_actions), AGENT)

    def products_microseconds() -> float:
        """The time of a step's products at that rate."""
        return 1e6 * flops / peak_flops()

    fused_microseconds(steps)
    products_microseconds()
    measured = {"products": products_microseconds, "fused": lambda: fused_microseconds(steps)}
    sides = interleaved(measured, "us per step", repetitions)
    return Figure(
        name="floor_share",
        value=sides["products"].minimum / sides["fused"].minimum,
        unit="share",
        better="more",
        meaning="'products', a step's matrix products at this core's peak of multiply-adds, over 'fused'; the minimum of each",
        sides=sides,
        settings={
            "env": cartpole.env,
            "loss": "dqn",
            "steps": steps,
            "flops_per_step": flops,
            "gflops": flops / sides["products"].minimum / 1e3,
            "agent": asdict(AGENT),
        },
    )
