import numpy as np
import pytest

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.statistics import interquartile_mean, sample_efficiency, stratified_interval


@pytest.mark.parametrize("statistic", [None, interquartile_mean])
@pytest.mark.parametrize("n", [3, 8])
def test_each_point_has_the_interval_of_its_scores(statistic, n):
    more = () if statistic is None else (statistic,)
    curves = np.random.default_rng(0).normal(size=(2, 3, n, 5)).cumsum(axis=-1)
    band = sample_efficiency(curves, *more)
    assert band.estimate.shape == (2, 5)
    alone = stratified_interval(curves[1, :, :, 4], *more)
    assert (band.estimate[1, 4], band.low[1, 4], band.high[1, 4]) == pytest.approx((alone.mean, alone.low, alone.high))


def test_a_curve_by_hand_and_of_one_seed():
    band = sample_efficiency([[[0.0, 0.5, 1.0]], [[0.0, 0.0, 0.5]]])
    assert band.estimate.tolist() == [0.0, 0.25, 0.75]
    assert band.low is None


def test_curves_have_points():
    with pytest.raises(RlsearchError, match="points"):
        sample_efficiency([[0.0, 1.0]])
