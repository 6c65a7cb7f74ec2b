"""`rlsearch check`."""

import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rlsearch.cli.argument_types import ANYTHING
from rlsearch.cli.formula_argument import FormulaCommand
from rlsearch.cli.output import counted, json_option, print_json
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.cli.tables import fitting
from rlsearch.errors import RlsearchError, RunError, RunFailed, closest, quoted
from rlsearch.loss import NAME, Loss
from rlsearch.registry import known_losses, packs, shipped_spaces, use_primitives
from rlsearch.runs.folders import RUNS, is_path, is_run, run_folder

if TYPE_CHECKING:
    from rlsearch.executor.child import Tell

FOUND = 4  # exit code
MEMORY_SHARE = 0.5  # of this machine's, that what is checked may take
PACK_S = 600.0  # seconds in which the ops of a pack must have been compiled and checked
IMPORT_S = 600.0  # ... and an environment's module imported, which compiles its kernels


def _space(what: str, _: "Tell") -> list[str]:
    from rlsearch.runs.run import Options, check_starts
    from rlsearch.space.load import load_space

    space = load_space(what)
    check_starts(space, Options())
    model = space.model
    lines = [f"{space.name}: a search space without problems", f"  ops     {len(space.grammar.ops)}"]
    for number, rung in enumerate(model.rungs, 1):
        envs = ", ".join(env.label() for env in rung.envs)
        lines.append(f"  rung {number}  {envs}; {counted(rung.seeds, 'seed')} of {counted(rung.steps, 'step')} each")
    confirm = ", ".join(env.label() for env in model.confirm.envs) or "the last rung's environments alone"
    return [*lines, f"  confirm {confirm}; {counted(model.confirm.seeds, 'fresh seed')}, top {model.confirm.top}"]


def _loss(what: str, _: "Tell") -> list[str]:
    from rlsearch.equivalence.fingerprint import fingerprint
    from rlsearch.simplify.canonical import canonical
    from rlsearch.train.crosscheck import disagreement  # heavy: torch, 2 s

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


def _pack(what: str, tell: "Tell") -> list[str]:
    tell(f"checking the ops of {quoted(what)}", PACK_S)
    use_primitives(what)
    from rlsearch.facets.problems import refuse_wrong  # heavy: torch and sympy, 3 s

    pack = next(pack for pack in packs() if pack.name == Path(what).stem)
    refuse_wrong([pack])
    return [f"{pack.name}: an op pack without problems", *(f"  {op.name:<12} {op.doc}" for op in pack.ops)]


def _env(what: str, tell: "Tell") -> list[str]:
    from rlsearch.envs import environments
    from rlsearch.envs.catalogue import card_named

    tell(f"importing {what}", IMPORT_S)
    card = environments()[what] if what in environments() else card_named(what)
    from rlsearch.envs.contract import examine  # heavy: numba, 1 s

    found = examine(card, tell)
    if found.problems:
        raise RlsearchError("\n".join(found.problems))
    notes = (f"  not verified: {line}" for line in found.unverified)
    return [f"{what}: an environment without problems", f"  {card.id:<12} {card.doc}", *notes]


def _run(what: str, _: "Tell") -> list[str]:
    from rlsearch.evaluation.confirmation_state import confirmation_state
    from rlsearch.runs.audit import audit_run
    from rlsearch.runs.compatibility import refuse_changes
    from rlsearch.runs.run import open_run  # heavy: numpy and pydantic, 0.3 s
    from rlsearch.store.integrity import examine
    from rlsearch.store.journal import Journal

    folder = run_folder(what)
    with Journal(folder) as journal:
        found = examine(journal)
    problems = list(found.problems)
    try:
        with open_run(folder) as run:
            metadata = run.journal.metadata()
            refuse_changes(folder, run.space, metadata)
            audit = audit_run(run) if not problems else None
            state = confirmation_state(metadata, run.journal.confirmations(), run.space)
    except RlsearchError as error:
        problems += [line for line in str(error).splitlines() if line not in problems]
    if problems or audit is None:
        raise RlsearchError("\n".join(problems))
    confirmed = f"{state.met} of {state.planned} fresh seeds were met by every loss" if state.planned else "not asked for"
    if state.is_empty:
        confirmed = "nothing, as no class passed the first rung"
    trained = f"{audit.trained} trained again: the same, bit for bit" if audit.trained else "none trained again"
    return [
        f"{folder}: a run without problems",
        f"  proposals  {found.proposals:,}, {'finished' if metadata['finished'] else 'not finished'}",
        f"  genomes    {found.genomes:,} of {found.proposals:,} looked at: they read back, to the key that is stored",
        f"  replay     {audit.proposed:,} proposals made again, with the trials that each was due: the same",
        f"  trials     {trained}" + (f" ({audit.untrained})" if audit.untrained else ""),
        *([f"  cut        {counted(audit.cut, 'trial')} by a time limit: taken as the journal says"] if audit.cut else []),
        f"  confirmed  {confirmed}",
    ]


