# make run · make test · make check · make bench · make reset. Needs Python 3.11 or newer, and nothing else.
PYTHON ?= python3
PROGRAMS := $(CURDIR)/.venv/bin
export PATH := $(PROGRAMS):$(PATH)

ASSETS := $(shell find assets static/css -type f 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
PYTHON_FILES := *.py bench blueprints local services tests web

.PHONY: run test check bench reset lock install

run: install
	@$(PROGRAMS)/python -m local up

test: install
	@local/install/browser
	$(PROGRAMS)/python -m pytest --numprocesses=auto --maxprocesses=4 --cov --cov-report=term:skip-covered

check: install
	ruff format --check $(PYTHON_FILES)
	ruff check $(PYTHON_FILES)
	mypy $(PYTHON_FILES)
	sqlfluff lint --processes 2 --disable-progress-bar supabase local/postgres
	djlint --lint --quiet templates

# All scenarios, or some: make bench SCENARIO="rush order".
bench: install
	@bench/install
	@$(PROGRAMS)/python -m bench $(SCENARIO)

reset: install
	@$(PROGRAMS)/python -m local reset

# Pin what *.in and package.json ask for.
lock: install
	uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --upgrade requirements.in -o requirements.txt
	uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --upgrade requirements-dev.in -o requirements-dev.txt
	npm install --package-lock-only

install: .venv/installed node_modules/installed static/vendor/built $(CATALOGUES)

.venv/installed: requirements.txt requirements-dev.txt
	@local/install/environment "$(PYTHON)"
	@$(PROGRAMS)/pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@touch $@

node_modules/installed: package.json package-lock.json .npmrc | .venv/installed
	@npm ci --silent
	@touch $@

static/vendor/built: $(ASSETS) node_modules/installed
	@npm run --silent build
	@touch $@

%.mo: %.po .venv/installed
	@$(PROGRAMS)/pybabel --quiet compile --input-file=$< --output-file=$@
