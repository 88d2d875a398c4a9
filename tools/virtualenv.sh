#!/usr/bin/env bash
# Makes the virtual environment $1 with Python 3.11 or newer, installing Debian's venv module where it is missing.
set -euo pipefail
venv=$1
[ -x "$venv/bin/python" ] && exit 0
python=
for candidate in python3.11 python3.12 python3.13 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  "$(dirname "$0")/system-packages.sh" venv
fi
"$python" -m venv "$venv"
