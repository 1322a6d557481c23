# For developers. Using the product needs only ./run.sh, testing it only ./test.sh.
PY = .venv/bin/python
.PHONY: help check test test-slow bench dev lock format

help:
	@echo "make check | test | test-slow | bench | dev | format | lock"

check:            ## style, types and the direction of imports
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

format:
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

test:
	./test.sh

test-slow:        ## the tests marked slow, which ./test.sh leaves out, and the sweep, which .ci/run leaves out
	./test.sh -m slow

bench:            ## what is measured: ours, the peer's and the ratio; ONLY=import runs one
	$(PY) -m pip install --quiet --no-deps lifetimes==0.11.3 autograd==1.9.1 dill==0.4.1 mlxtend==0.25.0  # peers, needed nowhere else
	$(PY) -m tests.bench $(ONLY)

dev:              ## serve with reruns on save
	$(PY) -m streamlit run app.py --server.fileWatcherType auto

lock:             ## how to relock: raise what pyproject.toml asks for, then `make lock`; UPGRADE=1 takes the newest
	$(PY) -m pip install --quiet uv==0.13.9
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 $(if $(UPGRADE),--upgrade) \
		--custom-compile-command "make lock" --group run -o requirements.txt
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 $(if $(UPGRADE),--upgrade) \
		--custom-compile-command "make lock" --group dev -c requirements.txt -o requirements-dev.txt
