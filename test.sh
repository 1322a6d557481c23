#!/bin/sh
# Run all tests, two at a time, the browser ones in the system's Chromium. More words go to pytest: ./test.sh -x tests/models
set -eu
cd "$(dirname "$0")"
./run.sh --prepare requirements.txt requirements-dev.txt
exec .venv/bin/python -m pytest -q -n "${REGULARS_TEST_WORKERS:-2}" --dist worksteal -m "not slow" "$@"
