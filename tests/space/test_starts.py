"""Losses that a space names, each wrong one with its place."""

import pytest

from rlsearch.errors import LossError, SpaceError
from rlsearch.graph.genome import genome_of
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.space.starts import loss_text, read_starts


def test_names_and_files(tmp_path):
    path = tmp_path / "my.loss"
    path.write_bytes(b"\xef\xbb\xbfloss = (q(online, s)[a] - r)**2\r\n")
    texts, genomes = read_starts(["dqn", str(path)], known_losses())
    assert texts == {"dqn": known_losses()["dqn"], str(path): "loss = (q(online, s)[a] - r)**2\n"}
    assert genomes == tuple(genome_of(parse(text)) for text in texts.values())
    assert read_starts("random", known_losses()) == read_starts([3, None], known_losses()) == ({}, ())


def test_every_wrong_one_has_its_place(tmp_path):
    path = tmp_path / "my.loss"
    path.write_text("loss = tahn(r)")
    with pytest.raises(SpaceError) as error:
        read_starts(["dqm", "dqn", str(path), "gone.loss"], known_losses())
    (first, one), (second, two), (third, three) = error.value.found
    assert (first, second, third) == ((0,), (2,), (3,))
    assert one.startswith("unknown loss 'dqm'; did you mean 'dqn'?")
    assert two.startswith(f"'{path}': line 1, column 8: unknown op 'tahn'")
    assert three.startswith("there is no file 'gone.loss'")


def test_what_was_read_before_stands_in_for_the_file():
    assert read_starts(["gone.loss"], {"gone.loss": known_losses()["dqn"]})[0] == {"gone.loss": known_losses()["dqn"]}
    with pytest.raises(LossError, match="there is no file"):
        loss_text("gone.loss")
