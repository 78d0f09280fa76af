#!/bin/sh
# Resolves requirements.lock (the app) and requirements-test.lock (the app and the test tools).
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install --quiet uv
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}
compile pyproject.toml scripts/build-requirements.in --extra app -o requirements.lock
compile pyproject.toml scripts/build-requirements.in --extra app --group test -c requirements.lock \
    -o requirements-test.lock
