"""The picture and the tables of docs/architecture.md are what the code says today."""

import runpy
from pathlib import Path

DRAWN = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "draw_layers.py"))
RUN = "run `python docs/draw_layers.py`"


def test_the_picture_is_of_todays_layers():
    assert DRAWN["PICTURE"].read_text(encoding="utf-8") == DRAWN["picture"](), f"docs/layers.svg is out of date: {RUN}"


def test_the_page_lists_todays_rooms():
    text = DRAWN["PAGE"].read_text(encoding="utf-8")
    assert DRAWN["page"](text) == text, f"docs/architecture.md is out of date: {RUN}"
