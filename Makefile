# Every command of the project. `make help` prints them.
# A fresh machine needs Python 3.11 or newer and GNU make; the rest is installed here, in .venv and node_modules.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
CODE := jit kit router subgraphs helpnest tests migrations bench
WORKERS ?= auto
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help up demo test test-fast check format schema config lock clean bench bench-router bench-subgraph bench-lists bench-streams bench-reload bench-hostile bench-start bench-planning bench-replay audit http-audit clients compat jit-conformance wycheproof bench-edge

help: ## Print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# --- what needs nothing but Python ---------------------------------------------------

up: $(VENV)/web.stamp ## Run the whole product on this machine, with demo data (HOST=, PORT=)
	@$(PY) -m helpnest up $(ARGS)

demo: $(VENV)/run.stamp ## Print how to sign in to the demo company
	@$(PY) -m helpnest demo $(ARGS)

test: $(VENV)/dev.stamp node_modules/.stamp ## Run every test
	$(PY) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

test-fast: $(VENV)/dev.stamp ## Run the tests that need no server
	$(PY) -m pytest -q tests/unit kit jit router $(ARGS)

check: $(VENV)/dev.stamp node_modules/.stamp ## Style, types, imports, house rules, schema and migrations in step
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/basedpyright
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m pytest -q -p no:randomly tests/house tests/contract

format: $(VENV)/dev.stamp ## Format, and mend what can be mended by rule
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

schema: $(VENV)/dev.stamp node_modules/.stamp ## Export each subgraph's SDL and compose the supergraph into schema/
	$(PY) -m helpnest compose

config: $(VENV)/dev.stamp ## Write docs/configuration.md and schema/router.schema.json from the settings
	$(PY) -m router config-docs > docs/configuration.md
	$(PY) -m router config-schema > schema/router.schema.json

# --- benchmarks and public suites, by hand -------------------------------------------

bench: bench-router bench-subgraph ## Compare with the peers, side by side

bench-router: $(VENV)/dev.stamp ## The router beside Apollo Gateway, Hive Gateway and a hand-written plan
	$(PY) -m bench.router $(ARGS)

bench-subgraph: $(VENV)/dev.stamp ## A subgraph beside stock Strawberry, PostGraphile and a hand-written handler
	$(PY) -m bench.subgraph $(ARGS)

bench-lists: $(VENV)/dev.stamp ## Every list of the app on the large demo company (helpnest demo --size large)
	$(PY) -m bench.lists $(ARGS)

bench-replay: $(VENV)/dev.stamp ## A real log through the whole stack: ARGS="<its file> --events 3000"
	$(PY) -m bench.replay $(ARGS)

bench-edge: $(VENV)/dev.stamp ## What identity, limits and HTTP cost on a tiny query
	$(PY) -m bench.edge

bench-streams: $(VENV)/dev.stamp ## A thousand subscriptions on one process: an event to all, and all of them gone
	$(PY) -m bench.streams $(ARGS)

bench-reload: $(VENV)/dev.stamp ## Fifty clients while the supergraph changes twenty times
	$(PY) -m bench.reload $(ARGS)

bench-hostile: $(VENV)/dev.stamp ## How long each hostile request takes, and others beside it
	$(PY) -m bench.hostile $(ARGS)

bench-planning: $(VENV)/dev.stamp ## What a new operation costs before its first fetch
	$(PY) -m bench.planning $(ARGS)

bench-start: $(VENV)/dev.stamp ## How long the router takes to be ready, and what it holds when idle
	$(PY) -m bench.start $(ARGS)

audit: $(VENV)/dev.stamp ## Run the federation gateway audit: AUDIT=<its folder>
	$(PY) -m tests.support.audit $(AUDIT) $(ARGS)

compat: $(VENV)/dev.stamp ## Put Hive Gateway in the router's place, and compare their answers
	$(PY) -m tests.support.compat

http-audit: $(VENV)/dev.stamp ## Run the GraphQL over HTTP audits of npm's graphql-http on a router
	$(PY) -m pytest -q tests/e2e/router/test_http_audits.py $(ARGS)

clients: $(VENV)/dev.stamp ## Let Apollo Client and others, in Node, ask a router
	$(PY) -m pytest -q tests/e2e/clients $(ARGS)

jit-conformance: $(VENV)/dev.stamp ## Run graphql-core's own execution tests on jit: GRAPHQL_CORE=<its folder>
	$(PY) -m tests.support.jit_conformance $(GRAPHQL_CORE) $(ARGS)

wycheproof: $(VENV)/dev.stamp ## Hold tokens against Wycheproof's vectors: WYCHEPROOF=<its folder>
	$(PY) -m tests.support.wycheproof $(WYCHEPROOF)

# --- what the project stands on ------------------------------------------------------

UV_COMPILE := $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/dev.stamp ## Lock requirements and node packages anew
	$(UV_COMPILE) -o requirements/run.txt requirements/run.in
	$(UV_COMPILE) -c requirements/run.txt -o requirements/web.txt requirements/web.in
	$(UV_COMPILE) -c requirements/web.txt -o requirements/dev.txt requirements/dev.in

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "HelpNest needs Python 3.11 or newer; '$(PYTHON)' is older. Name another: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt | $(PY)
	@echo "Installing what HelpNest needs into $(VENV) …"
	@$(PY) -m pip install -q --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/web.stamp: requirements/web.txt | $(PY)
	@echo "Installing what HelpNest needs into $(VENV) …"
	@$(PY) -m pip install -q --require-hashes -r requirements/web.txt
	@touch $@ $(VENV)/run.stamp

$(VENV)/dev.stamp: requirements/dev.txt | $(PY)
	@echo "Installing what the tests need into $(VENV) …"
	@$(PY) -m pip install -q --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/run.stamp $(VENV)/web.stamp

# The composer is the one npm package; the Node that runs it comes from PyPI.
node_modules/.stamp: package-lock.json | $(VENV)/dev.stamp
	@echo "Installing the composer into node_modules …"
	@$(PY) -c "from helpnest.composition.node import find_node, install; install(find_node(), print)"
	@touch $@

clean: ## Remove what was installed and built; keeps .helpnest (the data)
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .hypothesis
