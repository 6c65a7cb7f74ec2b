"""The shipped op families."""

from types import SimpleNamespace

import pytest

from rlsearch.errors import OpError
from rlsearch.registry import built_in


def test_a_foreign_primitives_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(built_in, "primitives", SimpleNamespace(__path__=[str(tmp_path)]))
    with pytest.raises(OpError, match="is not rlsearch's; uninstall the distribution that shadows it"):
        built_in.built_in_families.__wrapped__()
