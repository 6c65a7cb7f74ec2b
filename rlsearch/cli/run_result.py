"""A run's result: as a document, and as lines made from that document."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rlsearch.analysis.outcomes import outcomes
from rlsearch.analysis.ranking import ClassResult, ranking
from rlsearch.analysis.selection import Confirmed
from rlsearch.cli.output import one_line, table
from rlsearch.evaluation.statistics import Interval
from rlsearch.runs.run import OpenRun

SELECTED, CONFIRMED = "selected (95 %, seeds)", "confirmed (95 %, seeds)"
WIDTH = 118  # of a line of words

REASONS = 4  # of rejection, that are said one by one


def result(run: OpenRun, limit: int) -> dict[str, Any]:
    """What a run has found so far."""
    found, metadata = ranking(run.journal, run.space, limit), run.journal.metadata()
    return {
        "run": str(run.journal.folder),
        "space": run.space.name,
        "seed": run.options.seed,
        "strategy": run.options.strategy,
        "budget": metadata.get("budget"),
        "finished": bool(metadata["finished"]),
        "proposals": run.journal.count(),
        "classes": found.classes,
        "outcomes": asdict(outcomes(run.journal)),
        "search_seconds": metadata["search_seconds"],
        "total_seconds": metadata.get("total_seconds"),
        "expected": metadata.get("estimate"),
        "rungs": len(run.space.model.rungs),
        "rule": found.rule,
        "caveats": list(found.caveats),
        "floor": found.floor or None,
        "top": [_class(entry) for entry in found.top[:limit]],
        "front": [
            {"hash": entry.key, "loss": entry.text, "size": entry.size, "score": _front_score(entry)} for entry in found.front
        ],
        "baselines": {
            name: {
                "loss": known.text,
                "size": known.size,
                "rung": known.selected.rung + 1 if known.selected else None,
                "selected": _interval(known.selected.score) if known.selected else None,
                "confirmed": _confirmed(known.confirmed),
            }
            for name, known in found.baselines.items()
        },
    }


def _class(entry: ClassResult) -> dict[str, Any]:
    return {
        "hash": entry.key,
        "loss": entry.text,
        "size": entry.size,
        "members": entry.members,
        "rung": entry.selected.rung + 1,
        "selected": _interval(entry.selected.score),
        "shrunken": entry.shrunken,
        "confirmed": _confirmed(entry.confirmed),
        "pick": entry.is_pick,
        "front": entry.on_front,
        "relation": entry.relation,
        "meaning": entry.meaning,
    }


def _front_score(entry: ClassResult) -> float:
    return entry.confirmed.score.mean if entry.confirmed else entry.shrunken


def _interval(score: Interval) -> dict[str, Any]:
    return {"mean": score.mean, "low": score.low, "high": score.high, "seeds": score.n}


def _confirmed(score: Confirmed | None) -> dict[str, Any] | None:
    """The reported score, and by what the pick was chosen."""
    if score is None:
        return None
    mean, error = score.choosing
    return {**_interval(score.score), "choosing": {"mean": mean, "standard_error": error}}


def rejections(document: dict[str, Any]) -> str:
    """Why proposals were rejected, the most frequent reasons; "" if none was."""
    counts = list(document["outcomes"]["rejected"].items())
    said = [f"{count} {reason}" for reason, count in counts[:REASONS]]
    if others := sum(count for _, count in counts[REASONS:]):
        said.append(f"{others} for other reasons")
    return f"rejected: {', '.join(said)}" if said else ""


def lines(document: dict[str, Any]) -> Iterator[str]:
    """The same for people: the top as a table, each loss below its numbers; then the known losses, then what is meant."""
    top = document["top"]
    if not top:
        yield "nothing has been trained yet"
        return
    confirmed = any(entry["confirmed"] for entry in top)
    head = ("", "hash", "met", "size", "rung", SELECTED, CONFIRMED if confirmed else "shrunken", "front", "known as")
    rows = [
        (
            "pick" if entry["pick"] else "",
            entry["hash"][:8],
            f"{entry['members']:,}",
            str(entry["size"]),
            f"{entry['rung']}/{document['rungs']}",
            interval(entry["selected"]),
            interval(entry["confirmed"]) if confirmed else f"{entry['shrunken']:.3f}",
            "*" if entry["front"] else "",
            entry["relation"].replace("same gradient as", "=").replace("same direction as", "~") or "-",
        )
        for entry in top
    ]
    title, *numbers = table(head, rows)
    yield title
    for line, entry in zip(numbers, top, strict=True):
        yield line
        yield f"      {one_line(entry['loss'])}"
    if document["baselines"]:
        yield ""
        yield from table(
            ("known losses, same seeds", "size", "rung", SELECTED, CONFIRMED),
            [
                (
                    name,
                    str(known["size"]),
                    f"{known['rung']}/{document['rungs']}" if known["rung"] else "-",
                    interval(known["selected"]),
                    interval(known["confirmed"]),
                )
                for name, known in document["baselines"].items()
            ],
        )
    yield ""
    for words in _rules(document, confirmed):
        yield from textwrap.wrap(words, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _rules(document: dict[str, Any], confirmed: bool) -> Iterator[str]:
    """What the marks and numbers of the table mean."""
    yield f"pick: {document['rule']}."
    yield from document["caveats"]
    by = "by confirmed scores" if confirmed else "by shrunken scores, as nothing is confirmed yet"
    front = ", ".join(f"{entry['hash'][:8]} ({entry['size']}, {entry['score']:.3f})" for entry in document["front"])
    yield f"front, {by}: no class is at least as small and at least as good, and better in one of them. It is {front}."
    yield "size: ops of the smallest loss of that class that was met; met: how often the search proposed one."
    yield (
        "known as: = has the same gradient, ~ the same up to a positive factor; written in another way, rounding may still "
        "lead its training elsewhere."
    )
    yield "rung: how far a class came; scores of different rungs are of different environments, and not to be compared."
    yield "scores: 0 is the random policy, 1 the best known; `selected` chose the losses and flatters them."
    if not confirmed:
        yield "shrunken: the selected score drawn towards the mean of its rung, the more so the fewer seeds there are."
    if document["floor"] is not None:
        yield f"in a joined score no environment counts less than {document['floor']:g}: a score of that has learnt nothing."


def interval(score: dict[str, Any] | None) -> str:
    """`0.842 [0.810, 0.871], 5`, or a dash."""
    if score is None:
        return "-"
    ends = "" if score["low"] is None else f" [{score['low']:.3f}, {score['high']:.3f}]"
    return f"{score['mean']:.3f}{ends}, {score['seeds']}"