KINDS: dict[str, Callable[[str, "Tell"], list[str]]] = {
    "space": _space,
    "loss": _loss,
    "run": _run,
    "pack": _pack,
    "env": _env,
}
FOREIGN = ("pack", "env")  # kinds of a user's own code, which may do anything
OWN_ENV = re.compile(r"[A-Za-z_][\w.]*:\w+")


def _kind(what: str) -> str:
    from rlsearch.envs import environments

    if what in environments() or (OWN_ENV.fullmatch(what) and not is_path(what)):
        return "env"
    if what.endswith(".py"):
        return "pack"
    if what in shipped_spaces() or Path(what).suffix in (".yaml", ".yml"):
        return "space"
    return "run" if is_run(what) or (what not in known_losses() and _is_folder(what)) or what.endswith(".sqlite") else "loss"


def _is_folder(what: str) -> bool:
    try:
        named = what.strip() and not what.endswith(".loss")
        return bool(named) and any(folder.is_dir() for folder in (Path(what), RUNS / what))
    except (OSError, ValueError):  # too long for a name, or a null byte
        return False


def _exists(kind: str, what: str, error: RlsearchError) -> bool:
    """True if what was named exists: then it is wrong itself, otherwise the request is."""
    from rlsearch.envs import environments
    from rlsearch.store.database import FILE

    if kind == "env":
        return what in environments() or _card_exists(*what.split(":"))
    try:
        if kind == "run":
            return (run_folder(what) / FILE).exists()
        if kind in ("space", "pack") or what.endswith(".loss"):
            return what in shipped_spaces() or Path(what).exists()
    except (OSError, ValueError):
        return False
    return what in known_losses() or not (isinstance(error, RunError) or NAME.fullmatch(what) or is_path(what))


def _card_exists(module: str, name: str) -> bool:
    if module in sys.modules:
        return hasattr(sys.modules[module], name)
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError as error:
        return not f"{module}.".startswith(f"{error.name}.")  # a package that is there may lack another that it imports
    except Exception:  # whatever a user's package does
        return True


def _unknown(what: str) -> RlsearchError:
    from rlsearch.envs import environments

    runs = [folder.name for folder in RUNS.iterdir() if folder.is_dir()] if RUNS.is_dir() else []
    return RlsearchError(
        f"{quoted(what)} is neither a search space, a known loss, a run nor an environment"
        f"{closest(what, [*shipped_spaces(), *known_losses(), *runs, *environments()])}; "
        "see `rlsearch spaces`, `losses`, `runs` and `envs`, or type a path, an expression in quotes or module:CARD"
    )


def _look(asked: tuple[str, str], tell: "Tell") -> tuple[list[str], list[str]]:
    """The facts and the problems of a thing of some kind.

    Raises:
        RlsearchError: there is no such thing.
    """
    kind, what = asked
    try:
        return KINDS[kind](what, tell), []
    except RlsearchError as error:
        if not _exists(kind, what, error):
            raise
        return [], str(error).splitlines()


def _examine(kind: str, what: str) -> tuple[list[str], list[str]]:
    """The same, in a child process for what may hang, crash, or take all memory."""
    from rlsearch.executor.child import call_in_child, tell_nobody  # heavy: numba's caches, 0.1 s

    if kind not in FOREIGN:
        return _look((kind, what), tell_nobody)
    try:
        return call_in_child(_look, (kind, what), memory_share=MEMORY_SHARE, daemon=False)
    except RunFailed as failed:
        return [], [str(failed)]


@click.command("check", cls=FormulaCommand)
@click.argument("what", metavar="SPACE|LOSS|RUN|PACK|ENV", type=ANYTHING)
@primitives_option
@json_option
def command(what: str, as_json: bool) -> None:
    """Say everything that is wrong with a space, a loss, a run, an op pack or an environment; exit code 4 if anything is.

    RUN is a run's folder, or its name under results/runs. An environment of your own is module:CARD, the name of its card in
    a module of yours; it is played in a process of its own, so that one which hangs or crashes is said to.

    \b
    rlsearch check my_space.yaml
    rlsearch check my_ops.py
    rlsearch check results/runs/quickstart-0
    rlsearch check my_module:CARD
    rlsearch check "0.5 * (q(online, s)[a] - r)**2"
    """
    kind = _kind(what)
    if kind == "loss" and NAME.fullmatch(what) and not what.endswith(".loss") and what not in known_losses():
        raise _unknown(what)
    facts, problems = _examine(kind, what)
    if as_json:
        print_json({"what": what, "kind": kind, "problems": problems, "facts": facts})
    elif problems:
        print("\n".join(problems), file=sys.stderr)
    else:
        print("\n".join(line for fact in facts for line in fitting(fact, indent=" " * 10)))
    if problems:
        click.get_current_context().exit(FOUND)
