"""The report of a run, read off its journal."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rlsearch.analysis.result import Ranking
from rlsearch.analysis.run_result import run_result
from rlsearch.analysis.selection import ConfirmedScore
from rlsearch.errors import as_word
from rlsearch.evaluation.confirmation import environments_of
from rlsearch.evaluation.scores import measure, scores_by_rung
from rlsearch.evaluation.statistics import mean_interval
from rlsearch.evaluation.trial import TrialRow
from rlsearch.report.page import render
from rlsearch.report.run_report import EnvironmentReport, LossInEnvironment, RunReport
from rlsearch.runs.run import read_run
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal


def run_page(folder: Path) -> str:
    """The report of a run as one HTML page."""
    with Journal(folder) as journal:
        return render(run_report(journal))


def run_report(journal: Journal) -> RunReport:
    """Everything that the report of a run shows."""
    space, _ = read_run(journal)
    result, metadata, trials = run_result(journal, space), journal.metadata(), journal.trials()
    trained = {row.index for row in journal.proposals() if row.status == "trained"}
    stamp = metadata["stamp"]
    return RunReport(
        result=result,
        environments=_environments(result.ranking, space),
        progress=_progress({index: rows for index, rows in trials.items() if index in trained}, space),
        trials=sum(len(rows) for rows in trials.values()),
        steps=sum(row.steps for rows in trials.values() for row in rows),
        workers=metadata.get("workers", 0),
        next_command=f"rlsearch export {as_word(journal.folder)}@best --to python -o loss.py",
        space_yaml=space.text,
        stamp=(
            ("machine", stamp["machine"]),
            *((package, version) for package, version in stamp["versions"].items()),
            ("commit", stamp["commit"] or "not a checkout"),
            *((f"op pack {pack['name']}", pack["blake2b"]) for pack in stamp.get("packs", ())),
            ("command", stamp["command"]),
        ),
    )


def _environments(ranking: Ranking, space: Space) -> tuple[EnvironmentReport, ...]:
    """The pick and the known losses in each environment of the confirmation; nothing if nothing is confirmed."""
    losses: list[tuple[str, ConfirmedScore]] = []
    if ranking.pick and ranking.pick.confirmed:
        losses.append(("pick", ranking.pick.confirmed))
    losses += [(name, known.confirmed) for name, known in ranking.baselines.items() if known.confirmed]
    if not losses:
        return ()
    trained = len(space.rungs[-1].envs)
    return tuple(
        EnvironmentReport(
            spec.label(),
            index >= trained,
            space.rungs[-1].steps,
            tuple(_in_environment(name, [row for row in of.reported if row.env_index == index], space) for name, of in losses),
        )
        for index, spec in enumerate(environments_of(space))
    )


def _in_environment(name: str, rows: Sequence[TrialRow], space: Space) -> LossInEnvironment:
    scores = [measure(row.result, space.score) for row in rows]
    curve = np.mean([row.result.curve for row in rows], axis=0)
    return LossInEnvironment(name, mean_interval(scores), tuple(curve.tolist()))


def _progress(trials: Mapping[int, Sequence[TrialRow]], space: Space) -> tuple[tuple[int, float], ...]:
    """The course of the search: each new class that beat all before it on the last rung, as its proposal and its score."""
    best, last = 0.0, len(space.rungs) - 1
    steps: list[tuple[int, float]] = []
    for index, rows in trials.items():
        if rows[-1].rung == last:
            score = float(np.mean(list(scores_by_rung(rows, space.score)[-1].values())))
            if score > best:
                best = score
                steps.append((index, score))
    return tuple(steps)
