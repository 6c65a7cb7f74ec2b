"""`rlsearch spaces`."""

import click

from rlsearch.cli.argument_types import SHIPPED_SPACE
from rlsearch.cli.output import json_option, print_json
from rlsearch.cli.tables import table
from rlsearch.errors import RlsearchError, did_you_mean
from rlsearch.registry import comments, shipped_spaces


@click.command("spaces")
@click.argument("name", required=False, type=SHIPPED_SPACE)
@click.option("--keys", "of_keys", is_flag=True, help="Every key that a search space may have, with its default.")
@json_option
def command(name: str | None, of_keys: bool, as_json: bool) -> None:
    """Shipped search spaces, by the name to type; with NAME, the text of one, to copy.

    \b
    rlsearch spaces
    rlsearch spaces quickstart > my_space.yaml
    rlsearch spaces --keys
    """
    if of_keys:
        _keys(as_json)
        return
    if name is not None and name not in shipped_spaces():
        raise RlsearchError(f"unknown search space '{name}'{did_you_mean(name, shipped_spaces())}")
    if name is not None and not as_json:
        print(shipped_spaces()[name].read_text(encoding="utf-8"), end="")
        return
    asked = {key: entry for key, entry in shipped_spaces().items() if name in (None, key)}
    found = {key: entry.read_text(encoding="utf-8") for key, entry in asked.items()}
    paths = {key: str(entry) for key, entry in asked.items()}
    if as_json:
        print_json(
            {
                "spaces": [
                    {"name": name, "doc": comments(text), "path": paths[name], "yaml": text} for name, text in found.items()
                ]
            }
        )
    else:
        rows = [(name, paths[name], comments(text)) for name, text in found.items()]
        print("\n".join(table(("space", "file", "what it asks"), rows)))


def _keys(as_json: bool) -> None:
    from rlsearch.space.keys import keys  # heavy: pydantic, 0.3 s

    if as_json:
        print_json({"keys": [key._asdict() for key in keys()]})
        return
    section = ""
    rows: list[tuple[str, str]] = []
    for key in keys():
        if key.section != section:
            section = key.section
            rows.append((f"{section}:", ""))
        default = f" [default: {key.default}]" * bool(key.default)
        rows.append((f"{'  ' * bool(section)}{key.name}", key.doc + default))
    print("\n".join(table(("key", "what it is"), rows)))
