"""Losses that a space names: by a name, by a file, and what is none."""

import pytest

from rlsearch.errors import LossError
from rlsearch.graph.genome import genome_of
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.space.starts import StartLoss, loss_text, read_start


def test_names_and_files(tmp_path):
    path = tmp_path / "my.loss"
    path.write_bytes(b"\xef\xbb\xbfloss = (q(online, s)[a] - r)**2\r\n")
    for name, text in {"dqn": known_losses()["dqn"], str(path): "loss = (q(online, s)[a] - r)**2\n"}.items():
        assert read_start(name, known_losses()) == StartLoss(name, text, genome_of(parse(text)))


def test_what_is_no_loss_is_refused(tmp_path):
    path = tmp_path / "my.loss"
    path.write_text("loss = tahn(r)")
    for name, said in {
        "dqm": "unknown loss 'dqm'; did you mean 'dqn'?",
        "gone.loss": "there is no file 'gone.loss'",
        "tahn(q(online, s)[a])": "'tahn(q(online, s)[a])': line 1, column 1: unknown op 'tahn'",
        "q(online, s)": "'q(online, s)': line 1, column 1: the loss is a Vector",
        "runs/mine@best": "'runs/mine@best' is a loss of a run; give it with `--from`",
        "": "unknown loss ''",
        str(path): f"'{path}': line 1, column 8: unknown op 'tahn'",
    }.items():
        with pytest.raises(LossError) as error:
            read_start(name, known_losses())
        assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    "text", ["0.5 * (q(online, s)[a] - r)^2", "y = r; loss = (q(online, s)[a] - y)**2", "-q(online, s)[a]"]
)
def test_expressions_are_their_own_names(text):
    assert read_start(text, known_losses()) == StartLoss(text, text, genome_of(parse(text)))


def test_what_was_read_before_stands_in_for_the_file():
    assert read_start("gone.loss", {"gone.loss": known_losses()["dqn"]}).text == known_losses()["dqn"]
    with pytest.raises(LossError, match="there is no file"):
        loss_text("gone.loss")
