# Every target sets up .venv by itself; the only needs are Python 3.12 or newer and make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
READY := $(VENV)/.ready
RUN := $(VENV)/bin/python

export NO_MKDOCS_2_WARNING := 1
# Dates in the site come from the last commit, so that two builds are the same bytes.
export SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_COMMIT := $(shell git rev-parse HEAD 2>/dev/null)

SAMPLE := -m 'not audit'
# All tests look at one build.
TESTS = BOOK_SITE=$(CURDIR)/site $(RUN) -m pytest -q $(SAMPLE)
# The oldest that we support, and what goes with these.
OLDEST := "numpy==2.0.*" "matplotlib==3.8.*" "pyparsing<3.3" "ipython<9"

.PHONY: serve site downloads test test-python test-browser test-blocks lint check audit oldest format bench package lock clean

serve: $(READY)  ## serve the book on loopback, with live reload
	@echo "The book will be at http://127.0.0.1:$(PORT)/dlfund/ in a moment (Ctrl+C ends it)."
	@$(RUN) -m mkdocs serve --dirty --livereload --dev-addr 127.0.0.1:$(PORT)

site: $(READY)  ## build the book into site/; any warning is an error
	@$(RUN) -m mkdocs build --clean --strict
	@echo "The book is in site/."

downloads: site  ## make PDF, EPUB, a copy for a folder, slides and flash cards, all into site/downloads/
	@$(RUN) -m textbook.downloads

test:  ## build the book, which runs its examples, and test it; of what takes long a sample
	@echo "Two parts at a time; each says what it found when it ends, in a few minutes."
	@$(MAKE) --no-print-directory --output-sync -j2 test-python test-browser SAMPLE='-m "not every and not audit" -o testpaths="README.md dlfund tests"'

test-python: site  ## the examples, the library, the engine and the built site
	@$(TESTS) --ignore=tests/browser

test-browser: site  ## the pages in Chromium, as readers see, press and copy
	@$(TESTS) tests/browser --ignore=tests/browser/test_blocks.py

test-blocks: site  ## every example and exercise with the Python that runs there
	@$(TESTS) tests/browser/test_blocks.py

lint: $(READY)  ## format, lint and types
	@$(RUN) -m ruff format --check
	@$(RUN) -m ruff check
	@$(RUN) -m mypy

check: lint  ## what CI runs: all of it
	@echo "Two parts at a time; each says what it found when it ends, in half an hour."
	@$(MAKE) --no-print-directory --output-sync -j2 test-python test-browser test-blocks

audit: $(READY)  ## what takes too long for CI: run it before a release
	@$(RUN) -m pytest -q -m audit

oldest: $(READY)  ## go back to the oldest libraries: make oldest test-python VENV=.cache/oldest PYTHON=python3.12
	@$(RUN) -m pip install --quiet --disable-pip-version-check $(OLDEST)

format: $(READY)  ## rewrite the code in the project's format
	@$(RUN) -m ruff format
	@$(RUN) -m ruff check --fix

bench: $(READY)  ## time dlfund beside its peers
	@$(RUN) -m benchmarks

package: $(READY)  ## build the wheel and the source distribution into dist/
	@rm -rf dist && mkdir dist
	@$(RUN) -c "from flit_core import buildapi; print(buildapi.build_sdist('dist'), buildapi.build_wheel('dist'))"

lock: $(READY)  ## resolve requirements.lock anew from pyproject.toml
	@$(RUN) -m pip install --quiet uv
	@$(RUN) -m uv pip compile pyproject.toml --group site --group test --group lint --group build --group downloads --universal --python-version 3.12 \
	  --generate-hashes --no-strip-extras --no-header --quiet --upgrade --output-file requirements.lock

clean:
	rm -rf $(VENV) .cache site dist

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || { \
	  echo "dlfund needs Python 3.12 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>&1 | head -n 1). Name another: make PYTHON=python3.13" >&2; exit 1; }
	@echo "Setting up $(VENV), once; this takes a minute or two."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(RUN) -c "from textbook.build import fonts; fonts.build()"
	@touch $@
