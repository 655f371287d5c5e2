# `make help` lists the targets. Each of them sets up .venv first; it is set up anew when the packaging changes.

PYTHON ?= python3
# Handed to pip, for example to name an index that holds PyTorch's CPU or CUDA build of your choice.
PIP_ARGS ?=
# How many tests run at once.
JOBS ?= 2
# Further options of pytest.
PYTEST_ARGS ?=
# Tests start hundreds of processes; without cached bytecode each would compile the package again.
export PYTHONDONTWRITEBYTECODE :=
# `full` trains as long as `fit` does; `smallest` for seconds, to see that everything works: its scores mean nothing.
DEMO_SIZE ?= demo
DEMO_RUN ?= runs/demo

BIN := .venv/bin
# Parallel tests on few cores: one thread each, or they wait for one another.
TEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal --durations 20 $(PYTEST_ARGS)
NUMERIC := network decoding training/test_loss.py training/test_scheduled_sampling.py training/test_training_copies.py \
	training/test_training_precision.py models/test_source_model.py evaluation/test_running_text.py evaluation/test_text_loss.py \
	tokenization/test_incremental_text.py tokenization/test_utf8.py runs/test_averaging.py runs/test_fit.py
# A protocol's `Self` cannot be checked at a call.
SHAPED := $(filter-out seq2seq/decoding/step_model.py,$(shell grep -rl --include=*.py jaxtyping seq2seq))
comma := ,

.DEFAULT_GOAL := help
.PHONY: help demo web test test-slow test-gpu test-numbers test-all lint format docs clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.venv/.ok: pyproject.toml constraints.txt
	@echo "Setting up .venv: a minute or two"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) -c constraints.txt -e '.[dev]'
	@touch $@

demo: .venv/.ok ## Train four models, score them, show what they can do
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.demo --size $(DEMO_SIZE) --run_dir $(DEMO_RUN)

web: .venv/.ok ## Build and install what `seq2seq export --format web` needs, with npm
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps ./packaging/web

test: .venv/.ok ## Run the fast tests (2 to 6 minutes on 2 cores)
	$(TEST)

test-slow: .venv/.ok ## Run the slow tests: every config, two processes, kills, the wheel
	$(TEST) -m 'slow and not gpu'

test-gpu: .venv/.ok ## Run the tests that need a GPU, one at a time
	$(BIN)/python -m pytest --durations 20 $(PYTEST_ARGS) -m gpu

# Tests that compute: networks, decoding, mixed precision. PyTorch and oneDNN use no more of the processor than AVX2, and
# the shapes that annotations name are checked at every call, which takes as long as the computing itself.
test-numbers: .venv/.ok ## Run the tests of numbers again: as with AVX2 only (no AVX-512, no bfloat16), all shapes checked
	ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=avx2 $(TEST) --hypothesis-profile thorough \
		--jaxtyping-packages=$(subst $() ,$(comma),$(subst /,.,$(basename $(SHAPED))) beartype.beartype) \
		$(addprefix tests/seq2seq/,$(NUMERIC))

test-all: test test-numbers test-slow ## Run all tests

lint: .venv/.ok ## Check the format, the lint rules and the types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: .venv/.ok ## Format the code and mend what can be mended by rule
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/.ok ## Check every link in the documents, and that the generated parts are fresh
	$(BIN)/python docs/check_links.py
	$(BIN)/python docs/make_cli.py --check
	$(BIN)/python docs/make_rooms_picture.py --check

clean: ## Remove the environment and what tools left; runs/ and data/ stay
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
