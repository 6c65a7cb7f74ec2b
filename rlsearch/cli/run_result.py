"""A run's result as a JSON document, and as the lines of a terminal, which are made from that document."""

from collections.abc import Iterator
from typing import Any

from rlsearch.analysis.outcomes import Outcomes
from rlsearch.analysis.result import Baseline, ClassResult
from rlsearch.analysis.run_result import RunResult
from rlsearch.analysis.selection import ConfirmedScore
from rlsearch.cli.output import inline_loss
from rlsearch.cli.tables import fitting, sentence, table, table_rows
from rlsearch.evaluation.confirmation_state import ConfirmationState
from rlsearch.evaluation.statistics import Interval

SELECTED, CONFIRMED = "selected (95 %, seeds)", "confirmed (95 %, seeds)"  # heads of columns
REASONS = 4  # of rejection that are named one by one


def document(result: RunResult, limit: int = 10) -> dict[str, Any]:
    """The JSON document of a run, with its best `limit` classes."""
    ranking = result.ranking
    return {
        "run": str(result.folder),
        "space": result.space,
        "seed": result.seed,
        "strategy": result.strategy,
        "budget": result.budget,
        "finished": ranking.finished,
        "proposals": result.proposals,
        "classes": ranking.classes,
        "outcomes": _outcomes(result.outcomes),
        "ops": {"classes": result.ops.classes, "looked_at": result.ops.looked},
        "search_seconds": result.search_seconds,
        "total_seconds": result.total_seconds,
        "expected": result.expected,
        "rungs": result.rungs,
        "rule": ranking.rule,
        "caveats": list(ranking.caveats),
        "notes": list(ranking.notes),
        "confirmation": _confirmation(ranking.confirmation),
        "floor": ranking.floor or None,
        "complexity": dict(ranking.complexity),
        "top": [_class(entry) for entry in ranking.top[:limit]],
        "front": [
            {"hash": entry.key, "loss": entry.text, "size": entry.size, "score": entry.front_score} for entry in ranking.front
        ],
        "baselines": {name: _baseline(known) for name, known in ranking.baselines.items()},
    }


def _outcomes(counts: Outcomes) -> dict[str, Any]:
    return {"fates": counts.proposals, "rejected": counts.rejected, "diverged": counts.diverged, "timeout": counts.cut}


def _confirmation(state: ConfirmationState) -> dict[str, Any]:
    """Fresh seeds: planned, met by every loss, and of these the two halves; losses that are to meet them."""
    return {
        "planned": state.planned,
        "met": state.met,
        "choosing": state.choosing,
        "reporting": state.reporting,
        "losses": len(state.losses),
    }


def _class(entry: ClassResult) -> dict[str, Any]:
    return {
        "hash": entry.key,
        "loss": entry.text,
        "size": entry.size,
        "members": entry.members,
        "rung": entry.selected.rung + 1,
        "selected": interval_document(entry.selected.score),
        "shrunken": entry.shrunken,
        "confirmed": _confirmation_document(entry.confirmed),
        "pick": entry.is_pick,
        "front": entry.on_front,
        "relation": entry.relation,
        "meaning": entry.meaning,
    }


def _baseline(known: Baseline) -> dict[str, Any]:
    return {
        "loss": known.text,
        "size": known.size,
        "rung": known.selected.rung + 1 if known.selected else None,
        "selected": interval_document(known.selected.score) if known.selected else None,
        "confirmed": _confirmation_document(known.confirmed),
    }


def _confirmation_document(score: ConfirmedScore | None) -> dict[str, Any] | None:
    """The document of a confirmation: the reported score, and the one by which the pick was chosen."""
    if score is None:
        return None
    mean, error = score.choosing
    return {**interval_document(score.score), "choosing": {"mean": mean, "standard_error": error}}


def interval_document(score: Interval) -> dict[str, Any]:
    """An interval as every document has it."""
    return {"mean": score.mean, "low": score.low, "high": score.high, "seeds": score.n}


