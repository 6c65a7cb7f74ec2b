"""A run's result: as a document, and as lines made from that document."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rlsearch.api import Opened
from rlsearch.cli.output import one_line, table
from rlsearch.outcomes import outcomes
from rlsearch.ranking import RULE, ClassResult, Confirmed, ranking

REASONS = 4  # of rejection, that are said one by one


def result(run: Opened, limit: int) -> dict[str, Any]:
    """What a run has found so far."""
    found, facts = ranking(run.journal, run.space, limit), run.journal.facts()
    return {
        "run": str(run.journal.folder),
        "space": run.space.name,
        "seed": run.options.seed,
        "strategy": run.options.strategy,
        "budget": facts.get("budget"),
        "finished": bool(facts["finished"]),
        "proposals": run.journal.count(),
        "classes": found.classes,
        "outcomes": asdict(outcomes(run.journal)),
        "search_seconds": facts["search_seconds"],
        "total_seconds": facts.get("total_seconds"),
        "expected": facts.get("estimate"),
        "rungs": len(run.space.model.rungs),
        "rule": RULE,
        "floor": run.space.model.score.floor if run.space.model.score.aggregate == "geometric_mean" else None,
        "top": [_class(entry) for entry in found.top[:limit]],
        "baselines": {
            name: {"loss": run.space.baselines[name], "confirmed": _confirmed(score)} for name, score in found.baselines.items()
        },
    }


def _class(entry: ClassResult) -> dict[str, Any]:
    return {
        "hash": entry.key,
        "loss": entry.text,
        "size": entry.size,
        "rung": entry.rung + 1,
        "selected": entry.selected,
        "selected_seeds": entry.seeds,
        "confirmed": _confirmed(entry.confirmed),
        "pick": entry.is_pick,
        "relation": entry.relation,
        "meaning": entry.meaning,
    }


def _confirmed(score: Confirmed | None) -> dict[str, Any] | None:
    if score is None:
        return None
    interval = score.score
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "seeds": interval.n}


def rejections(document: dict[str, Any]) -> str:
    """Why proposals were rejected, the most frequent reasons; "" if none was."""
    counts = list(document["outcomes"]["rejected"].items())
    said = [f"{count} {reason}" for reason, count in counts[:REASONS]]
    if others := sum(count for _, count in counts[REASONS:]):
        said.append(f"{others} for other reasons")
    return f"rejected: {', '.join(said)}" if said else ""


def lines(document: dict[str, Any]) -> Iterator[str]:
    """The same for people: the top as a table with the pick marked, the known losses below."""
    top = document["top"]
    if not top:
        yield "nothing has been trained yet"
        return
    rows = [
        (
            "pick" if entry["pick"] else "",
            entry["hash"][:8],
            str(entry["size"]),
            f"{entry['rung']}/{document['rungs']}",
            f"{entry['selected']:.3f}",
            interval(entry["confirmed"]),
            entry["relation"] or "-",
            one_line(entry["loss"]),
        )
        for entry in top
    ]
    yield from table(("", "hash", "size", "rung", "selected", "confirmed (95 %, seeds)", "known as", "loss"), rows)
    if document["baselines"]:
        yield ""
        yield from table(
            ("known losses, same seeds", "confirmed (95 %, seeds)"),
            [(name, interval(entry["confirmed"])) for name, entry in document["baselines"].items()],
        )
    yield ""
    if any(entry["pick"] and entry["confirmed"] for entry in top):
        yield f"pick: {document['rule']}."
        yield from _not_better(document)
    else:
        yield "pick: the best selected score; nothing is confirmed yet."
    yield "size: ops of the smallest loss of that class that was met; `rlsearch show` counts those of the canonical form."
    yield "scores: 0 is the random policy, 1 the best known; `selected` chose the losses and flatters them."
    if document["floor"] is not None:
        yield f"in a joined score no environment counts less than {document['floor']:g}: a score of that has learnt nothing."


def _not_better(document: dict[str, Any]) -> Iterator[str]:
    """A word where the pick is no better than what was known."""
    pick = next(entry for entry in document["top"] if entry["pick"])
    known = {name: entry["confirmed"]["mean"] for name, entry in document["baselines"].items() if entry["confirmed"]}
    best = max(known, key=lambda name: known[name], default=None)
    if best is not None and pick["confirmed"] and pick["confirmed"]["mean"] <= known[best]:
        yield f"No better than what is known: {best} scores {known[best]:.3f} on the same seeds; a longer search may find more."


def interval(score: dict[str, Any] | None) -> str:
    """`0.842 [0.810, 0.871], 5`, or a dash."""
    if score is None:
        return "-"
    ends = "" if score["low"] is None else f" [{score['low']:.3f}, {score['high']:.3f}]"
    return f"{score['mean']:.3f}{ends}, {score['seeds']}"
