"""Addresses of Ray clusters: what can only fail later is refused at once."""

import socket
import time

import pytest

from rlsearch.errors import RunError
from rlsearch.executor import ray_address
from rlsearch.executor.ray_address import check_address


def test_nobody_there_is_said_soon():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        start = time.monotonic()
        with pytest.raises(RunError, match="nobody answers"):
            check_address(f"127.0.0.1:{taken.getsockname()[1]}")
        assert time.monotonic() - start < 10


@pytest.mark.parametrize("address", ["", "there", "ray://here:10001", "here:", ":6379", "here:99999"])
def test_an_address_is_a_host_and_a_port(address):
    with pytest.raises(RunError, match="HOST:PORT"):
        check_address(address)


def test_without_ray_it_says_what_to_type(monkeypatch):
    monkeypatch.setattr(ray_address, "find_spec", lambda _: None)
    with pytest.raises(RunError, match=r"pip install 'rlsearch\[ray\]'"):
        check_address(None)