def rejections(document: dict[str, Any]) -> str:
    """The most frequent reasons of rejection on a line, with their counts; "" if nothing was rejected."""
    counts = list(document["outcomes"]["rejected"].items())
    said = [f"{count} {reason}" for reason, count in counts[:REASONS]]
    if others := sum(count for _, count in counts[REASONS:]):
        said.append(f"{others} for other reasons")
    return f"rejected: {', '.join(said)}" if said else ""


def ops_tried(document: dict[str, Any]) -> str:
    """The ops of trained classes on a line, with their shares, and those that none has; "" if nothing was trained."""
    looked, counts = document["ops"]["looked_at"], document["ops"]["classes"]
    if not looked:
        return ""
    used = ", ".join(f"{op} {count / looked:.0%}" for op, count in counts.items() if count)
    unused = ", ".join(op for op, count in counts.items() if not count)
    return f"ops of the classes: {used or 'none'}" + (f"; in none: {unused}" if unused else "")


def lines(document: dict[str, Any], explained: bool = True) -> Iterator[str]:
    """The document in lines for people: the top as a table, each loss below its numbers, the known losses, a legend."""
    top = document["top"]
    if not top:
        yield "nothing has been trained yet"
        return
    confirmed = any(entry["confirmed"] for entry in top)
    head = ("", "hash", "met", "size", "rung", SELECTED, CONFIRMED if confirmed else "shrunken")
    rows = [
        (
            f"{'pick' if entry['pick'] else '':4}{' *' if entry['front'] else ''}".rstrip(),
            entry["hash"][:8],
            f"{entry['members']:,}",
            str(entry["size"]),
            f"{entry['rung']}/{document['rungs']}",
            interval_text(entry["selected"]),
            interval_text(entry["confirmed"]) if confirmed else f"{entry['shrunken']:.3f}",
        )
        for entry in top
    ]
    title, *numbers = table_rows(head, rows)
    yield from title
    for found, entry in zip(numbers, top, strict=True):
        yield from found
        yield from fitting(f"       {inline_loss(entry['loss'])}")
        if entry["relation"]:
            alike = entry["relation"].replace("same gradient as", "=").replace("same direction as", "~")
            yield from fitting(f"       known as {alike}")
    if document["baselines"]:
        yield ""
        yield from table(
            ("known, same seeds", "size", "rung", SELECTED, CONFIRMED),
            [
                (
                    name,
                    str(known["size"]),
                    f"{known['rung']}/{document['rungs']}" if known["rung"] else "-",
                    interval_text(known["selected"]),
                    interval_text(known["confirmed"]),
                )
                for name, known in document["baselines"].items()
            ],
        )
    if explained:
        yield ""
        for words in _legend(document, confirmed):
            yield from sentence(words)


def _legend(document: dict[str, Any], confirmed: bool) -> Iterator[str]:
    """Sentences on how to read the table's marks and numbers."""
    yield f"pick: {document['rule']}."
    yield from document["caveats"]
    if cut := document["outcomes"]["timeout"]:
        yield f"{cut:,} of the search's trials were cut by their time limit and count as 0: by the clock, not by the seed."
    yield from document["notes"]
    by = "by confirmed scores" if confirmed else "by shrunken scores, as nothing is confirmed"
    front = ", ".join(f"{entry['hash'][:8]} ({entry['size']}, {entry['score']:.3f})" for entry in document["front"])
    yield f"* front, {by}: no class is at least as small and at least as good, and better in one of them. It is {front}."
    counted = ", ".join(f"{op} {count}" for op, count in document["complexity"].items())
    ops = f"ops, as the space counts them ({counted}, others 1)," if counted else "ops"
    yield f"size: {ops} of the smallest loss of that class that was met; met: how often the search proposed one."
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


def interval_text(score: dict[str, Any] | None) -> str:
    """An interval in words: `0.842 [0.810, 0.871], 5`, or a dash."""
    if score is None:
        return "-"
    ends = "" if score["low"] is None else f" [{score['low']:.3f}, {score['high']:.3f}]"
    return f"{score['mean']:.3f}{ends}, {score['seeds']}"
