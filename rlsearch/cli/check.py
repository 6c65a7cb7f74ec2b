"""`rlsearch check`."""

import re
import sys
from pathlib import Path

import click

from rlsearch.cli.formula_argument import LOSS, FormulaCommand
from rlsearch.cli.output import counted, json_option, print_json
from rlsearch.cli.primitives import primitives_option
from rlsearch.errors import RlsearchError, quoted
from rlsearch.loss import Loss
from rlsearch.registry import known_losses, packs, shipped_spaces, use_primitives

FOUND = 4  # exit code


def _space(what: str) -> list[str]:
    from rlsearch.search import Options, evolution_of
    from rlsearch.space.load import load_space

    space = load_space(what)
    evolution_of(space, Options())
    model = space.model
    lines = [f"{space.name}: a search space without problems", f"  ops     {len(space.grammar.ops)}"]
    for number, rung in enumerate(model.rungs, 1):
        envs = ", ".join(env.label() for env in rung.envs)
        lines.append(f"  rung {number}  {envs}; {counted(rung.seeds, 'seed')} of {counted(rung.steps, 'step')} each")
    confirm = ", ".join(env.label() for env in model.confirm.envs) or "the last rung's environments alone"
    return [*lines, f"  confirm {confirm}; {counted(model.confirm.seeds, 'fresh seed')}, top {model.confirm.top}"]


def _loss(what: str) -> list[str]:
    from rlsearch.evolve.fingerprint import fingerprint
    from rlsearch.graph.canonical import canonical
    from rlsearch.train.agree import disagreement  # heavy: torch, 2 s

    loss = Loss(what)
    form = canonical(loss.graph)
    flaw = fingerprint(form, "gradient").flaw if form.carries[form.root] else "gradient is zero"
    if flaw:
        raise RlsearchError(f"this loss cannot train anything: {flaw}")
    if difference := disagreement(loss.graph):
        raise RlsearchError(f"TorchScript and tape disagree about its {difference}; this is a bug of rlsearch")
    return [
        f"{loss.name}: a loss without problems",
        f"  hash  {loss.key}",
        f"  size  {counted(loss.size, 'op')}",
    ]


def _pack(what: str) -> list[str]:
    from rlsearch.facets.problems import refuse_wrong  # heavy: torch and sympy, 3 s

    use_primitives(what)
    pack = next(pack for pack in packs() if pack.name == Path(what).stem)
    refuse_wrong([pack])
    return [f"{pack.name}: an op pack without problems", *(f"  {op.name:<12} {op.doc}" for op in pack.ops)]


def _env(what: str) -> list[str]:
    from rlsearch.envs import environments
    from rlsearch.envs.catalogue import card_named
    from rlsearch.envs.contract import problems  # heavy: numba, 1 s

    card = environments()[what] if what in environments() else card_named(what)
    if found := problems(card):
        raise RlsearchError("\n".join(found))
    return [f"{what}: an environment without problems", f"  {card.id:<12} {card.doc}"]


KINDS = {"space": _space, "loss": _loss, "pack": _pack, "env": _env}
OWN_ENV = re.compile(r"[A-Za-z_][\w.]*:\w+")


def _kind(what: str) -> str:
    from rlsearch.envs import environments

    if what in environments() or OWN_ENV.fullmatch(what):
        return "env"
    if what.endswith(".py"):
        return "pack"
    return "space" if what in shipped_spaces() or Path(what).suffix in (".yaml", ".yml") else "loss"


@click.command("check", cls=FormulaCommand)
@click.argument("what", metavar="SPACE|LOSS|PACK|ENV", type=LOSS)
@primitives_option
@json_option
def command(what: str, as_json: bool) -> None:
    """Say everything that is wrong with a space, a loss, an op pack or an environment; exit code 4 if anything is.

    An environment of your own is module:CARD, the name of its card in a module of yours.

    \b
    rlsearch check my_space.yaml
    rlsearch check my_ops.py
    rlsearch check my_module:CARD
    rlsearch check "0.5 * (q(online, s)[a] - r)**2"
    """
    kind = _kind(what)
    if kind == "loss" and what.isidentifier() and what not in known_losses():
        raise RlsearchError(
            f"{quoted(what)} is neither a search space ({', '.join(shipped_spaces())}) nor a known loss "
            f"({', '.join(known_losses())}); type a path, an expression in quotes or one of these"
        )
    try:
        facts, problems = KINDS[kind](what), list[str]()
    except RlsearchError as error:
        facts, problems = [], str(error).splitlines()
    if as_json:
        print_json({"what": what, "kind": kind, "problems": problems, "facts": facts})
    elif problems:
        print("\n".join(problems), file=sys.stderr)
    else:
        print("\n".join(facts))
    if problems:
        click.get_current_context().exit(FOUND)
