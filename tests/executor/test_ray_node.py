"""Facts of a machine, the differences of two, and work on one of them."""

import pickle
import shutil
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from rlsearch.errors import LossError
from rlsearch.executor.contract_work import prepare_nothing
from rlsearch.executor.ray_node import (
    CPU,
    DONE,
    FAILED,
    REFUSED,
    Setup,
    differences,
    machine_facts,
    nodes_by_cpu_model,
    required_facts,
    run_packed,
)
from tests.support.machines import ROOT

NAMES = st.sampled_from(["a", "b", "c"])


class TwoArguments(Exception):
    """One that cannot be made anew from what it prints."""

    def __init__(self, what, where):
        super().__init__(f"{what} at {where}")


def raises(what):
    raise TwoArguments(what, "home") if what == "strange" else LossError(what)


def setup(**required):
    return Setup(required, (), pickle.dumps(prepare_nothing))


@given(st.dictionaries(NAMES, NAMES))
def test_a_machine_is_like_itself(found):
    assert differences(found, found) == ""


@given(st.fixed_dictionaries({"a": NAMES, "b": NAMES, "c": NAMES}), st.dictionaries(NAMES, NAMES))
def test_every_difference_is_named_and_nothing_else(met, required):
    named = {part.split()[0] for part in differences(required, met).split(", ") if part and not part.startswith("not")}
    assert named == {name for name in required if required[name] != met[name]}


def test_another_version_may_not_even_say():
    assert differences({"numpy": "2.4"}, {}) == "numpy unknown, not 2.4"


def test_all_but_the_cpu_is_shared_with_the_driver():
    assert set(machine_facts()) - set(required_facts(machine_facts())) == {CPU}
    assert {"rlsearch", "python", "torch", "numba", "numpy", "matmul"} <= set(required_facts(machine_facts()))


def test_nodes_are_told_apart_by_their_cpu_model():
    nodes = [("one", {CPU: "x"}), ("two", {CPU: "y"}), ("three", {CPU: "x"})]
    assert nodes_by_cpu_model(nodes) == {"x": ["one", "three"], "y": ["two"]}


def test_any_change_of_the_sources_is_seen(tmp_path):
    """Also in a room that no trial runs: what decides is that the checkouts are the same."""
    for package in ("rlsearch", "primitives"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    ask = [sys.executable, "-c", "from rlsearch.executor.ray_node import machine_facts; print(machine_facts()['rlsearch'])"]

    def said():
        return subprocess.run(
            ask, cwd=tmp_path, env={"PYTHONPATH": "."}, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert said() == machine_facts()["rlsearch"]
    (tmp_path / "primitives" / "more.py").write_text("")
    assert said() != machine_facts()["rlsearch"]


def test_work_is_done_where_the_machine_is_as_wanted():
    kind, value = run_packed(setup(**required_facts(machine_facts())), pickle.dumps((len, "four")))
    assert (kind, pickle.loads(value)) == (DONE, 4)


def test_work_is_refused_where_it_is_not():
    assert run_packed(setup(numpy="0.1"), b"not even read") == (REFUSED, machine_facts())


def test_an_error_arrives_as_itself():
    kind, value = run_packed(setup(), pickle.dumps((raises, "no loss")))
    error = pickle.loads(value)
    assert kind == FAILED and type(error) is LossError and str(error) == "no loss"


def test_an_error_that_cannot_travel_arrives_in_words():
    kind, value = run_packed(setup(), pickle.dumps((raises, "strange")))
    assert kind == FAILED and "TwoArguments: strange at home" in str(pickle.loads(value))
