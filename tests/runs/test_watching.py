"""Whom a call from Python tells: a bar on a terminal or in a notebook, a function of the user's, or nobody."""

import io
import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import pytest

from rlsearch.errors import RlsearchError
from rlsearch.runs.progress import Progress
from rlsearch.runs.progress_bar import NotebookBar, SilentBar, TerminalBar, make_bar
from rlsearch.runs.watching import trainings_of, view_of, words_of

PROGRESS = Progress(proposals=1200, statuses={"trained": 300}, share=0.25, best_text="loss = r", best_score=0.5, best_rung=1)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_terminal(monkeypatch):
    """Make standard error a terminal; in the test itself, as pytest takes it back before."""

    def make():
        monkeypatch.setattr(sys, "stderr", Terminal())
        return sys.stderr

    return make


@pytest.fixture
def notebook(monkeypatch):
    """What a notebook's kernel has imported; the drawings that it is asked for."""
    drawn = []
    ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=object())
    display.display = lambda _, **__: SimpleNamespace(update=lambda shown: drawn.append(shown._repr_html_()))
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return drawn


def test_the_bar_is_where_somebody_looks(monkeypatch, notebook, on_terminal):
    on_terminal()
    assert isinstance(make_bar(), NotebookBar)
    sys.modules["IPython"].get_ipython = SimpleNamespace  # IPython in a terminal
    assert isinstance(make_bar(), TerminalBar)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert isinstance(make_bar(), SilentBar)
    monkeypatch.setattr(sys, "stderr", None)
    assert isinstance(make_bar(), SilentBar)


def test_a_terminal_shows_words_as_they_are(on_terminal):
    terminal = on_terminal()
    with view_of(None) as view:
        view.message("compiling [kernels] ...")
        view.progress(PROGRESS)
    assert "1,200 proposals, 300 classes, best 0.500 on rung 2" in terminal.getvalue()


def test_a_notebook_is_drawn_seldom_and_at_the_end(notebook):
    with view_of(None) as view:
        for number in range(1, 1001):
            view.progress(replace(PROGRESS, proposals=number, share=number / 1000))
    assert 2 <= len(notebook) < 50 and "100% 1,000 proposals" in notebook[-1] and 'value="1.000"' in notebook[-1]


def test_a_function_is_called_and_false_is_silence(on_terminal):
    terminal = on_terminal()
    with view_of(print) as view:
        assert view == (print, None)
    with view_of(False) as view:
        assert view == (None, None)
    with trainings_of(False) as told:
        assert told == (None, None)
    with trainings_of(None) as (tell, say):
        say("compiling ...")
        tell(3, 12)
    assert "3 of 12 trainings" in terminal.getvalue()


@pytest.mark.parametrize("watch", [True, 3, "print"])
def test_what_cannot_be_called(watch):
    for listen in (view_of, trainings_of):
        with pytest.raises(RlsearchError, match="allowed: None for a bar, False for silence, or a function"), listen(watch):
            pass


def test_a_confirmation_is_named():
    assert words_of(replace(PROGRESS, phase="confirm")).startswith("confirming: 1,200 proposals")
