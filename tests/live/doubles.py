"""Doubles of AWS on loopback, each a process of its own on a free port, as docs/account.md starts them."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

OF_MOTO = ("cloudcontrol", "ec2", "rds", "iam", "securityhub")
"""The services whose double is moto: it keeps more of these than ministack does, and ministack's Cloud Control says of
every type that there are none."""


def program(name: str) -> str | None:
    """The path of a double's program beside this Python; None where it is not installed."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def moto() -> Iterator[str]:
    """A moto server with AWS's managed policies; gives its address."""
    port = free_port()
    command = [program("moto_server") or "moto_server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, f"http://127.0.0.1:{port}", "/moto-api/", {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}) as url:
        yield url


@contextlib.contextmanager
def ministack() -> Iterator[str]:
    """A ministack server; gives its address."""
    port = free_port()
    settings = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "DOCKER_HOST": "unix:///nonexistent",
    }
    command = [program("ministack") or "ministack"]
    with _running(command, f"http://127.0.0.1:{port}", "/_ministack/health", settings) as url:
        yield url


@contextlib.contextmanager
def _running(command: list[str], url: str, health: str, settings: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(url + health, process)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the double ended with status {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the double does not answer at {url}")
