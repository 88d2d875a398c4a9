#!/usr/bin/env bash
# Builds the lean plotly bundle into dashboard/assets/vendor/, once for each state of its sources.
# Without Node, or without a registry to install from, the bundle that comes with Dash serves instead.
set -euo pipefail
cd "$(dirname "$0")"
target=../../dashboard/assets/vendor
stamp="$target/plotly.stamp"
state=$(cat package.json package-lock.json bundle.cjs build.mjs | sha256sum | cut -d' ' -f1)

if [ -f "$target/plotly.min.js" ] && [ -f "$target/runtime.min.js" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then
  exit 0
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Node is not installed: the default plotly bundle serves." >&2
  rm -f "$target/plotly.min.js" "$target/runtime.min.js" "$stamp"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp package.json package-lock.json bundle.cjs build.mjs "$work"
mkdir -p "$target"
if (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 && node build.mjs plotly.min.js runtime.min.js >&2); then
  mv "$work/plotly.min.js" "$work/runtime.min.js" "$target/"
  echo "$state" >"$stamp"
else
  echo "The lean plotly bundle could not be built: the default bundle serves." >&2
  rm -f "$target/plotly.min.js" "$target/runtime.min.js" "$stamp"
fi
