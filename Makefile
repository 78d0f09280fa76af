# Two commands are all a newcomer needs: `make app` and `make test`.

BIN := .venv/bin
APP := .venv/.ready-app
TEST := .venv/.ready-test

.DEFAULT_GOAL := help
.PHONY: help app install test check soak fuzz bench data words lock screenshots clean

help: ## what there is to do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 18

app: $(APP) ## set everything up and open the dashboard on 127.0.0.1:8501
	$(BIN)/bluecarbon app

install: $(APP) ## the set-up alone, into .venv

test: $(TEST) ## set up what the tests need and run all of them
	@sh scripts/browser.sh || true
	@sh scripts/postgres.sh || true
	$(BIN)/python -m pytest -n logical

check: $(TEST) ## lint, format, types, layers, words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_words.py

soak: $(TEST) ## kill importers on each store, a day of a display (tests/soak); about an hour
	$(BIN)/python -m pytest -s tests/soak --timeout 0

fuzz: $(TEST) ## damaged files at the gate (tests/fuzz): 20,000 mutations
	$(BIN)/python -m pytest -s tests/fuzz --timeout 0

bench: $(TEST) ## speed beside the peers and limits, kept in docs/benchmarks.md
	$(BIN)/python -m benchmarks --write

data: $(TEST) ## rebuild the embedded data (needs Debian's gmt and gmt-dcw)
	$(BIN)/python -m data.build

screenshots: $(TEST) ## take the README's pictures anew
	$(BIN)/python scripts/screenshots.py

lock: $(TEST) ## resolve the locked versions anew
	sh scripts/lock.sh

clean: ## remove the virtual environment and caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(APP): pyproject.toml requirements.lock scripts/setup.sh
	sh scripts/setup.sh requirements.lock
	@touch $@

$(TEST): pyproject.toml requirements-test.lock scripts/setup.sh
	sh scripts/setup.sh requirements-test.lock
	@touch $(APP) $@
