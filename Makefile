# Needs python3 (3.11 or newer) and make; everything else is installed into .venv.
PYTHON ?= python3
BIN    := .venv/bin
PEERS  := zen-engine==2.1.3 rule-engine==5.1.0

.DEFAULT_GOAL := help
.PHONY: help demo test test-services lint format typecheck docs-check wheel-check coverage differential columns mutate prove planted questions workbooks bench bench-batch fuzz lock supply news catalogue docs docs-serve clean

help:
	@echo 'make demo         assess the example centre, in Chinese and in English'
	@echo 'make test         run the tests                 make test-services  those with PostgreSQL and Spark'
	@echo 'make lint         ruff: rules and format        make format       mend the format'
	@echo 'make typecheck    mypy --strict                 make docs-check   docs against code'
	@echo 'make wheel-check  build, install and run the wheel away from the checkout'
	@echo 'make coverage     tests with branch coverage    make bench        against other engines'
	@echo 'make differential engine against reference: RULEBOOKS=3000 generated ones, EVALUATIONS=5000000 of expressions'
	@echo 'make columns      decisions by columns against the single engine, about FIRMS=200000 generated firms, and'
	@echo '                  a batch against the reference evaluator, about SAMPLE=2000'
	@echo 'make bench-batch  a batch against hand-written SQL, and alone, with ROWS=1000000 firms; all rules'
	@echo 'make mutate       change one figure of the rules at a time: does a case notice?'
	@echo 'make prove        what holds for every applicant, by Z3    make planted   audit PAYMENTS=100000 with faults'
	@echo 'make questions    how many questions an interview asks'
	@echo 'make workbooks    recompute the shipped results in LibreOffice'
	@echo 'make fuzz         each target for SECONDS=60, guided by coverage; what breaks stays in fuzz/found'
	@echo 'make lock         pin and hash what is installed     make supply   its bill of materials and licences'
	@echo 'make news         what the next release will say'
	@echo 'make catalogue    write the pages that the rules and the code say: measures, schemas, errors'
	@echo 'make docs         build the documentation into site/   make docs-serve   and open it on this machine'
	@echo 'make clean        remove environments and caches'

demo: .venv/base.stamp
	$(BIN)/incentives check example:centre --on 2024-06-01 --lang zh
	@echo
	$(BIN)/incentives check example:centre --on 2024-06-01 --lang en

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n auto

# Installs PostgreSQL and Java from the distribution where it may; what is not there, skips.
# The newest DuckDB whose extension for PostgreSQL is on the package index stands apart.
ATTACH = duckdb==1.5.5 duckdb-extension-postgres-scanner==1.5.5
test-services: .venv/services.stamp
	tests/services/install.sh
	$(BIN)/python -m pytest --services tests/services

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

typecheck: .venv/dev.stamp
	$(BIN)/mypy

docs-check: .venv/dev.stamp
	$(BIN)/python -m pytest -q tests/architecture/test_docs.py

coverage: .venv/dev.stamp
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing

RULEBOOKS ?= 3000
SEED      ?= 0
EVALUATIONS ?= 5000000
differential: .venv/dev.stamp
	$(BIN)/python -m tests.reference.differential --rulebooks $(RULEBOOKS) --seed $(SEED) --profiles 40 --refined 10
	$(BIN)/python -m tests.reference.expressions --evaluations $(EVALUATIONS) --seed 1

FIRMS ?= 200000
SAMPLE ?= 2000
columns: .venv/dev.stamp
	$(BIN)/python -m tests.batch.compare --rows $(FIRMS) --epochs 20 --chunk 50000 --seed 1
	$(BIN)/python -m tests.batch.reference --firms $(SAMPLE) --seed 1

mutate: .venv/dev.stamp
	$(BIN)/incentives rules test --mutate

prove: .venv/dev.stamp
	$(BIN)/incentives rules prove --all

PAYMENTS ?= 100000
planted: .venv/dev.stamp
	$(BIN)/python -m tests.audit.planted --payments $(PAYMENTS)

questions: .venv/dev.stamp
	$(BIN)/python -m tests.reference.interviews --profiles 10

workbooks: .venv/dev.stamp
	$(BIN)/python -m tests.unit.office.libreoffice

