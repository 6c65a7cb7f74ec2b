"""Time that the statistics of a large comparison take."""

import time

import numpy as np
import pytest

from rlsearch.evaluation import statistics as of


@pytest.mark.slow
def test_ten_losses_in_sixteen_environments_with_fifty_seeds_take_two_seconds():
    rng = np.random.default_rng(0)
    curves = rng.normal(0.5, 0.2, (10, 16, 50, 20))
    scores = curves.mean(axis=-1)
    of.stratified_bands(scores[..., :2, :8])  # scipy loads once
    started_s = time.process_time()
    first, second = np.triu_indices(10, 1)
    differences = scores[first] - scores[second]
    for tables in (scores, differences, scores[:, :, None], differences[:, :, None]):
        of.stratified_bands(tables)
    of.stratified_bands(scores, of.interquartile_mean)
    of.optimality_gap(scores)
    of.improvements(scores)
    of.performance_profile(scores, np.linspace(0.0, 1.0, 51))
    of.sample_efficiency(curves)
    of.new_environments_bands(scores)
    of.new_environments_bands(differences)
    of.max_t(differences[:9])
    of.holm(differences[:9])
    of.needed(0.05, of.components(scores), 16, 50)
    taken_s = time.process_time() - started_s
    print(f"\n{taken_s:.2f} s")
    assert taken_s <= 4.0  # CPU time, so that a busy machine passes: waiting threads of matrix products count too
