"""Statistics of scores over environments and seeds: plain seeded functions on arrays, formulas as in rliable."""

from rlsearch.evaluation.statistics.aggregates import interquartile_mean, optimality_gap
from rlsearch.evaluation.statistics.improvement import improvements, probability_of_improvement
from rlsearch.evaluation.statistics.interval import Band, Interval, Scope
from rlsearch.evaluation.statistics.means import (
    mean_interval,
    mean_over_environments,
    paired_differences,
    standard_error,
    stratified_bands,
    stratified_interval,
)
from rlsearch.evaluation.statistics.multiplicity import SimultaneousBounds, by_family, holm, max_t
from rlsearch.evaluation.statistics.new_environments import (
    both_intervals,
    new_environments_bands,
    new_environments_interval,
)
from rlsearch.evaluation.statistics.power import Components, Needed, components, needed
from rlsearch.evaluation.statistics.profiles import performance_profile
from rlsearch.evaluation.statistics.sample_efficiency import sample_efficiency
from rlsearch.evaluation.statistics.verdict import Verdict, verdict

__all__ = [
    "Band",
    "Components",
    "Interval",
    "Needed",
    "Scope",
    "SimultaneousBounds",
    "Verdict",
    "both_intervals",
    "by_family",
    "components",
    "holm",
    "improvements",
    "interquartile_mean",
    "max_t",
    "mean_interval",
    "mean_over_environments",
    "needed",
    "new_environments_bands",
    "new_environments_interval",
    "optimality_gap",
    "paired_differences",
    "performance_profile",
    "probability_of_improvement",
    "sample_efficiency",
    "standard_error",
    "stratified_bands",
    "stratified_interval",
    "verdict",
]
