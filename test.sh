#!/bin/sh
# Run all tests, the browser ones in the system's Chromium. More words go to pytest: ./test.sh -x tests/models
set -eu
cd "$(dirname "$0")"
./run.sh --prepare requirements.txt requirements-dev.txt
exec .venv/bin/python -m pytest -q -m "not slow" "$@"
