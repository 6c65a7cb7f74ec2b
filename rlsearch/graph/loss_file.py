"""A `.loss` file: the text form of a loss on disk."""

from pathlib import Path

from rlsearch.errors import LossError, quoted
from rlsearch.graph.statements import MAX_TEXT
from rlsearch.registry import known_losses
from rlsearch.registry.text_file import read_text


def read_loss_file(path: Path) -> str:
    """The text of a `.loss` file.

    Raises:
        LossError: there is none, or it is no text.
    """
    shown = quoted(str(path))
    try:
        if path.is_dir():
            raise LossError(f"{shown} is a folder; type the path of a .loss file")
        path.stat()
    except FileNotFoundError:
        raise LossError(f"there is no file {shown}; type a known loss ({', '.join(known_losses())}) or its path") from None
    except OSError as error:
        raise LossError(f"{shown} cannot be read: {error.strerror}") from None
    except ValueError:  # a null byte
        raise LossError(f"{shown} is no file's name") from None
    return read_text(path, "a loss", MAX_TEXT, LossError)
