#!/usr/bin/env bash
# Debian packages that are not Python's: `venv` for the virtual environment, `test` for a browser, a database server
# and a Chinese font, `soak` for what the long trials look at decks with. Installs what is missing where it may, else
# says what to install.
set -euo pipefail
missing=()
case ${1:-} in
  venv) missing=(python3-venv) ;;
  test)
    [ -x /usr/bin/chromium ] || missing+=(chromium)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    { command -v fc-list >/dev/null && fc-list :lang=zh | grep -q .; } || missing+=(fontconfig fonts-noto-cjk)
    ;;
  soak)
    # Opens decks as another program does and turns their pages into pictures.
    command -v soffice >/dev/null || missing+=(libreoffice-impress)
    command -v pdftoppm >/dev/null || missing+=(poppler-utils)
    ;;
  *) echo "usage: $0 venv|test|soak" >&2; exit 2 ;;
esac
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=sudo; else
    echo "please install: apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi
if ! command -v apt-get >/dev/null; then
  echo "please install: ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
