"""What the page loads besides its data: few files, in the order they are needed, nothing that is not used.

Dash lists one script an asset and one a package, all of them before anything is drawn. Small ones are put together here,
the tables' are left to be loaded with the first table (`assets/tables.js`), and substitutes for browsers of ten years ago
are left out (docs/decisions/0016).
"""

from __future__ import annotations

import hashlib
import pkgutil
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import flask_bootstrap
from dash.fingerprint import check_fingerprint

from dashboard.theme import stylesheet

ASSETS = Path(__file__).parent / "assets"
PLOTLY, RUNTIME = (ASSETS / "vendor" / f"{name}.min.js" for name in ("plotly", "runtime"))
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
CODE_PATH, STYLE_PATH = "/code.js", "/style.css"
SUITES = "/_dash-component-suites/"
# Chunks that the first page asks for: loaded ahead, under the addresses their packages give them.
CHUNKS = (f"{SUITES}dash/dcc/async-dropdown.js",)
# The frame, which Dash asks for once more.
FRAME = "/_dash-layout"
TABLES = "dash_ag_grid.min.js"
WHOLE_PLOTLY = f"{SUITES}plotly/package_data/plotly.min.js"
# Dash's own table, which no page has.
UNUSED = ("dash_table/bundle",)
LIBRARIES, SUBSTITUTES = "/deps/", "/deps/polyfill"
RUNTIME_PATH = "/assets/vendor/runtime.min.js"
BOOT = "boot.js"
# Lets a browser compile the whole file beside what else it does, not piece by piece when it is used.
EAGER = b"//# allFunctionsCalledOnLoad"
SCRIPT = re.compile(r'<script src="([^"]+)"></script>\s*')
SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """A file put together, and what its content is known by."""

    content: bytes
    version: str


def _file(parts: list[bytes], between: bytes) -> File:
    content = between.join(SOURCE_MAP.sub(b"", part) for part in parts)
    return File(content, hashlib.sha256(content).hexdigest()[:16])


@dataclass(frozen=True)
class Scripts:
    """The scripts of the page.

    Attributes:
        together: addresses of those that are put into one file: React, and our own.
        alone: addresses of Dash's own, each by itself: some load parts of themselves by their own address.
        tables: address of the one that draws tables, loaded with the first of them.
        charts: address of the one that draws charts, loaded beside the others: the lean one where it was built.
        rest: what of the markup was no address.
    """

    together: tuple[str, ...]
    alone: tuple[str, ...]
    tables: str
    charts: str
    rest: str

    @staticmethod
    def of(markup: str) -> Scripts:
        """The scripts of Dash's own markup, sorted by how they are loaded."""
        libraries: list[str] = []
        alone: list[str] = []
        tables = ""
        for address in SCRIPT.findall(markup):
            # Our own are listed below: Dash names them only from its second page on, in each process by itself.
            if not address.startswith(SUITES) or any(part in address for part in UNUSED):
                continue
            if check_fingerprint(address)[0].endswith(TABLES):
                tables = address
            elif LIBRARIES in address:
                libraries.append(address)
            else:
                alone.append(address)
        if RUNTIME.exists():
            libraries = [RUNTIME_PATH, *(address for address in libraries if SUBSTITUTES not in address)]
        own = [f"/assets/{path.name}" for path in sorted(ASSETS.glob("*.js")) if path.name != BOOT]
        charts = f"/assets/vendor/{PLOTLY.name}?m={PLOTLY.stat().st_mtime}" if PLOTLY.exists() else WHOLE_PLOTLY
        rest = SCRIPT.sub("", markup).strip()
        return Scripts((*libraries, *own), tuple(alone), tables, charts, rest)

    def markup(self) -> str:
        """The script elements that stand by themselves, in the order they run once `assets/first.js` lets them begin."""
        return held_back("\n".join([*(f'<script src="{address}"></script>' for address in self.alone), self.rest]))

    def code(self) -> str:
        """The script element that runs at once: it must come after those held back."""
        return f'<script src="{CODE_PATH}?v={code_file(self.together).version}"></script>'

    def links(self) -> str:
        """Elements of the head that fetch early what the page will ask for, in the order it will."""
        code = f"{CODE_PATH}?v={code_file(self.together).version}"
        style = f'<link rel="stylesheet" href="{STYLE_PATH}?v={style_file().version}">'
        first = f'<link rel="preload" as="script" href="{code}">'
        # Run when it has come, whatever else has: read by the browser while it is on its way.
        charts = f'<script async fetchpriority="high" id="gd-charts" src="{self.charts}"></script>'
        frame = f'<link rel="preload" as="fetch" crossorigin href="{FRAME}">'
        later = [f'<link rel="x-later" href="{path}">' for path in (*self.alone, *CHUNKS)]
        return "\n".join([charts, style, first, frame, *later])


def _content(address: str) -> bytes:
    """What is served under an address of Dash's markup."""
    path = address.partition("?")[0]
    if not path.startswith(SUITES):
        return (ASSETS / path.removeprefix("/assets/")).read_bytes()
    package, _, name = check_fingerprint(path.removeprefix(SUITES))[0].partition("/")
    found = pkgutil.get_data(package, name)
    if found is None:
        raise FileNotFoundError(address)
    return found


@cache
def code_file(addresses: tuple[str, ...]) -> File:
    """The scripts under these addresses as one."""
    return _file([EAGER, *(_content(address) for address in addresses)], b"\n;\n")


@cache
def style_file() -> File:
    """All style sheets as one: Bootstrap, the theme's values, the product's own."""
    own = [path.read_bytes() for path in sorted(ASSETS.glob("*.css"))]
    return _file([BOOTSTRAP.read_bytes(), stylesheet().encode(), *own], b"\n")


def held_back(scripts: str) -> str:
    """Script elements that do nothing until `assets/first.js` lets them begin."""
    return re.sub(r'<script( type="[^"]*")?', '<script type="application/x-later"', scripts)


@cache
def boot_script() -> str:
    """The script that runs before anything else, small enough to stand in the page itself."""
    return (ASSETS / BOOT).read_text("utf-8").strip()


def boot_hash() -> str:
    """What the content policy knows `boot_script` by."""
    return "'sha256-" + b64encode(hashlib.sha256(boot_script().encode()).digest()).decode() + "'"
