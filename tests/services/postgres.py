"""A PostgreSQL server of the tests' own: a new cluster in a temporary directory, on a socket.

It listens on no network port, so that it cannot be mistaken for, or disturb, a server
of the machine. PostgreSQL refuses to run as root; as root the server runs as the user
``postgres``, or ``nobody`` where there is none.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

ADVICE = "`make test-services` installs it from the distribution's packages"
DATABASE = "postgres"
USER = "incentives"


class ServiceMissingError(Exception):
    """What a test needs is not on this machine; the message says what."""


def programs() -> Path:
    """Return the directory of the newest server's programs.

    Raises:
        ServiceMissingError: there is no PostgreSQL server.
    """
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None:
        raise ServiceMissingError(f"there is no PostgreSQL server here; {ADVICE}")
    return Path(on_path).resolve().parent


def _identity() -> dict[str, Any]:
    """Return the arguments that start a process without the rights of root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise ServiceMissingError("PostgreSQL does not run as root, and there is no user `nobody`")


class Postgres:
    """A running server; ``with Postgres() as server:`` starts it and clears it away.

    ``uri``: where a client of libpq finds it. ``sql`` runs a script.
    """

    def __init__(self) -> None:
        self.bin = programs()
        self._identity = _identity()
        self.home = Path(tempfile.mkdtemp(prefix="incentives-pg-"))
        self.uri = f"postgresql:///{DATABASE}?host={self.home}&user={USER}"
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._identity:
            os.chown(self.home, self._identity["user"], self._identity["group"])
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self) -> None:
        data = self.home / "data"
        with (self.home / "log").open("wb") as log:
            subprocess.run(
                [self.bin / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8",
                 "--locale=C", "--no-sync"],
                check=True, stdout=log, stderr=log, cwd=self.home, **self._identity,
            )  # fmt: skip
            self._server = subprocess.Popen(
                [self.bin / "postgres", "-D", data, "-k", self.home, "-c", "listen_addresses=",
                 "-c", "fsync=off"],
                stdout=log, stderr=log, cwd=self.home, **self._identity,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._ready():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.home / "log").read_text(errors="replace"))
            time.sleep(0.1)

    def _ready(self) -> bool:
        asked: list[str | Path] = [
            self.bin / "pg_isready",
            "-q",
            "-h",
            self.home,
            "-U",
            USER,
            "-d",
            DATABASE,
        ]
        return subprocess.run(asked, check=False).returncode == 0

    def sql(self, script: str) -> str:
        """Run a script and return what it prints; the first error ends it."""
        done = subprocess.run(
            [self.bin / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.home,
             "-U", USER, "-d", DATABASE],
            input=script, text=True, capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def stop(self) -> None:
        """Stop the server at once and remove its files."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            try:
                self._server.wait(30)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None
        shutil.rmtree(self.home, ignore_errors=True)
