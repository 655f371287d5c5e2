# `make help` lists the targets. Each of them sets up .venv first; it is set up anew when the packaging changes.

PYTHON ?= python3
# Handed to pip, for example to name an index that holds PyTorch's CPU or CUDA build of your choice.
PIP_ARGS ?=
# How many tests run at once.
JOBS ?= 2
# `smallest` trains for seconds instead of minutes, to see that everything works; its scores mean nothing.
DEMO_SIZE ?= full
DEMO_RUN ?= runs/demo

BIN := .venv/bin
# Parallel tests on few cores: one thread each, or they wait for one another.
TEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal
NUMERIC := precision products lstm embedding hierarchy network language_network copying loss text_loss \
	scheduled_sampling search sampling streaming scoring fusion constraints training
ifeq ($(DEMO_SIZE),smallest)
DEMO_ARGS := -c size/tiny --trainer.max_steps 30 --trainer.val_check_interval 30
# So little work is done sooner by one thread.
export OMP_NUM_THREADS := 1
endif

# None of them is in the training text.
define DEMO_SENTENCES
She helped ten police officers in the hotel last week.
How much does a white comb cost in Beijing?
This newspaper is more expensive than that novel.
My younger sister went to the cinema by bicycle last night.
Tom is not as friendly as Daniel.
endef
export DEMO_SENTENCES

# Nor are these reports, or any name, number or date in them (which are made like those of the sample corpus).
define DEMO_REPORTS
On June 30, the board of Kelmark met to talk about new machines. The canteen of Triolio is closed on May 21. It was agreed to spend 729 dollars, and Kelwick will lead the work. A vote about night shifts was put off until May 29.
因为药品送到时已经损坏，凯朗集团退给赵向明517元。李向华订的口罩没有损坏。这笔钱在7月29日汇出。
endef
export DEMO_REPORTS

# What a person says to the model. No conversation of the training text has these two names.
define DEMO_TALK
Hello, I am your new neighbour, my name is Willa.
From Madrid. And you?
Do you live alone?
What is my name, do you remember?
And where do I come from?
endef
define DEMO_TALK_ZH
你好，我是新来的邻居，我叫陈文静。
大连。你呢？
你一个人住吗？
你还记得我叫什么吗？
那我是哪里来的？
endef
export DEMO_TALK DEMO_TALK_ZH

.DEFAULT_GOAL := help
.PHONY: help demo demo-dialogue demo-others test test-slow test-avx2 test-all lint format docs clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.venv/.ok: pyproject.toml constraints.txt
	@echo "Setting up .venv: a minute or two"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) -c constraints.txt -e '.[dev]'
	@touch $@

# It trains for fewer epochs than `fit` does of itself, and two models at once: a second core makes one training little
# faster. So two cores are through with all four tasks in ten minutes.
demo: .venv/.ok ## Train on the sample corpora, score the test splits, translate, summarize, write, talk
	@rm -rf $(DEMO_RUN)
	@mkdir -p $(DEMO_RUN)
	@$(MAKE) --no-print-directory -j 2 demo-dialogue demo-others
	$(BIN)/seq2seq evaluate $(DEMO_RUN)/dialogue --split test
	@echo "$$DEMO_TALK" > $(DEMO_RUN)/talk.en
	@echo "$$DEMO_TALK_ZH" > $(DEMO_RUN)/talk.zh
	$(BIN)/seq2seq chat $(DEMO_RUN)/dialogue < $(DEMO_RUN)/talk.en > $(DEMO_RUN)/replies.en
	@sed 's/^/> /' $(DEMO_RUN)/talk.en | paste -d '\n' - $(DEMO_RUN)/replies.en
	$(BIN)/seq2seq chat $(DEMO_RUN)/dialogue < $(DEMO_RUN)/talk.zh > $(DEMO_RUN)/replies.zh
	@sed 's/^/> /' $(DEMO_RUN)/talk.zh | paste -d '\n' - $(DEMO_RUN)/replies.zh
	@echo "Texts of your own, one a line:  $(BIN)/seq2seq translate $(DEMO_RUN)/translation"
	@echo "                                $(BIN)/seq2seq summarize $(DEMO_RUN)/summarization"
	@echo "Tales that begin as you like:   $(BIN)/seq2seq generate $(DEMO_RUN)/generation --interactive"
	@echo "Talk to the last model:         $(BIN)/seq2seq chat $(DEMO_RUN)/dialogue"

demo-dialogue:
	@echo "A dialogue model trains beside the other three, see $(DEMO_RUN)/dialogue.log"
	@$(BIN)/seq2seq fit dialogue --threads 1 --trainer.max_epochs 3 $(DEMO_ARGS) --run_dir $(DEMO_RUN)/dialogue \
		> $(DEMO_RUN)/dialogue.log 2>&1 || { cat $(DEMO_RUN)/dialogue.log; exit 1; }

demo-others:
	$(BIN)/seq2seq fit translation --threads 1 --trainer.max_epochs 6 $(DEMO_ARGS) --run_dir $(DEMO_RUN)/translation
	$(BIN)/seq2seq evaluate $(DEMO_RUN)/translation --split test --threads 1
	@echo "$$DEMO_SENTENCES" > $(DEMO_RUN)/new.en
	$(BIN)/seq2seq translate $(DEMO_RUN)/translation $(DEMO_RUN)/new.en > $(DEMO_RUN)/new.zh
	@paste -d '\n' $(DEMO_RUN)/new.en $(DEMO_RUN)/new.zh
	$(BIN)/seq2seq fit summarization --threads 1 --trainer.max_epochs 5 $(DEMO_ARGS) --run_dir $(DEMO_RUN)/summarization
	$(BIN)/seq2seq evaluate $(DEMO_RUN)/summarization --split test --threads 1
	@echo "$$DEMO_REPORTS" > $(DEMO_RUN)/reports.txt
	$(BIN)/seq2seq summarize $(DEMO_RUN)/summarization $(DEMO_RUN)/reports.txt > $(DEMO_RUN)/summaries.txt
	@paste -d '\n' $(DEMO_RUN)/reports.txt $(DEMO_RUN)/summaries.txt
	$(BIN)/seq2seq fit generation --threads 1 --trainer.max_epochs 3 $(DEMO_ARGS) --run_dir $(DEMO_RUN)/generation
	$(BIN)/seq2seq evaluate $(DEMO_RUN)/generation --split test --threads 1
	$(BIN)/seq2seq generate $(DEMO_RUN)/generation --prompt "On a clear morning"
	$(BIN)/seq2seq generate $(DEMO_RUN)/generation --prompt "从前，"

test: .venv/.ok ## Run the fast tests (under 5 minutes on 2 cores)
	$(TEST)

test-slow: .venv/.ok ## Run the slow tests: every config, two processes, kills, the wheel
	$(TEST) -m slow

# Tests that compute: networks, decoding, training. PyTorch and oneDNN use no more of the processor than AVX2.
test-avx2: .venv/.ok ## Run the tests of numbers as on a processor with AVX2 only (no AVX-512, no bfloat16)
	ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=avx2 $(TEST) $(addprefix tests/seq2seq/test_,$(addsuffix .py,$(NUMERIC)))

test-all: test test-slow ## Run all tests

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

clean: ## Remove the environment and what tools left; runs/ and data/ stay
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
