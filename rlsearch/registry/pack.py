"""A pack: ops of a user's own, in one Python file with `OPS = (Op(...), ...)`, as in each file of `primitives/`.

What runs is the text that was read, and its hash names it: the file may change while a search goes on, a run keeps a copy,
and workers are handed the text.
"""

import ast
import importlib.util
import keyword
import os
import sys
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.abc import ExecutionLoader
from pathlib import Path

from rlsearch.errors import OpError, quoted
from rlsearch.op import Op
from rlsearch.registry.text_file import read_text

MAX_BYTES = 1_000_000
EXAMPLE = "OPS = (Op(...), ...), as every file of the package `primitives` does"


@dataclass(frozen=True)
class Pack:
    """A family of ops that came from outside.

    Attributes:
        name: the file's stem, and the family's name.
        where: the file, or the module's name.
        source: text of the file.
        ops: what it declares; packs of one source are equal, whenever their ops were made.
        yields: it was found without being asked for, and gives way to another of its name that is.
    """

    name: str
    where: str
    source: str
    ops: tuple[Op, ...] = field(compare=False)
    yields: bool = False

    @property
    def digest(self) -> str:
        """Hash of the source."""
        return blake2b(self.source.encode(), digest_size=16).hexdigest()


class _Text(ExecutionLoader):
    """A loader that runs a text as a module; through it `inspect` finds the source of the kernels in it."""

    def __init__(self, text: str, label: str) -> None:
        self.text, self.label = text, label

    def get_source(self, fullname: str) -> str:  # noqa: ARG002
        return self.text

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002
        return self.label


def read_pack(where: str, yields: bool = False) -> Pack:
    """Read a pack from the path of a Python file, or from an importable module of one file.

    Raises:
        OpError: there is none, or it declares no ops.
    """
    name, path = _name_and_file(where)
    return make_pack(name, read_text(path, "an op pack", MAX_BYTES, OpError), where, yields)


def make_pack(name: str, source: str, where: str, yields: bool = False) -> Pack:
    """A pack from its text, which is run.

    Raises:
        OpError: it cannot be, or it declares no ops.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise OpError(f"op pack '{where}': '{name}' cannot name a family; call the file e.g. my_ops.py")
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)  # there is none for a null byte
        at = f", line {line}" if line else ""
        why = getattr(error, "msg", str(error)) or "nested too deeply"
        raise OpError(f"op pack '{where}'{at}: not Python: {why}") from None
    digest = blake2b(source.encode(), digest_size=8).hexdigest()
    loader = _Text(source, f"op_packs/{digest}/{name}.py")
    spec = importlib.util.spec_from_loader(f"rlsearch_pack_{name}_{digest}", loader)
    assert spec is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # where `inspect` looks for it
    try:
        loader.exec_module(module)
    except OpError as error:
        raise OpError(f"op pack '{where}': {error}") from None
    except (Exception, SystemExit) as error:  # whatever a user's file does
        raise OpError(f"op pack '{where}' cannot be run: {one_line(error)}") from None
    ops = getattr(module, "OPS", None)
    if not isinstance(ops, tuple | list) or not ops:
        raise OpError(f"op pack '{where}' declares no ops; write {EXAMPLE}")
    for op in ops:
        if not isinstance(op, Op):
            raise OpError(f"op pack '{where}': OPS holds {op!r:.40}, which is no Op; write {EXAMPLE}")
    return Pack(name, where, source, tuple(ops), yields)


def _name_and_file(where: str) -> tuple[str, Path]:
    """The family's name, and the file that a path or an importable module stands for."""
    if where.endswith(".py") or os.sep in where:
        path = Path(where)
        try:
            if path.is_dir():
                raise OpError(f"op pack {quoted(where)} is a folder; type a Python file in it")
            if path.exists():
                return path.stem, path
        except OSError as error:
            raise OpError(f"op pack {quoted(where)} cannot be read: {error.strerror}") from None
    else:
        try:
            spec = importlib.util.find_spec(where)
        except (ImportError, ValueError):
            spec = None
        except (Exception, SystemExit) as error:  # whatever the package around it does
            raise OpError(f"op pack {quoted(where)} cannot be imported: {one_line(error)}") from None
        if spec is not None and spec.origin is not None and spec.origin.endswith(".py"):
            return where.rpartition(".")[2], Path(spec.origin)
    raise OpError(f"there is no op pack {quoted(where)}; type the path of a Python file or the name of an importable module")


def one_line(error: BaseException) -> str:
    """The type and message of an exception that somebody else's code raised, on one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
