"""Draw the layers from the import contract: `python docs/draw_layers.py` writes layers.svg and the table of rooms.

A room's line is the first sentence of its own docstring, so neither the picture nor the table can say what the code does not.
"""

import ast
import tomllib
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "rlsearch"
PICTURE = ROOT / "docs" / "layers.svg"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: written by docs/draw_layers.py -->", "<!-- end of rooms -->"
WIDTH, ROW, GAP, BAR = 760, 34, 8, 26


def layers() -> list[list[str]]:
    """Rooms from top to bottom; those of one layer do not import each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    listed = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in listed if layer != "__main__"]


def sentence(room: str) -> str:
    """The first line of a room's docstring."""
    folder = PACKAGE / room
    path = folder / "__init__.py" if folder.is_dir() else PACKAGE / f"{room}.py"
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert doc, f"{path} has no docstring"
    return doc.splitlines()[0]


def picture() -> str:
    """The layers as an SVG: rows of boxes, whose imports go down only."""
    rows, height = layers(), 0
    parts: list[str] = []
    for rooms in rows:
        width = (WIDTH - BAR - GAP * (len(rooms) - 1)) / len(rooms)
        for index, room in enumerate(rooms):
            x = BAR + index * (width + GAP)
            parts.append(f'<rect x="{x:.0f}" y="{height}" width="{width:.0f}" height="{ROW}" rx="5" class="room"/>')
            parts.append(f'<text x="{x + width / 2:.0f}" y="{height + 22}">{escape(room)}</text>')
        height += ROW + GAP
    down = height - GAP
    arrow = f'<path d="M9 6V{down - 8}m-5 -7l5 8l5 -8" class="down"/>'
    style = (
        "text{font:14px sans-serif;text-anchor:middle;fill:#1a1d21}.room{fill:#eef3fb;stroke:#2f6fd0}"
        ".down{fill:none;stroke:#59616b;stroke-width:1.5}"
        "@media(prefers-color-scheme:dark){text{fill:#eceff3}.room{fill:#14305a;stroke:#6ea8ff}.down{stroke:#98a2ae}}"
    )
    size = f"{WIDTH + 2} {down + 2}"  # with room for the outermost lines
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {size}" width="{WIDTH + 2}" role="img" '
        f'aria-label="The layers of rlsearch">\n<title>Imports go down only</title><style>{style}</style>\n'
        + "\n".join([arrow, *parts])
        + "\n</svg>\n"
    )


def listing() -> str:
    """`ls rlsearch`, folders with a slash, as many names to a line as there is room for."""
    found = sorted(path for path in PACKAGE.iterdir() if path.name != "__pycache__")
    names = " ".join(f"{path.name}{'/' * path.is_dir()}" for path in found)
    return "\n".join(["```text", "$ ls rlsearch", *wrap(names, 100, break_on_hyphens=False), "```"])


def table() -> str:
    """The rooms from top to bottom, a line each, with the number of their layer."""
    lines = ["| layer | room | what it is |", "|---|---|---|"]
    for layer, rooms in enumerate(layers(), 1):
        lines += [f"| {layer} | `{room}` | {sentence(room)} |" for room in rooms]
    return "\n".join(lines)


def page(text: str) -> str:
    """The page with its listing and its table made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{listing()}\n\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
