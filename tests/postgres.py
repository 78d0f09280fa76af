"""A real PostgreSQL with PostGIS on loopback for tests, from Debian's own binaries."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

BINARIES = Path("/usr/lib/postgresql/15/bin")
EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")


def missing():
    """Why there is no server to start; None where there is one."""
    if not (BINARIES / "postgres").is_file():
        return "absent: PostgreSQL 15 (Debian's postgresql-15)"
    if not EXTENSION.is_file():
        return "absent: PostGIS (Debian's postgresql-15-postgis-3)"
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _parent(stat):
    """Process that started another one; None where that is gone."""
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _lives(pid):
    """Whether a process has not ended yet; one that nobody asked about counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Server:
    """One server of its own: data, socket and port are thrown away with it."""

    def __init__(self, port=None, settings=()):
        self.home = Path(tempfile.mkdtemp(prefix="bluecarbon-pg-"))
        self.port = port or free_port()
        self._settings = settings
        self._schemas = count(1)
        self._as_other = os.geteuid() == 0  # the server refuses to run as root
        self.user = "postgres" if self._as_other else pwd.getpwuid(os.geteuid()).pw_name
        if self._as_other:
            shutil.chown(self.home, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                  "--no-sync", "-U", self.user)  # fmt: skip
        self.process = None
        self.start()

    @property
    def data(self):
        return self.home / "data"

    @property
    def url(self):
        return f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/postgres"

    def _command(self, name, *words):
        command = [str(BINARIES / name), *map(str, words)]
        user = [
            "setpriv",
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
            "--pdeathsig=QUIT",
        ]  # it does not outlive tests that are killed
        return [*user, *command] if self._as_other else command  # fmt: skip

    def _run(self, name, *words):
        done = subprocess.run(
            self._command(name, *words), capture_output=True, text=True, cwd="/", check=False
        )
        assert done.returncode == 0, done.stderr

    def start(self):
        log = (self.home / "log").open("ab")
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.home}",
                    "shared_buffers=64MB", "max_connections=40", *self._settings)  # fmt: skip
        words = [word for setting in settings for word in ("-c", setting)]
        with log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", self.data, "-p", self.port, *words),
                stdout=log, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
        self._wait()

    def _wait(self):
        for _ in range(300):
            ready = subprocess.run(
                [str(BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                check=False,
            )
            if ready.returncode == 0:
                return
            assert self.process.poll() is None, (self.home / "log").read_text()
            time.sleep(0.1)
        raise AssertionError((self.home / "log").read_text())

    def kill(self):
        """Stop it as a power cut does; nothing of it holds its memory any more."""
        self.process.send_signal(signal.SIGSTOP)  # no further child
        children = [
            int(stat.parent.name)
            for stat in Path("/proc").glob("[0-9]*/stat")
            if _parent(stat) == self.process.pid
        ]
        for pid in (self.process.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        until = time.monotonic() + 60
        while any(map(_lives, children)):
            assert time.monotonic() < until, "a process of the server outlives it"
            time.sleep(0.02)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self):
        """End it and throw away what it held."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # nothing of it is kept
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def new_schema(self):
        """Address and the name of a schema nobody used so far."""
        return self.url, f"ws_{next(self._schemas)}"

    def new_database(self, like="template1"):
        """Address of a new database, a copy of another one."""
        name = f"db_{next(self._schemas)}"
        with psycopg.connect(
            f"host=127.0.0.1 port={self.port} user={self.user} dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(like)
                )
            )
        return self.url.removesuffix("postgres") + name

    def copy_database(self, url):
        """Address of a copy of a database that nobody is connected to."""
        return self.new_database(like=url.rpartition("/")[2])
