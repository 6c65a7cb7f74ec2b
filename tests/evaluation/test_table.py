"""Small tables: nothing is read as markup, nothing is lost."""

import pytest

from rlsearch.evaluation.table import Table, Tabled

HOSTILE = "[red]<b>&0.5 [0.4, 0.6]"


class Shown(Tabled):
    """A result that is a table."""

    def table(self) -> Table:
        """The table."""
        return Table("title", ("one", "other"), [(HOSTILE, "3")], ("a note",))


def test_a_table_as_text_and_html(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    title, head, row, note = str(Shown()).splitlines()
    assert (title, head.split(), row.split()[-1], note) == ("title", ["one", "other"], "3", "a note")
    assert HOSTILE in row and "\x1b" not in str(Shown())
    html = Shown()._repr_html_()
    assert "[red]&lt;b&gt;&amp;0.5 [0.4, 0.6]" in html and "<b>" not in html and html.count("<td>") == 2


def test_ipython_shows_it_on_a_terminal() -> None:
    said: list[str] = []
    printer = type("Printer", (), {"text": staticmethod(said.append)})
    Shown()._repr_pretty_(printer, False)
    assert said == [str(Shown())]
