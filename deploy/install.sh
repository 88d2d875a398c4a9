#!/usr/bin/env bash
# Installs the server from this folder, asking no network: install.sh [TARGET], by default /opt/governance.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/governance}
read -r wanted machine <"$here/BUILT-WITH"
python=$(command -v "python$wanted" || true)
[ -n "$python" ] || { echo "Python $wanted is needed (the wheels were collected with it)" >&2; exit 1; }
[ "$(uname -m)" = "$machine" ] || { echo "the wheels are for $machine, this machine is $(uname -m)" >&2; exit 1; }
(cd "$here" && sha256sum --quiet --check SHA256SUMS) || { echo "a file was damaged on its way" >&2; exit 1; }
mkdir -p "$target"
cp -r "$here/program/." "$target/"
[ -x "$target/.venv/bin/python" ] || "$python" -m venv "$target/.venv"
"$target/.venv/bin/python" -m pip install --quiet --no-index --find-links "$here/wheels" -r "$target/requirements.txt"
touch "$target/.venv/.run"
(cd "$target" && .venv/bin/python -c 'import app')
echo "installed in $target; go on with docs/operating.md, section 2"
