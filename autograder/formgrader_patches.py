"""What is replaced in nbgrader's formgrader, so that nothing that a student wrote runs in the instructor's browser.

nbgrader puts names and notebooks into its pages as they are, serves handed-in files and answers in JSON that a browser
takes for a page, all of it in Jupyter's own origin, where a script can do whatever the instructor can. Here every value
is escaped, a policy in each response forbids the browser all scripts but those of the templates, and no handed-in file
is served. ``tests/autograder/test_formgrader_patches.py`` names the private ways of nbgrader on which this depends.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader
from jupyter_server.base.handlers import JupyterHandler
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, BaseHandler
from tornado import web

TEMPLATES = Path(handlers.template_path)
OWN_SCRIPT = re.compile(
    r'<script(?=>| type="text/javascript">|[^>]* src="\{\{ (?:resources\.)?base_url \}\}/formgrader/)'
)
Page = Callable[[str, dict[str, Any]], str]


class CarefulLoader(BaseLoader):
    """Loads templates whose own scripts carry the page's nonce, and whose values in scripts are JavaScript.

    Args:
        loader: finds the templates.
        nonce: what the nonce is called in the templates.
    """

    def __init__(self, loader: BaseLoader, nonce: str):
        self._loader, self._nonce = loader, nonce

    def get_source(self, environment: Environment, template: str) -> Any:
        source, *rest = self._loader.get_source(environment, template)
        source = OWN_SCRIPT.sub(f'<script nonce="{{{{ {self._nonce} }}}}"', source)
        source = source.replace("{{ mathjax() }}", "")  # it comes from another server, and our formulas are MathML
        source = re.sub(r'= "\{\{ ([\w.]+) \}\}";', r"= {{ \1 | tojson }};", source)
        return re.sub(r"\{\{ ((?:resources|cell\.metadata)\.[\w.]+) \}\}", r"{{ \1 | e }}", source), *rest


def protect(page: Page) -> None:
    """Replace what the formgrader shows and serves.

    Args:
        page: function from a graded notebook's path and the values that its page shows to the page.
    """
    names: dict[str, Any] = {
        "nonce": property(_nonce),
        "content_security_policy": property(_policy_of_pages),
        "render": _render,
        "exporter": property(lambda handler: _Exporter(handler, page)),
    }
    for name, value in names.items():
        setattr(BaseHandler, name, value)
    BaseApiHandler.content_security_policy = property(_policy_of_data)
    BaseApiHandler.set_default_headers = _headers_of_data
    handlers.SubmissionFilesHandler.get = _refuse_file
    if not hasattr(handlers.FormgraderHandler, "get_in_one_course"):
        handlers.FormgraderHandler.get_in_one_course = handlers.FormgraderHandler.get
        handlers.FormgraderHandler.get = _get_in_one_course


def _nonce(handler: Any) -> str:
    """Return what marks the scripts of a response as the formgrader's own."""
    if not hasattr(handler, "_own_nonce"):
        handler._own_nonce = secrets.token_urlsafe(16)
    return handler._own_nonce


def _policy_of_pages(handler: Any) -> str:
    scripts = " ".join([f"'nonce-{handler.nonce}'", "'unsafe-hashes'", *_events()])
    return (
        f"{_policy_of_jupyter(handler)}; default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _policy_of_data(handler: Any) -> str:
    return f"{_policy_of_jupyter(handler)}; default-src 'none'; sandbox"


def _policy_of_jupyter(handler: Any) -> str:
    jupyters: Any = JupyterHandler.content_security_policy
    return jupyters.fget(handler)


@lru_cache(maxsize=1)
def _events() -> list[str]:
    """Return the digests of what the templates do on clicks: a browser then runs these words and no others."""
    texts = {
        text
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in (".tpl", ".j2")
        for text in re.findall(r'\son[a-z]+="([^"]*)"', path.read_text(encoding="utf-8"), re.IGNORECASE)
    }
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in sorted(texts))
    return [f"'sha256-{digest}'" for digest in digests]


def _headers_of_data(handler: Any) -> None:
    """Say that an answer is text: the formgrader's scripts read it, and a browser that opens it shows it as it is."""
    JupyterHandler.set_default_headers(handler)
    handler.set_header("Content-Type", "text/plain; charset=UTF-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=CarefulLoader(FileSystemLoader(TEMPLATES), "nonce"), autoescape=True)


def _render(handler: Any, name: str, **values: Any) -> str:
    return _environment().get_template(name).render(**values, nonce=handler.nonce)


class _Exporter:
    """Stands where the formgrader looks for nbconvert's exporter, of which it calls one method."""

    def __init__(self, handler: Any, page: Page):
        self._handler, self._page = handler, page

    def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return self._page(filename, resources | {"nonce": self._handler.nonce}), resources


def _refuse_file(handler: Any, *_: Any, **__: Any) -> None:
    handler.set_status(404)
    handler.set_header("Content-Type", "text/plain; charset=UTF-8")
    handler.finish("What students hand in is not served.")


def _get_in_one_course(handler: Any) -> Any:
    """Refuse to run the settings of another folder, which a link could name and a student could have handed in."""
    path = handler.get_argument("path", "")
    if path and Path(path).resolve() != Path.cwd():
        raise web.HTTPError(403, "Start Jupyter in the folder of that course to grade it.")
    return handler.get_in_one_course()
