# Seguito. `make` alone explains the rest; every target makes its own environment first.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
# PYTHON=… chooses the interpreter the environment is made from.
export PYTHON

.PHONY: help
help: ## Explain every target (what you are reading)
	@echo "make <target>; nothing to install first but Python 3.11+, git and make (and PHP 8 and PgBouncer where there is no apt)."
	@echo
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@for file in $$(grep -ls __main__ bench/*.py); do \
	printf '  %-14s %s\n' "bench-$$(basename $$file .py | tr _ -)" "$$(sed -n '1s/"""//gp' $$file)"; done

.PHONY: sandbox
sandbox: ready ## Run everything on this machine, without accounts (MEETING=file adds your own transcript)
	@exec $(PY) -m bot sandbox $(if $(MEETING),--meeting "$(MEETING)")

# On every core, four at most; each has a database server, a sandbox and a product of its own.
EVERY_CORE = -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: quick
quick: ready ## Run what needs no browser, PHP, PgBouncer and no process of its own, on every core
	@$(PY) -m pytest $(EVERY_CORE) -m "not external and not process"

.PHONY: test
test: ready ## Run all tests, in a real browser too, on every core (ARGS="tests/db -k vault" runs some)
	@tree=$$(.ci/fingerprint) && \
	$(PY) tests/chromium.py $(PY) -m pytest $(or $(ARGS),$(EVERY_CORE)) && \
	$(if $(ARGS),true,echo "$$tree" > .venv/.tests-passed-on)

.PHONY: check
check: ready ## The one gate: format, lint, types, imports, then the tests unless this very tree has passed them
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports
	@if [ "$$(.ci/fingerprint)" = "$$(cat .venv/.tests-passed-on 2>/dev/null)" ]; \
	then echo "Tests: passed on this very tree."; else $(MAKE) --no-print-directory test; fi

.PHONY: format
format: ready ## Put the code in order
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

.PHONY: migration
migration: ready ## Write a database migration from the tables (NAME="add invoices")
	@$(if $(NAME),,echo 'make migration NAME="what it changes"' >&2; exit 2)
	$(PY) .ci/migration "$(NAME)"
	$(PY) -m ruff format db/migrations

.PHONY: lock
lock: ready ## Lock what pyproject.toml asks for, with hashes (RAISE=httpx raises one package, RAISE=all every one)
	$(PY) -m uv pip compile $(RESOLVE) pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile $(RESOLVE) -c requirements.lock --extra dev --extra sandbox pyproject.toml -o requirements-dev.lock
RESOLVE = --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(if $(RAISE),$(if $(filter all,$(RAISE)),--upgrade,--upgrade-package $(RAISE)))

.PHONY: eval
eval: ready ## Run the prompt over labelled meetings and print what it found and missed (ARGS=--dry: with the stand-in)
	@$(PY) -m bench.eval $(ARGS)

# Every program in bench/ is a target: bench/slack_ack.py is `make bench-slack-ack`.
bench-%: ready
	$(PY) -m bench.$(subst -,_,$*) $(ARGS)

.PHONY: clean
clean: ## Remove all that was made here: environment, caches, browser and the sandbox's database
	rm -rf .venv .seguito .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Not shown by help: what the others stand on.
.PHONY: ready
ready:
	@.ci/environment
