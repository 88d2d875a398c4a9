# Everything a newcomer types. `make run` and `make test` set up what they need from a fresh clone.
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8050
export DASHBOARD_PORT ?= $(PORT)
# Test workers: the cores of the machine.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: run setup test lint bench soak gallery backup restore wheelhouse bundle demo clean

run: $(VENV)/.run bundle demo
	$(PY) app.py

setup: $(VENV)/.dev bundle
	tools/system-packages.sh test

test: setup
	$(PY) -m pytest -n $(JOBS) --dist loadfile

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: setup
	$(PY) -m tests.bench

# Long trials of what must not break; STEP=name for one of them.
soak: setup
	tools/system-packages.sh soak
	$(PY) -m tests.soak $(STEP)

# Screenshots of every page at every size in both themes, into var/gallery.
gallery: setup
	$(PY) -m tests.gallery

# The whole store into one checked file, and back; FORCE=1 overwrites.
FILE ?= var/backup/governance-$(shell date +%Y%m%d-%H%M%S).zip
backup: $(VENV)/.run
	@mkdir -p $(dir $(FILE)) && chmod 700 $(dir $(FILE))
	$(PY) -m data backup $(FILE) $(if $(FORCE),--force)

restore: $(VENV)/.run
	@[ -f "$(FILE)" ] || { echo "usage: make restore FILE=var/backup/….zip [FORCE=1]" >&2; exit 2; }
	$(PY) -m data restore $(FILE) $(if $(FORCE),--force)

# Everything a machine without a network needs, into var/wheelhouse.
wheelhouse: $(VENV)/.run bundle
	tools/wheelhouse.sh $(PY) var/wheelhouse

# The demo store is built once; DASHBOARD_DATABASE_URL points elsewhere for real data.
demo: $(VENV)/.run
	@if [ -z "$$DASHBOARD_DATABASE_URL" ] && [ ! -f var/governance.db ]; then $(PY) -m data demo; else true; fi

# The lean plotly bundle: only where Node is; without it the default bundle serves.
bundle: $(VENV)/.run
	tools/plotly/build.sh

$(VENV)/.run: requirements.txt
	tools/virtualenv.sh $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt $(VENV)/.run
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) var node_modules dashboard/assets/vendor
