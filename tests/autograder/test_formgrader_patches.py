"""What is replaced in the formgrader: a test names a private way of nbgrader, and what breaks when it changes."""

import re

import pytest
from jinja2 import DictLoader, Environment
from nbgrader.server_extensions.formgrader import apihandlers, formgrader, handlers
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, BaseHandler
from tornado import web

from autograder import formgrader_patches
from autograder.classroom import Classroom
from autograder.formgrader_patches import TEMPLATES, CarefulLoader, _environment
from autograder.settings import load_config

SCRIPT = "</script><script>alert(1)</script>\"'\\"
PAGES = sorted(path.name for path in TEMPLATES.glob("*.tpl") if path.name != "formgrade_404.tpl")


@pytest.fixture(autouse=True)
def settings(tmp_path):
    """The settings, which replace what they replace when they are read."""
    return load_config(Classroom(tmp_path))


def render(source, **values):
    return Environment(loader=CarefulLoader(DictLoader({"page": source}), "nonce")).get_template("page").render(values)


@pytest.mark.parametrize("name", PAGES)
def test_no_template_lets_a_value_out(name):
    """``BaseHandler.render`` and its templates: whatever a value says, it is text, in scripts too."""
    values = dict.fromkeys(re.findall(r"\{\{ (\w+) \}\}", (TEMPLATES / name).read_text()), SCRIPT)
    html = _environment().get_template(name).render(values | {"base_url": "", "nonce": "N"})
    assert "<script>" not in html and "alert(1)</script>" not in html
    assert html.count("<script") == html.count('<script nonce="N"') > 5
    assert not re.search(r'= "[^"\n]*\\";', html)


def test_a_value_in_a_script_is_that_value():
    """``var x = "{{ value }}";``: an id with an apostrophe or an ampersand stays the id that the API knows."""
    assert render('<script>\nvar x = "{{ id }}";', id="O'B & <x>", nonce="N") == (
        '<script nonce="N">\nvar x = "O\\u0027B \\u0026 \\u003cx\\u003e";'
    )


def test_only_scripts_of_the_formgrader_are_its_own():
    """A script of another server, as MathJax is, gets no nonce and is not run."""
    html = render('<script src="{{ base_url }}/formgrader/a.js"></script><script src="https://x/a.js"></script>')
    assert html.count("nonce=") == 1


def test_what_the_templates_do_on_clicks_is_allowed_and_nothing_else():
    """``onclick=…`` in templates: the policy lists the digest of each, so that the buttons work."""
    assert len(formgrader_patches._events()) == 5
    assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", digest) for digest in formgrader_patches._events())


@pytest.mark.parametrize("owner, names", [
    (BaseHandler, ("render", "exporter", "content_security_policy", "nonce")),
    (BaseApiHandler, ("set_default_headers", "content_security_policy")),
    (handlers.SubmissionFilesHandler, ("get",)),
    (handlers.FormgraderHandler, ("get",)),
])  # fmt: skip
def test_the_settings_replace_what_the_formgrader_does(owner, names):
    """Methods that ours stand in for: else pages are not escaped, carry no policy, or handed-in files are served."""
    for name in names:
        value = owner.__dict__[name]
        function = value.fget if isinstance(value, property) else value
        assert function.__module__ == formgrader_patches.__name__, name


def test_all_of_the_formgrader_goes_through_what_is_replaced():
    """Each page and each answer of the formgrader is made by a subclass of the two handlers that carry the policies."""
    for _, handler, *_ in handlers.default_handlers:
        assert issubclass(handler, BaseHandler) or handler is web.StaticFileHandler, handler
    for _, handler in apihandlers.default_handlers:
        assert issubclass(handler, BaseApiHandler), handler
    static = [options["path"] for _, handler, *options in handlers.default_handlers if handler is web.StaticFileHandler
              for options in options]  # fmt: skip
    assert all(path.startswith(handlers.static_path) for path in static)


def test_settings_are_hidden_from_the_page(settings):
    """``FormgradeExtension.debug``: else a page shows the configuration, and in it the gradebook's password."""
    assert "debug" in formgrader.FormgradeExtension.class_trait_names(config=True)
    assert settings.FormgradeExtension.debug is False
