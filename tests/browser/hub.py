"""A JupyterHub of our own, with the settings of docs/hub: `python -m tests.browser.hub` installs its parts.

They lie in build/services/hub: JupyterHub in an environment that sees this one's packages, and its proxy by npm. The
hub has no system accounts: every server runs as whoever runs the tests, in a folder of its own.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import venv
from contextlib import contextmanager
from pathlib import Path

from autograder.settings import PROJECT
from tests.browser.jupyterlab import QUIET, stop, wait_for

PARTS = PROJECT / "build" / "services" / "hub"
JUPYTERHUB, PROXY = "jupyterhub>=5,<6", "configurable-http-proxy@^4"
PASSWORD = "browser-test"
CONFIG = """
c = get_config()
load_subconfig({settings!r})
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allowed_users = {users!r}
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
c.Spawner.environment = {environment!r}
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
"""


class Unavailable(Exception):
    """A part of the hub is missing; the message says which, and how to get it."""


def python():
    """Return the interpreter that has JupyterHub."""
    return PARTS / "venv" / "bin" / "python"


def proxy():
    """Return the proxy's command."""
    return PARTS / "node_modules" / ".bin" / "configurable-http-proxy"


def require():
    """Raise ``Unavailable`` unless all parts are there."""
    for name, path in {"JupyterHub": python(), "configurable-http-proxy": proxy()}.items():
        if not path.exists():
            raise Unavailable(f"{name} is not installed: `make test-hub` does that, and needs npm")
    if not shutil.which("node"):
        raise Unavailable("the hub's proxy needs Node.js (Debian and Ubuntu: apt install nodejs npm)")


def install():
    """Install the parts that are missing."""
    if not shutil.which("npm"):
        raise Unavailable("the hub's proxy comes by npm (Debian and Ubuntu: apt install nodejs npm)")
    PARTS.mkdir(parents=True, exist_ok=True)
    if not proxy().exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", PARTS, PROXY], check=True)
    if not python().exists():
        venv.create(PARTS / "venv", with_pip=True)
        here = sysconfig.get_path("purelib", vars={"base": PARTS / "venv"})
        (Path(here) / "course.pth").write_text(sysconfig.get_path("purelib") + "\n")
        for name in ("etc/jupyter", "share/jupyter"):  # where JupyterLab and nbgrader have their extensions
            link = PARTS / "venv" / name
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(Path(sys.prefix) / name)
        subprocess.run([python(), "-m", "pip", "install", "-q", JUPYTERHUB], check=True)


@contextmanager
def hub(folder, users, **environment):
    """Run a hub with its files in a folder; gives its address.

    Args:
        users: who may log in, with the password ``PASSWORD``.
        environment: what docs/hub/jupyterhub_config.py reads.
    """
    require()
    folder.mkdir()
    (folder / "homes").mkdir()
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
    ports = dict(zip(("public", "hub", "api"), _free_ports(3)))
    (folder / "jupyterhub_config.py").write_text(
        CONFIG.format(
            settings=str(PROJECT / "docs" / "hub" / "jupyterhub_config.py"),
            proxy=str(proxy()),
            password=PASSWORD,
            users=set(users),
            homes=str(folder / "homes"),
            python=str(python()),
            environment={
                "PYTHONPATH": str(PROJECT),
                "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
                "AUTOGRADER_SERVER_MINUTES": "0",
            },
            **ports,
        )
    )
    path = os.pathsep.join([str(PARTS / "venv" / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    log = folder / "hub.log"
    address = f"http://127.0.0.1:{ports['public']}"
    with log.open("w") as output:
        server = subprocess.Popen(
            [python(), "-m", "jupyterhub"], cwd=folder, stdout=output, stderr=output,
            env={**os.environ, "PROJECT": str(PROJECT), "PATH": path, **environment},
        )  # fmt: skip
    try:
        wait_for(f"{address}/hub/health", server, log)
        yield address
    finally:
        stop(server)


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


if __name__ == "__main__":
    try:
        install()
    except Unavailable as problem:
        sys.exit(str(problem))
