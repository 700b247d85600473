"""A PostgreSQL server of our own, from Debian's package: `python -m tests.services.postgresql start` and `stop`.

It listens on a free port of this machine only, asks for a password, and keeps its data in build/services. PostgreSQL
refuses to run as root; then it runs as the user `postgres` that the package has made.
"""

import glob
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager

from autograder.settings import PROJECT

FOLDER = PROJECT / "build" / "services" / "postgresql"
OWNER = "grader"


class Unavailable(Exception):
    """No server can be started here; the message says why."""


class Server:
    """One server, running or not.

    Args:
        folder: where its data, its log and its password lie.
    """

    def __init__(self, folder=FOLDER):
        self.folder, self.data = folder, folder / "data"

    @property
    def running(self):
        """Whether it answers."""
        return (self.folder / "port").exists() and self._control("status", check=False).returncode == 0

    def url(self, database="postgres"):
        """Return the address of a database, with the password."""
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def password(self):
        """The password of its owner."""
        return (self.folder / "password").read_text().strip()

    @property
    def port(self):
        """Where it listens."""
        return int((self.folder / "port").read_text())

    def pass_file(self):
        """Return a file in which PostgreSQL's library finds the password."""
        path = self.folder / "pgpass"
        path.touch(0o600)
        path.write_text(f"127.0.0.1:{self.port}:*:{OWNER}:{self.password}\n")
        return path

    def start(self):
        """Start it, with new data where there are none.

        Raises:
            Unavailable: it cannot be had here.
        """
        if self.running:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(self.folder, _user(), pwd.getpwnam(_user()).pw_gid)
        if not self.data.exists():
            password = self.folder / "password"
            password.write_text(secrets.token_urlsafe(16) + "\n")
            password.chmod(0o600)
            if os.getuid() == 0:
                shutil.chown(password, _user())
            how = ("-U", OWNER, "-A", "scram-sha-256", "-E", "UTF8", f"--pwfile={password}")
            self._program("initdb", "-D", self.data, *how)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (self.folder / "port").write_text(f"{port}\n")
        self._control("start", "-o", f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''")

    def stop(self, how="fast"):
        """Stop it; connections are lost. "immediate" is how it looks when the machine fails."""
        if self.running:
            self._control("stop", "-m", how)

    def restart(self, how="fast"):
        """Stop it and start it again at the same port."""
        self._control("restart", "-m", how)

    def _control(self, *arguments, check=True):
        return self._program("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", *arguments, check=check)

    def _program(self, name, *arguments, check=True):
        rights = (
            {"user": _user(), "group": pwd.getpwnam(_user()).pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        )
        try:
            done = subprocess.run([program(name), *map(str, arguments)], cwd="/", stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **rights)  # fmt: skip
        except OSError as error:
            raise Unavailable(f"{name} cannot be run: {error}") from None
        if check and done.returncode:
            raise Unavailable(f"{name} failed: {done.stdout[-500:]}")
        return done


def program(name):
    """Return the path of one of PostgreSQL's programs, which Debian keeps out of PATH."""
    found = shutil.which(name) or max(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), default=None)
    if not found:
        raise Unavailable("PostgreSQL is not installed (Debian and Ubuntu: apt install postgresql)")
    return found


def _user():
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise Unavailable("PostgreSQL refuses root, and there is no user postgres to run it") from None


@contextmanager
def serving():
    """Give a block a server: the one that runs, or one that is started and stopped again."""
    server = Server()
    ran = server.running
    server.start()
    try:
        yield server
    finally:
        if not ran:
            server.stop()


if __name__ == "__main__":
    try:
        if sys.argv[1:] == ["start"]:
            Server().start()
            address = Server().url().replace(f":{Server().password}@", "@")
            print(
                f"PostgreSQL runs. For a gradebook there: export PGPASSFILE={Server().pass_file()} GRADEBOOK={address}"
            )
        elif sys.argv[1:] == ["stop"]:
            Server().stop()
        else:
            sys.exit("python -m tests.services.postgresql start|stop")
    except Unavailable as problem:
        sys.exit(f"services: {problem}.")
