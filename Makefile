# The only entry point: everything a person or CI does with this checkout is a word here.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A folder made by `make wheelhouse` elsewhere: with it, nothing here touches the network.
WHEELHOUSE ?=
PIP_SOURCE := $(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE),)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet $(PIP_SOURCE)

# Benchmarks and tests load runtimes of their own; `ipse` itself says this to them wherever it runs.
export ORT_DISABLE_TELEMETRY := 1

.PHONY: help install weights demo test clients fleet sbom audit check trial bench soak gpu wheelhouse lock docs site fuzz

help: ## What can be said here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.run ## Make .venv with Ipse and what it needs (WHEELHOUSE=DIR for a machine without network)

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ipse needs Python 3.11 or later: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.venv requirements/run.lock pyproject.toml
	@echo "Installing Ipse into $(VENV) (about 600 MB unpacked) ..."
	$(PIP) --require-hashes -r requirements/run.lock
	$(PIP) --no-index --no-build-isolation --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	@echo "Installing what the tests need ..."
	$(PIP) --require-hashes -r requirements/dev.lock
	touch $@

weights: $(VENV)/.run
	@if [ -n "$(WHEELHOUSE)" ]; then $(BIN)/ipse models load $(WHEELHOUSE)/weights.tar; else $(BIN)/ipse models fetch; fi

demo: $(VENV)/.run weights ## Install, fetch weights, start the server, verify real pictures, leave it running (DEMO_EXIT=1 stops it)
	$(BIN)/python -m demo.tour

sbom: $(VENV)/.dev ## Everything that Ipse is made of, packages and weights, as CycloneDX: sbom.cdx.json
	$(BIN)/python requirements/sbom.py sbom.cdx.json

audit: $(VENV)/.dev ## Licences of all of it, and known vulnerabilities where their database can be asked
	$(BIN)/python requirements/audit.py

check: $(VENV)/.dev ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

# What needs more than Python, PostgreSQL and the weights, or lasts longer.
CLIENTS := tests/conformance tests/browser tests/console tests/docs
FLEET := tests/fleet tests/deploy

test: $(VENV)/.dev weights ## Every test but those of `make clients` and `make fleet`
	$(BIN)/python -m pytest -n 2 $(addprefix --ignore=,$(CLIENTS) $(FLEET))

clients: $(VENV)/.dev weights ## Vendors' samples and SDKs, every snippet of the docs, capture page and console in browsers (what they need: .ci/run)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(wildcard $(CLIENTS))

fleet: $(VENV)/.dev weights ## Many processes on one PostgreSQL: a minute of chaos, upgrades, erasure, inference elsewhere, what deploys it
	$(BIN)/python -m pytest -n 2 --dist loadfile $(wildcard $(FLEET))

bench: $(VENV)/.dev $(VENV)/.bench weights ## Speed beside two open rivals, accuracy, cards, honest rates, quality (about 90 minutes; needs ../shared)
	$(BIN)/python benchmarks/speed/run.py
	PYTHONPATH=.:benchmarks $(BIN)/python benchmarks/speed/dialects.py
	PYTHONPATH=.:benchmarks $(BIN)/python benchmarks/speed/genuineness.py
	PYTHONPATH=. $(BIN)/python benchmarks/speed/iapp.py
	PYTHONPATH=.:benchmarks:benchmarks/speed $(BIN)/python benchmarks/fleet/speed.py
	$(BIN)/python benchmarks/accuracy/tar.py
	$(BIN)/python benchmarks/accuracy/card_portraits.py
	PYTHONPATH=. $(BIN)/python benchmarks/accuracy/card_corners.py
	PYTHONPATH=. $(BIN)/python benchmarks/accuracy/card_reading.py --soak 1000
	PYTHONPATH=. $(BIN)/python benchmarks/accuracy/card_checks.py
	PYTHONPATH=. $(BIN)/python benchmarks/accuracy/card_faults.py
	$(BIN)/python benchmarks/accuracy/calibration_honesty.py
	$(BIN)/python benchmarks/accuracy/quality_report.py

$(VENV)/.bench: requirements/rivals.lock
	$(PYTHON) -m venv .venv-rivals
	.venv-rivals/bin/python -m pip --disable-pip-version-check install --quiet $(PIP_SOURCE) --no-deps --require-hashes -r requirements/rivals.lock
	touch $@

trial: $(VENV)/.dev weights ## Ten thousand spoilt requests over all dialects, and a minute of 64 clients (CI runs it after the tests)
	PYTHONPATH=.:benchmarks $(BIN)/python tests/fuzz/fuzz_wire.py 10000
	PYTHONPATH=.:benchmarks $(BIN)/python benchmarks/speed/load.py 60

soak: $(VENV)/.dev weights ## Long runs: memory, 200,000 spoilt requests, ten minutes of load, five of chaos, ten of fuzzing
	$(BIN)/python benchmarks/speed/soak.py
	PYTHONPATH=.:benchmarks $(BIN)/python benchmarks/fleet/chaos.py 300
	PYTHONPATH=.:benchmarks $(BIN)/python tests/fuzz/fuzz_wire.py 200000
	PYTHONPATH=.:benchmarks $(BIN)/python benchmarks/speed/load.py 600
	PYTHONPATH=benchmarks/speed $(BIN)/python tests/fuzz/fuzz_openapi.py 300
	$(BIN)/python tests/fuzz/fuzz_images.py 300
	$(BIN)/python tests/fuzz/fuzz_body.py -max_total_time=300
	PYTHONPATH=. $(BIN)/python tests/fuzz/fuzz_bundle.py -max_total_time=120

gpu: $(VENV)/.dev weights ## What needs a CUDA device (never part of CI)
	$(BIN)/python -m pytest tests/gpu

wheelhouse: $(VENV)/.dev weights ## Everything a machine without network needs, in wheelhouse/
	$(BIN)/python -m pip --disable-pip-version-check download --quiet --require-hashes -r requirements/run.lock -d wheelhouse
	$(BIN)/python -m pip --disable-pip-version-check download --quiet --require-hashes -r requirements/dev.lock -d wheelhouse
	$(BIN)/ipse models bundle wheelhouse/weights.tar
	@echo "Carry this checkout and wheelhouse/ over; there: make install WHEELHOUSE=wheelhouse && make demo WHEELHOUSE=wheelhouse"

site: $(VENV)/.dev weights ## The documentation as a site, in site/, with pictures of the console (docs/site.py serve: to look at it while you write)
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/site.py

docs: $(VENV)/.dev ## Write the generated pages anew
	$(BIN)/python docs/generate.py

lock: $(VENV)/.venv ## Compile the locks anew (hashes, no addresses, nothing of this machine)
	$(PYTHON) requirements/compile.py
