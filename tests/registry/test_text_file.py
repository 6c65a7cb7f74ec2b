"""Text files that users name: read, or refused in one line without waiting."""

import os

import pytest

from rlsearch.errors import SpaceError
from rlsearch.registry.text_file import read_text


def test_a_bom_and_line_ends_are_of_no_account(tmp_path):
    path = tmp_path / "text"
    for content in (b"a\nb\n", b"\xef\xbb\xbfa\r\nb\r\n", b"a\rb\r"):
        path.write_bytes(content)
        assert read_text(path, "a text", 100, SpaceError) == "a\nb\n"


def test_what_is_no_text_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(b"ab\xff")
    (tmp_path / "long").write_bytes(b"12345")
    for name, said in {
        "pipe": "is no plain file; type the path of a text",
        "gone": "is no plain file",
        "binary": r"is not UTF-8 text \(byte 2\); save it as UTF-8",
        "long": "has 5 bytes; a text has at most 4",
        "x" * 300: "cannot be read: File name too long",
    }.items():
        with pytest.raises(SpaceError, match=said):
            read_text(tmp_path / name, "a text", 4, SpaceError)
