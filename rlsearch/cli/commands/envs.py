"""`rlsearch envs`."""

from dataclasses import asdict
from typing import Any

import click

from rlsearch.cli.argument_types import ENVIRONMENT
from rlsearch.cli.output import counted, json_option, print_json
from rlsearch.cli.tables import fitting, table
from rlsearch.envs import EnvSpec, Option, environments, instance, make_task
from rlsearch.envs.catalogue import card_named
from rlsearch.envs.setting import in_words

PLAYED = 5  # random steps before a state is shown
MEASURED = (
    *("observation_size", "num_actions", "steps_at_most"),
    *("random_return", "optimal_return", "steps_per_second"),
)


def _document(spec: EnvSpec) -> dict[str, Any]:
    card = card_named(spec.env)
    fields = asdict(card)
    if isinstance(card.horizon, tuple):
        option, steps = card.horizon
        fields["horizon"] = dict(zip(card.options[option].choices, steps, strict=True))
    return {
        "id": card.id,
        "family": card.family,
        "split": card.split,
        **{key: value for key, value in fields.items() if key not in ("id", "module")},
    }


def _measure(spec: EnvSpec) -> dict[str, Any]:
    """Measurements of the task that seed 0 draws: sizes, references and speed; the first time it is compiled, in seconds."""
    from rlsearch.bench.env_steps import steps_per_second  # heavy: numba, 1 s
    from rlsearch.envs.picture import picture, played

    task = make_task(spec, 0)
    return {
        "drawn": instance(spec, 0).label(),
        "observation_size": task.observation_size,
        "num_actions": task.num_actions,
        "steps_at_most": task.horizon,
        "random_return": task.random_return,
        "optimal_return": task.optimal_return,
        "steps_per_second": steps_per_second(task),
        "picture": picture(task, *played(task, PLAYED)),
    }


@click.command("envs")
@click.argument("name", required=False, type=ENVIRONMENT)
@click.option("--measure", is_flag=True, help="Draw and time every environment here; compiles what is not yet compiled.")
@json_option
def command(name: str | None, measure: bool, as_json: bool) -> None:
    """Environments to train in; with NAME, what one of them is, what may be set, and what a state looks like.

    NAME may have settings; of a range, such as 4..12, each seed draws its own number.

    \b
    rlsearch envs
    rlsearch envs Catch
    rlsearch envs "Ledge(length=4..12)"
    rlsearch envs --measure
    """
    asked = [EnvSpec(env) for env in environments()] if name is None else [EnvSpec.parse(name)]
    found = [_document(spec) | (_measure(spec) if measure or (name and not as_json) else {}) for spec in asked]
    if as_json:
        print_json({"envs": found})
    elif name is not None:
        print("\n".join(line for fact in _facts(found[0]) for line in fitting(fact, indent=" " * 13)))
    elif measure:
        head = ("environment", "family", "sees", "actions", "steps", "random", "best known", "steps/s")
        lines = [[env["id"], env["family"], *(f"{env[key]:.4g}" for key in MEASURED)] for env in found]
        print("\n".join(table(head, lines, spare=("family", "sees", "actions"))))
    else:
        columns = ("environment", "family", "for", "skills", "options", "what it is")
        rows = [
            (env["id"], env["family"], env["split"], ", ".join(env["skills"]), ", ".join(env["options"]) or "-", env["doc"])
            for env in found
        ]
        print("\n".join(table(columns, rows, spare=("options", "skills", "family"))))


def _facts(env: dict[str, Any]) -> list[str]:
    lines = [f"{env['id']}  {env['doc']}"]
    for key in ("family", "source", "actions", "observation", "reward", "references", "horizon", "gamma", "skills"):
        value = env[key]
        if isinstance(value, dict):
            value = [f"{choice} {steps}" for choice, steps in value.items()]
        if key == "gamma":
            value = in_words(value)
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        lines.append(f"  {key:<12} {text}")
    lines[2:2] = [f"  {'for':<12} {env['split']} (a hint: a family is never on two sides)"]
    for name, option in env["options"].items():
        allowed = " or ".join(option["choices"]) or f"{option['low']} to {option['high']}"
        lines.append(f"  option {name}: {option['doc']} {allowed}; default {in_words(option['default'], Option(**option))}")
    lines.append(
        f"  {env['drawn']}, drawn for seed 0: {counted(env['observation_size'], 'number')} to see, "
        f"{counted(env['num_actions'], 'action')}, at most {counted(env['steps_at_most'], 'step')}; "
        f"random policy {env['random_return']:.4g}, best known {env['optimal_return']:.4g}; "
        f"{env['steps_per_second']:,.0f} steps/s here"
    )
    return [*lines, f"  after up to {PLAYED} random steps:", *(f"    {line}" for line in env["picture"].splitlines())]