# Built twice to the same bytes, installed alone, run away from the checkout.
WHEEL = .venv-wheel
wheel-check:
	rm -rf $(WHEEL)
	$(PYTHON) -m venv $(WHEEL)/build
	$(WHEEL)/build/bin/python -m pip install -q build hatchling
	for n in 1 2; do SOURCE_DATE_EPOCH=1700000000 $(WHEEL)/build/bin/python -m build -q --no-isolation --outdir $(WHEEL)/dist$$n .; done
	cd $(WHEEL) && for file in dist1/*; do cmp $$file dist2/$${file#dist1/}; done && ls -l dist1
	$(PYTHON) -m venv $(WHEEL)/empty
	$(WHEEL)/empty/bin/python -m pip install -q $(WHEEL)/dist1/*.whl
	cd $(WHEEL) && empty/bin/incentives check example:centre --on 2024-06-01 --lang en
	cd $(WHEEL) && empty/bin/python -X importtime -c 'import incentives' 2>&1 | tail -n 1
	cd $(WHEEL) && for words in 'template -o form.xlsx' 'receipt example:centre --on 2024-06-01' 'rules prove --all'; do \
		empty/bin/incentives --lang en $$words 2>&1 | tee absent.txt; grep -q 'pip install' absent.txt || exit 1; done

bench: .venv-bench/stamp
	.venv-bench/bin/python benchmarks/run.py

ROWS ?= 1000000
bench-batch: .venv/dev.stamp
	$(BIN)/python benchmarks/batch_by_hand.py --rows $(ROWS)
	$(BIN)/python benchmarks/batch_large.py --rows $(ROWS)
	$(BIN)/python benchmarks/batch_columns.py --rows $(ROWS)
	$(BIN)/python benchmarks/batch_rulebook.py

SECONDS ?= 60
fuzz: .venv-fuzz/stamp
	.venv-fuzz/bin/python fuzz/run.py $(SECONDS)

news: .venv/dev.stamp
	$(BIN)/towncrier build --draft --version next

# Pins for CPython 3.11; `pip install --require-hashes -r requirements/dev.txt` installs just these.
COMPILE = .venv-supply/bin/pip-compile --quiet --strip-extras --generate-hashes --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --unsafe-package incentives
lock: .venv-supply/stamp
	mkdir -p requirements
	$(COMPILE) -o requirements/base.txt pyproject.toml
	$(COMPILE) --extra dev -o requirements/dev.txt pyproject.toml
	sed -i '/^# WARNING: The following packages/,$$d' requirements/base.txt requirements/dev.txt

supply: .venv-supply/stamp
	.venv-supply/bin/python -m venv --clear --without-pip .venv-supply/base
	.venv-supply/bin/python -m pip --python .venv-supply/base/bin/python install -q --require-hashes -r requirements/base.txt
	.venv-supply/bin/cyclonedx-py environment --output-reproducible -o requirements/base.cdx.json .venv-supply/base
	.venv-supply/bin/pip-licenses --python .venv-supply/base/bin/python --format=markdown \
		--ignore-packages pip setuptools > docs/licences.md

# The search needs a server: a browser gives no worker to pages opened from the disk.
docs: .venv-docs/stamp
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --quiet

docs-serve: docs
	cd site && ../.venv-docs/bin/python -m http.server --bind 127.0.0.1 8000

catalogue: .venv/base.stamp
	$(BIN)/python docs/make_catalogue.py
	$(BIN)/python docs/make_schemas.py
	$(BIN)/python docs/make_errors.py

clean:
	rm -rf .venv .venv-wheel .venv-bench .venv-docs .venv-fuzz .venv-supply site build dist htmlcov .coverage .coverage.*
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than pyproject.toml once what it names is installed. The
# package is installed editable: a change of the sources needs no new install.
.venv/python.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/base.stamp: pyproject.toml | .venv/python.stamp
	$(BIN)/python -m pip install -q -e .
	@touch $@

.venv/dev.stamp: pyproject.toml | .venv/python.stamp
	$(BIN)/python -m pip install -q -e '.[dev]'
	@touch .venv/base.stamp $@

.venv/services.stamp: .venv/dev.stamp
	$(BIN)/python -m pip install -q -e '.[dev,postgres,spark]'
	$(BIN)/python -m pip install -q --no-deps --target .venv/duckdb-attach $(ATTACH)
	@touch $@

.venv-supply/stamp: Makefile
	$(PYTHON) -m venv .venv-supply
	.venv-supply/bin/python -m pip install -q pip-tools cyclonedx-bom pip-licenses
	@touch $@

.venv-fuzz/stamp: pyproject.toml
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install -q -e '.[audit]' atheris
	@touch $@

.venv-docs/stamp: pyproject.toml
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install -q -e '.[docs]'
	@touch $@

# A peer that cannot be installed here is left out; run.py says which.
.venv-bench/stamp: pyproject.toml Makefile
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install -q -e .
	for peer in $(PEERS); do .venv-bench/bin/python -m pip install -q $$peer || echo "not installed: $$peer"; done
	@touch $@
