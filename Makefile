# The commands of the course. Each one makes the environment it needs, once.
SHELL := /bin/bash
ifndef PYTHON
PYTHON := $(shell for name in python3.11 python3 python3.12 python3.13 python; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$name && break; done)
endif
JOBS ?= 2
# Files of tests are run side by side, those that take long first: see tests/conftest.py.
BESIDE = -n $(JOBS) --dist loadfile --no-loadscope-reorder
DEMO := build/demo

# nbgrader calls alembic by name, so the environment's programs must be found first.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/.venv

.PHONY: help demo test test-labs test-cluster test-services test-hub parity nbgrader-tests attacks fairness gpu mutants services services-stop lab labs lint format hooks bench
.PHONY: chromium clean

help:
	@echo "make demo    build the labs, make a sample class in $(DEMO), grade it and show the report"
	@echo "make test    run make lint and every test"
	@echo "make test-labs  run every lab in every way, and on Colab's versions and in JupyterLab; make test takes a sample"
	@echo "make services  start a PostgreSQL server for gradebooks; make services-stop ends it"
	@echo "make test-services   try gradebooks in PostgreSQL: two graders at once, lost connections, a full disk"
	@echo "make test-cluster   try a Dask cluster under faults: workers, scheduler and client that end, hang or are strange"
	@echo "make test-hub   try nbgrader's exchange on a JupyterHub of its own, in Chromium; needs npm"
	@echo "make attacks run the attack suite against the sealed engine and stock nbgrader (ARGS=--no-stock: quicker;"
	@echo "             ARGS=--user: as an ordinary user with ordinary limits, also where root calls it)"
	@echo "make lab     open the labs in JupyterLab"
	@echo "make docs    write the table of probes, docs/probes.md"
	@echo "make labs    build labs/ from solutions/"
	@echo "make lint    check format, style and types: ruff and mypy"
	@echo "make format  bring the code into that format"
	@echo "make hooks   run make lint before each commit (pre-commit)"
	@echo "make bench   measure how long grading and the labs take (ARGS=\"--lab NAME\": one lab alone)"
	@echo "make parity  compare all engines on all known answers"
	@echo "make fairness  judge all known answers under all variants of the hidden inputs (an hour or two)"
	@echo "make mutants   change right answers in one place after the other: the tests must find each change (some minutes)"
	@echo "make gpu     judge right answers and run the solved labs as on a GPU, which is used where there is one"
	@echo "make nbgrader-tests   run nbgrader's own tests with this engine"

demo: .venv/.installed
	rm -rf $(DEMO)
	autograder build --classroom $(DEMO)
	autograder sample --classroom $(DEMO)
	autograder grade --classroom $(DEMO)

test: lint .venv/.installed .venv-colab/.installed chromium
	pytest $(BESIDE) $(ARGS)

test-labs: .venv/.installed .venv-colab/.installed chromium
	LABS=all pytest $(BESIDE) tests/labs/test_labs.py tests/colab tests/browser/test_lab_in_jupyterlab.py \
	  tests/autograder/authoring/test_build.py tests/autograder/authoring/test_docs_example.py $(ARGS)

parity: .venv/.installed
	PARITY=all pytest tests/autograder/engines/test_parity.py $(ARGS)

fairness: .venv/.installed
	python -W ignore -m tests.fairness --jobs $(JOBS) $(ARGS)

mutants: .venv/.installed
	python -W ignore -m tests.mutants --jobs $(JOBS) $(ARGS)

gpu: .venv/.installed
	python -W ignore -m tests.gpu $(ARGS)

nbgrader-tests: .venv/.installed
	pytest -W ignore -c tests/nbgrader_own/pytest.ini --pyargs nbgrader.tests.apps.test_nbgrader_autograde $(ARGS)

# Debian's own server, under its own user where this is root; its data and its password lie in build/services.
services: .venv/.installed
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql) >/dev/null; fi
	@python -m tests.services.postgresql start

services-stop:
	@python -m tests.services.postgresql stop

test-services: services
	SERVICES=all pytest tests/services $(ARGS)

# JupyterHub in an environment of its own and its proxy, from npm: both in build/services/hub.
test-hub: .venv/.installed chromium
	@python -m tests.browser.hub
	HUB=1 pytest tests/browser/test_jupyterhub.py $(ARGS)

test-cluster: .venv/.installed
	CLUSTER=1 pytest tests/autograder/grading/test_cluster.py $(ARGS)

attacks: .venv/.installed
	python -m tests.attacks $(ARGS)

lab: .venv/.installed
	cd labs && jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root)

labs: .venv/.installed
	autograder build

.PHONY: docs  # a folder has this name
docs: .venv/.installed
	python -m autograder.authoring.probe_table

lint: .venv/.installed
	ruff format --check .
	ruff check .
	mypy

format: .venv/.installed
	ruff format .
	ruff check --fix .

hooks: .venv/.installed
	pre-commit install

bench: .venv/.installed
	python -m bench $(ARGS)

clean:
	rm -rf build .venv .venv-colab

# An environment is remade when what it is made from is newer than its stamp, which is written last.
define environment
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "The course needs Python 3.11 or newer. If you have it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Making the environment $(@D), which takes a few minutes the first time."
	@test -x $(@D)/bin/pip || '$(PYTHON)' -m venv --clear $(@D)
endef

# PyTorch's own index has builds without CUDA, gigabytes smaller: pip is told of it where it answers.
TORCH_INDEX := https://download.pytorch.org/whl/cpu
cpu_torch = $$('$(PYTHON)' -c 'import sys, urllib.request as web; web.urlopen(sys.argv[1] + "/torch/", timeout=5); \
  print("--extra-index-url", sys.argv[1])' $(TORCH_INDEX) 2>/dev/null)

.venv/.installed: pyproject.toml constraints.txt
	$(environment)
	@.venv/bin/pip install --quiet $(cpu_torch) -c constraints.txt -e '.[all,cluster,dev]'
	@touch $@

# Google Colab's versions, apart from the project's own: only tests/colab runs in them.
.venv-colab/.installed: tests/colab/requirements.txt tests/colab/constraints.txt
	$(environment)
	@.venv-colab/bin/pip install --quiet --no-compile $(cpu_torch) -c tests/colab/constraints.txt -r tests/colab/requirements.txt
	@touch $@

# The browser tests skip, with a reason, where no Chromium can be had.
chromium:
	@if command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium) >/dev/null \
	    || echo "Chromium could not be installed: the browser tests will be skipped." >&2; \
	else echo "No Chromium here: the browser tests will be skipped. On Debian: sudo apt-get install chromium" >&2; fi
