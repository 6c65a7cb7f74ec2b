"""The check of a Ray cluster's address before anything is started."""

import socket
from importlib.util import find_spec

from rlsearch.errors import RunError

CONNECT_TIMEOUT_S = 5


def check_address(address: str | None) -> None:
    """Refuse at once what can only fail later.

    Raises:
        RunError: Ray is not installed, the address is none, or nobody answers there.
    """
    if find_spec("ray") is None:
        raise RunError("--executor ray needs Ray; type: pip install 'rlsearch[ray]'")
    if address is None or address == "auto":
        return
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) < 2**16) or "/" in address:
        raise RunError(f"--address is '{address}'; allowed: HOST:PORT of a head, or auto for the cluster of this machine")
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_TIMEOUT_S).close()
    except OSError as error:
        raise RunError(
            f"nobody answers at --address {address} ({error}); type the address that `ray start --head` showed"
        ) from None
