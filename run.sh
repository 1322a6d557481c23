#!/bin/sh
# Start Regulars and open http://localhost:8501. Needs Python 3.11 or newer, nothing else. More words go to Streamlit:
#   ./run.sh --server.port 8600
# `./run.sh --prepare FILE...` only makes .venv and installs the requirements in the files named (test.sh uses it).
set -eu
cd "$(dirname "$0")"

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

make_environment() {
    for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python; do
        if "$python" -c "$new_enough" 2>/dev/null; then
            if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
                echo "This Python can't make environments yet. On Debian or Ubuntu: sudo apt install python3-venv" >&2
                exit 1
            fi
            echo "Making .venv with $("$python" --version)"
            "$python" -m venv --clear .venv
            return
        fi
    done
    echo "Regulars needs Python 3.11 or newer: https://www.python.org/downloads, or set PYTHON=/path/to/python3" >&2
    exit 1
}

prepare() {
    .venv/bin/python -c "$new_enough" 2>/dev/null || make_environment
    changed=''
    for file in "$@"; do # a stamp beside the packages says which version of the file they came from
        [ "$(cat ".venv/$file.stamp" 2>/dev/null)" = "$(cksum "$file")" ] || changed="$changed -r $file"
    done
    [ -n "$changed" ] || return 0
    echo "Installing$changed (once; a minute or two)"
    # shellcheck disable=SC2086 # the words are meant to be split
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input $changed
    for file in "$@"; do cksum "$file" >".venv/$file.stamp"; done
}

if [ "${1:-}" = --prepare ]; then
    shift
    prepare "$@"
    exit 0
fi
prepare requirements.txt
# One heap for all threads: with one for each, glibc keeps what pages are done with, some 50 MB; elsewhere it does nothing.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
echo "Starting Regulars (Ctrl+C ends it)"
exec .venv/bin/python -m streamlit run app.py "$@"
