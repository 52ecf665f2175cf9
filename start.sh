#!/bin/sh
# Starts Flowloom: the first time it installs what it needs into the folder .venv, then it opens your browser.
set -eu
cd "$(dirname "$0")"

tell() { printf '\n  %s\n' "$@" >&2; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ ! -x .venv/bin/python ]; then
  for found in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    new_enough "$found" && python="$found" && break
  done
  if [ -z "${python:-}" ]; then
    tell "Flowloom needs Python 3.11 or newer." "Get it from https://www.python.org/downloads/, then start this again."
    exit 1
  fi
  if ! "$python" -m venv .venv; then
    rm -rf .venv
    tell "Python could not make a folder for Flowloom." "On Debian or Ubuntu, install python3-venv first, then start this again."
    exit 1
  fi
fi

# Up to date already? Then nothing is installed, and no network is needed.
if [ ! -e .venv/run ] || [ requirements.lock -nt .venv/run ] || [ pyproject.toml -nt .venv/run ]; then
  [ -e .venv/run ] || tell "Installing Flowloom. This takes a few minutes, once."
  {
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    [ -e .venv/dev ] || .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps -e .
  } || {
    tell "Flowloom could not be installed." "Check your internet connection, then start this again."
    exit 1
  }
  touch .venv/uv .venv/run
fi

exec .venv/bin/flowloom open --browser "$@"
