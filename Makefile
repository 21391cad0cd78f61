# Each target sets up what it needs; only Python >= 3.11, git and make have to be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
REPORTERS := .venv-reporters
MATRIX_VENV := .venv-matrix
BROWSER_VENV := .venv-browser
SITE_VENV := .venv-site

# One more than there are cores: a test that starts a process waits for it.
WORKERS = $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# Tests start hundreds of processes that import the same modules.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test suite nightly matrix scale bench browser lint types record docs documents site links pictures drift \
	others replays clean

demo: $(READY)
	@$(BIN)/pytest-bill demo

test: lint
	@$(MAKE) --no-print-directory -j2 types suite

# mypy has one core: what it leaves is the tests'.
suite: $(READY)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=10

# Whole suites, all cases of what `make test` takes a sample of, and 10,000 secrets in place of 500.
nightly: $(READY) $(REPORTERS)/.ready matrix browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m nightly --ignore=tests/sandbox/test_contract.py --ignore=tests/browser \
		--ignore=tests/promises/output --ignore=tests/plugin/test_other_plugins.py
	@$(REPORTERS)/bin/python -m pytest -n $(WORKERS) --dist worksteal -m '' tests/promises/output \
		tests/plugin/test_other_plugins.py
	@$(BIN)/python -m pytest -p no:randomly tests/promises/test_secrets_property.py \
		tests/cassettes/test_leak_check.py --hypothesis-profile=nightly
	@BILL_CONTRACT_EXAMPLES=100 $(BIN)/python -m pytest -n $(WORKERS) -m '' tests/sandbox/test_contract.py

# Versions of Python, pytest and what stands below: 15 minutes. `make matrix MATRIX="-k 3.11"`.
matrix: $(MATRIX_VENV)/.ready
	@$(MATRIX_VENV)/bin/nox $(MATRIX)

# The pages in a real browser, the site's too, which a test builds: seven minutes, and the browser is
# installed where there is none.
browser: $(BROWSER_VENV)/.ready $(SITE_VENV)/.ready
	@$(BROWSER_VENV)/bin/python -m pytest -m nightly tests/browser

# Eight workers record for ten minutes, from the local sandbox.
scale: $(READY)
	@SCALE_SECONDS=600 $(BIN)/python -m pytest -m nightly tests/scale -k eight_workers_record

# Speed beside that of the peers; see benchmarks/README.md. `make bench BENCH="--quick"`.
bench:
	@$(PYTHON) -m benchmarks $(BENCH)

lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(READY)
	@$(BIN)/mypy

# The project's own cassettes, recorded from the local sandbox (not from BILL).
record: $(READY)
	@$(BIN)/python -m pytest -p no:randomly tests/plugin/test_fixtures.py \
		--bill-environment=local --bill-record-mode=all

# The pictures of README.md and docs/, from runs and in a browser; tests tell when one is older than
# the code. The plot of the benchmarks is drawn by `make bench`.
pictures: $(READY) $(BROWSER_VENV)/.ready
	@$(BIN)/pytest-bill demo --svg docs/demo.svg
	@$(BROWSER_VENV)/bin/python -m tools.pictures

# What the code says of itself, and the site of all pages: build/site/index.html.
docs: documents
	@$(MAKE) --no-print-directory site

# What the sandbox says of itself, docs/reference/ and docs/drawings/.
documents: $(READY)
	@$(BIN)/python -m pytest_bill.sandbox.description.fidelity docs
	@$(BIN)/python -m tools.reference
	@$(BIN)/python -m tools.drawings

# A warning is an error. Needs no network once $(SITE_VENV) is there.
site: $(SITE_VENV)/.ready
	@$(SITE_VENV)/bin/python -m sphinx -q -W --keep-going -c docs -d build/site-doctrees . build/site

# Asks each address elsewhere that a page links to; needs a network.
links: $(SITE_VENV)/.ready
	@$(SITE_VENV)/bin/python -m tools.links

# What BILL's own files have that the sandbox lacks: `make drift FROM="collection.json openapi.json"`.
drift: $(READY)
	@$(BIN)/python -m tools.drift $(FROM)

# What vcrpy, pytest-recording and cassetter let through; installs them, and takes a few minutes.
others: $(READY)
	@$(BIN)/python -m benchmarks.others

# What recorders say of tests that pass while they record and do not replay; takes three minutes.
replays: $(READY)
	@$(BIN)/python -m benchmarks.replays

clean:
	rm -rf $(VENV) $(REPORTERS) $(MATRIX_VENV) $(BROWSER_VENV) $(SITE_VENV) .nox build/site* .mypy_cache \
		.pytest_cache .ruff_cache

# Plugins that report, or that repeat tests, apart from the others: some of them act in every run
# that finds them.
$(REPORTERS)/.ready: pyproject.toml
	@$(PYTHON) -m venv $(REPORTERS)
	@$(REPORTERS)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(REPORTERS)/bin/python -m pip install --quiet --editable '.[demo]' --group dev --group reporters --group plugins
	@touch $(REPORTERS)/.ready

# Chromium as it is installed, else Debian's, else the one that playwright downloads.
$(BROWSER_VENV)/.ready: pyproject.toml
	@$(PYTHON) -m venv $(BROWSER_VENV)
	@$(BROWSER_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BROWSER_VENV)/bin/python -m pip install --quiet --editable '.[sandbox,show]' --group browser
	@command -v chromium || command -v chromium-browser || command -v google-chrome || command -v chrome \
		|| { apt-get update -qq && apt-get install -qq --yes --no-install-recommends chromium; } \
		|| $(BROWSER_VENV)/bin/playwright install chromium
	@touch $(BROWSER_VENV)/.ready

# nox makes the environments of the matrix, with uv.
$(MATRIX_VENV)/.ready: pyproject.toml
	@$(PYTHON) -m venv $(MATRIX_VENV)
	@$(MATRIX_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(MATRIX_VENV)/bin/python -m pip install --quiet --group matrix
	@touch $(MATRIX_VENV)/.ready

$(SITE_VENV)/.ready: pyproject.toml
	@$(PYTHON) -m venv $(SITE_VENV)
	@$(SITE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(SITE_VENV)/bin/python -m pip install --quiet --group site
	@touch $(SITE_VENV)/.ready

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "pytest-bill needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@# What is imported is compiled then; to compile all that is installed takes twice as long.
	@$(BIN)/python -m pip install --quiet --no-compile --editable '.[demo]' --group dev
	@# For tests/clients: traffic through the older line of urllib3, too.
	@$(BIN)/python -m pip install --quiet --no-deps --upgrade --target $(VENV)/urllib3-1.26 'urllib3<2'
	@touch $(READY)
