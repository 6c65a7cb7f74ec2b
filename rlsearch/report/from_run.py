"""From a run's journal to what its report shows."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rlsearch.analysis.outcomes import Outcomes, outcomes
from rlsearch.analysis.ranking import ClassResult, Ranking, ranking
from rlsearch.analysis.selection import Confirmed
from rlsearch.evaluation.confirmation import environments_of
from rlsearch.evaluation.scores import measure, scores_by_rung
from rlsearch.evaluation.statistics import Interval, mean_interval
from rlsearch.evaluation.trial import TrialRow
from rlsearch.report.page import render
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
from rlsearch.runs.run import read_run
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal


def run_page(folder: Path) -> str:
    """The report of a run as one HTML page."""
    with Journal(folder) as journal:
        return render(view_of(journal))


def view_of(journal: Journal) -> ReportView:
    """Everything that the report of a run shows."""
    space, options = read_run(journal)
    found, metadata = ranking(journal, space), journal.metadata()
    trials = [row for rows in journal.trials().values() for row in rows]
    proposals = list(journal.proposals())
    counts = outcomes(journal)
    stamp = metadata["stamp"]
    return ReportView(
        run=RunView(
            name=journal.folder.name,
            space=space.name,
            seed=options.seed,
            strategy=options.strategy,
            proposals=len(proposals),
            classes=found.classes,
            trials=len(trials),
            steps=sum(row.steps for row in trials),
            seconds=metadata["search_seconds"],
            workers=metadata.get("workers", 0),
            rungs=len(space.model.rungs),
            next_command=f"rlsearch export {journal.folder}@best --to python -o loss.py",
        ),
        pick=_class(found.pick) if found.pick else None,
        rule=found.rule,
        caveats=found.caveats,
        top=tuple(_class(result) for result in found.top),
        front=tuple(_class(result) for result in found.front),
        baselines=tuple(
            Baseline(
                name,
                known.text,
                known.size,
                _estimate(known.selected.score) if known.selected else None,
                known.selected.rung + 1 if known.selected else 0,
                _estimate(known.confirmed.score) if known.confirmed else None,
            )
            for name, known in found.baselines.items()
        ),
        environments=_environments(found, space),
        fates=_fates(counts),
        diverged=tuple(Fate(name, count) for name, count in counts.diverged.items()),
        progress=_progress(journal, space, {row.index for row in proposals if row.status == "trained"}),
        space_yaml=space.text,
        stamp=(
            ("machine", stamp["machine"]),
            *((package, version) for package, version in stamp["versions"].items()),
            ("commit", stamp["commit"] or "not a checkout"),
            *((f"op pack {pack['name']}", pack["blake2b"]) for pack in stamp.get("packs", ())),
            ("command", stamp["command"]),
        ),
    )


def _fates(counts: Outcomes) -> tuple[Fate, ...]:
    """Every fate, rejection by its reasons; the most frequent first."""
    fates = [Fate(name, count) for name, count in counts.fates.items() if name != "rejected"]
    fates += [Fate(f"rejected: {reason}", count) for reason, count in counts.rejected.items()]
    return tuple(sorted(fates, key=lambda fate: -fate.count))


def _class(result: ClassResult) -> ClassView:
    return ClassView(
        hash=result.key,
        text=result.text,
        size=result.size,
        members=result.members,
        selected=_estimate(result.selected.score),
        shrunken=result.shrunken,
        confirmed=_estimate(result.confirmed.score) if result.confirmed else None,
        relation=result.relation,
        meaning=result.meaning,
        rung=result.selected.rung + 1,
        on_front=result.on_front,
    )


def _estimate(interval: Interval) -> Estimate:
    low, high = interval.low, interval.high
    return Estimate(interval.mean, interval.mean if low is None else low, interval.mean if high is None else high, interval.n)


def _environments(found: Ranking, space: Space) -> tuple[EnvironmentView, ...]:
    losses: list[tuple[str, Confirmed]] = []
    if found.pick and found.pick.confirmed:
        losses.append(("pick", found.pick.confirmed))
    losses += [(name, known.confirmed) for name, known in found.baselines.items() if known.confirmed]
    if not losses:
        return ()
    trained = len(space.model.rungs[-1].envs)
    return tuple(
        EnvironmentView(
            spec.label(),
            place >= trained,
            space.model.rungs[-1].steps,
            tuple(_in_environment(name, [row for row in of.reported if row.env_index == place], space) for name, of in losses),
        )
        for place, spec in enumerate(environments_of(space))
    )


def _in_environment(name: str, rows: Sequence[TrialRow], space: Space) -> LossInEnvironment:
    scores = [measure(row.result, space.model.score) for row in rows]
    curve = np.mean([row.result.curve for row in rows], axis=0)
    return LossInEnvironment(name, _estimate(mean_interval(scores)), tuple(curve.tolist()))


def _progress(journal: Journal, space: Space, new: set[int]) -> tuple[tuple[int, float], ...]:
    """Each new class that did better on the last rung than all before it: its proposal and its score."""
    best, last = 0.0, len(space.model.rungs) - 1
    steps: list[tuple[int, float]] = []
    for proposal, rows in journal.trials().items():
        if proposal in new and rows[-1].rung == last:
            score = float(np.mean(list(scores_by_rung(rows, space.model.score)[-1].values())))
            if score > best:
                best = score
                steps.append((proposal, score))
    return tuple(steps)
