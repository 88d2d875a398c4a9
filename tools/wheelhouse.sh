#!/usr/bin/env bash
# Packs all that a machine without a network needs to run the server into folder $2, with interpreter $1: the wheels of
# requirements.txt, the program, the plotly bundle, and a script that installs them there.
set -euo pipefail
python=$1
target=$2
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
rm -rf "$target"
mkdir -p "$target/wheels" "$target/program"
"$python" -m pip download --quiet --disable-pip-version-check --only-binary=:all: \
  --dest "$target/wheels" -r requirements.txt pip setuptools wheel
tar -cf - --exclude=__pycache__ --exclude=node_modules \
  app.py gunicorn.conf.py requirements.txt README.md CHANGELOG.md Makefile \
  callbacks dashboard data deploy docs geo layouts tools | tar -xf - -C "$target/program"
cp deploy/install.sh "$target/install.sh"
cp docs/installing-offline.md "$target/README.md"
"$python" - "$target/BUILT-WITH" <<'PY'
import platform, sys
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write(f"{platform.python_version_tuple()[0]}.{platform.python_version_tuple()[1]} {platform.machine()}\n")
PY
(cd "$target" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
echo "$target: $(find "$target/wheels" -name '*.whl' | wc -l) wheels, $(du -sh "$target" | cut -f1)"
