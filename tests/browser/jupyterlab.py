"""A real JupyterLab on a free port, and the few things that a person does in it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import NamedTuple

from autograder.settings import PROJECT

TOKEN = "browser-test"
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}

# Run All, then the notebook as it stands in the browser: its model, with the outputs that the person sees.
RUN_ALL = """async () => {
    await window.jupyterapp.commands.execute('notebook:run-all-cells');
    return window.jupyterapp.shell.currentWidget.content.model.toJSON();
}"""
READY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status === 'idle' && panel.content.model.cells.length > 1;
}"""
DIGEST = """async image => {
    const bytes = await (await fetch(image.src)).arrayBuffer();
    return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))).join(' ');
}"""
CLOSE = """async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.sessionContext.shutdown();
    await panel.context.save();
}"""


class Fingerprint(NamedTuple):
    """Where a picture in the browser comes from, and the digest of its bytes."""

    source: str
    digest: str


@contextmanager
def serve(folder, scratch, **environment):
    """Run JupyterLab on a folder, with settings and history of its own in `scratch`; gives its address.

    It starts in the project, as `jupyter lab` does for an instructor, so nbgrader finds nbgrader_config.py.
    """
    settings = scratch / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
    own = {name: str(scratch / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "work")}
    server, address = start(folder, {**os.environ, **own, **environment}, scratch / "server.log")
    try:
        yield address
    finally:
        stop(server)


def start(folder, environment, log, tries=3):
    """Start JupyterLab and return its process and address; at another port where somebody took the free one first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
        f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=output, stderr=output)
    try:
        wait_for(f"{address}/api?token={TOKEN}", server, log)
    except BaseException:
        stop(server)
        if tries > 1 and "is already in use" in log.read_text():
            return start(folder, environment, log, tries - 1)
        raise
    return server, address


def stop(server):
    """End a server, at last by force."""
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def wait_for(url, server, log, seconds=180):
    """Wait until the server answers, or say from its log why it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-3000:]}")


def find_chromium():
    """Return the path of the system's Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def open_notebook(page, address, path):
    """Open a notebook in JupyterLab and wait until its kernel is idle."""
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}&reset")
    page.wait_for_function(READY, timeout=90_000)


def run_all(page):
    """Run all cells, wait for the last of them, and return the notebook as JSON."""
    return page.evaluate(RUN_ALL)


def outputs(notebook, kind):
    """Return the outputs of a kind, such as "error", of all cells."""
    return [output for cell in notebook["cells"] for output in cell.get("outputs", ()) if output["output_type"] == kind]


def fingerprint(image):
    """Return the Fingerprint of an image element; the digest is that of the PNG, not of its pixels on the screen."""
    return Fingerprint(image.get_attribute("src"), image.evaluate(DIGEST))


def close_notebook(page):
    """Stop the notebook's kernel, which holds a gigabyte of frameworks, and save, so that no dialog asks."""
    page.evaluate(CLOSE)
