"""Files made to harm whoever reads them, sent as a browser sends them: how soon they are refused, and what they take."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from data.store import migrate, open_store
from tests.data.importing.files import part_of, squares, with_part, workbook
from tests.small_city import build_small_city
from tests.soak.figures import Figure, at_most, none_of, told
from tests.soak.serving import Server, gunicorn

# Beyond what an ordinary file of its kind takes: most are refused before a process for them is started.
BAR_SECONDS = 1.0
# What a request of any kind may leave or take for a moment; the files inflate to 1 400.
BAR_MEGABYTES = 64
PATIENCE_SECONDS = 300
MB = 2**20
ROWS = {"小区": [("小区编号", "小区名称", "所属区划代码"), ("X1", "试写苑", "990001001")]}
LAUGHS = "<!DOCTYPE l [<!ENTITY l0 'ha'>" + "".join(
    f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
XML = "<?xml version='1.0' encoding='UTF-8'?>"
STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"


def book() -> bytes:
    """An ordinary small workbook."""
    return workbook(ROWS)


def declared(part: str, declaration: str, before: str = "") -> bytes:
    """A workbook with a document type declaration in one of its parts."""
    text = part_of(book(), part).decode().partition("?>")[2]
    return with_part(book(), part, f"{XML}{before}{declaration}{text}".encode())


def bomb(*, is_forged: bool = False, inner: str = SHEET) -> bytes:
    """11 MB that inflate to 1.4 GB; forged: its list of contents says that it is small."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book())) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            if name != inner:
                new.writestr(name, old.read(name))
        new.writestr("xl/media/padding.bin", noise(9_500_000), zipfile.ZIP_STORED)
        row = b"<row><c t='inlineStr'><is><t>" + b"x" * 80 + b"</t></is></c></row>"
        block = row * (MB // len(row))
        with new.open(inner, "w", force_zip64=True) as part:
            part.write(b"<worksheet><sheetData>")
            for _ in range(1400):
                part.write(block)
            part.write(b"</sheetData></worksheet>")
    content = target.getvalue()
    return forged(content, inner) if is_forged else content


def noise(size: int) -> bytes:
    """Bytes that cannot be compressed, the same every time."""
    import random

    return random.Random(1).randbytes(size)


def forged(content: bytes, inner: str) -> bytes:
    """The zip with 1 000 as the inflated size of one member in its central directory, and the checksum of that much."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(inner) as part:
        checksum = zlib.crc32(part.read(1000))
    changed = bytearray(content)
    place = changed.rfind(b"PK\x01\x02", 0, changed.rfind(inner.encode()))
    struct.pack_into("<I", changed, place + 16, checksum)
    struct.pack_into("<I", changed, place + 24, 1000)
    return bytes(changed)


def far_corner(last: str) -> bytes:
    """A workbook with one cell at the start and one at `last`."""
    number = last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    sheet = (
        f"{XML}<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
        f"<row r='1'><c r='A1'><v>1</v></c></row><row r='{number}'><c r='{last}'><v>1</v></c></row>"
        "</sheetData></worksheet>"
    )
    return with_part(book(), SHEET, sheet.encode())


def shapes_bomb() -> bytes:
    """A packed Shapefile whose shapes inflate to 1.4 GB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("a.dbf", b"x")
        new.writestr("a.shx", b"x")
        with new.open("a.shp", "w") as part:
            for _ in range(1400):
                part.write(bytes(MB))
    return target.getvalue()


ORDINARY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an ordinary workbook": ("月报.xlsx", book), "an ordinary layer": ("图.geojson", squares),
}  # fmt: skip
FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "0 bytes": ("空.xlsx", bytes),
    "11 MB that inflate to 1.4 GB": ("弹.xlsx", bomb),
    "the same, its list of contents forged": ("弹.xlsx", lambda: bomb(is_forged=True)),
    "billion laughs in the workbook": ("笑.xlsx", lambda: declared("xl/workbook.xml", LAUGHS)),
    "billion laughs in the strings": ("笑.xlsx", lambda: declared(STRINGS, LAUGHS)),
    "the same behind 70 KB of comment": ("笑.xlsx", lambda: declared(STRINGS, LAUGHS, f"<!--{' ' * 70_000}-->")),
    "an external entity": ("外.xlsx", lambda: declared(SHEET, XXE)),
    "billion laughs without a workbook around": ("笑.xlsx", lambda: f"{XML}{LAUGHS}<a>&l9;</a>".encode()),
    "one cell in the last corner of a sheet": ("角.xlsx", lambda: far_corner("XFD1048576")),
    "one cell 40 million cells away": ("角.xlsx", lambda: far_corner("AK1048576")),
    "GeoJSON of a million brackets": ("图.geojson", lambda: b'{"type":"FeatureCollection","features":' + b"[" * MB),
    "a packed Shapefile that inflates to 1.4 GB": ("图.zip", shapes_bomb),
    "a GeoPackage that is none": ("图.gpkg", lambda: b"SQLite format 3\0" + noise(4096)),
}  # fmt: skip


@dataclass
class Peak:
    """The most memory that processes held meanwhile, MB: the server's worker, and whatever it started."""

    worker: float = 0.0
    children: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def watch(self, worker: int) -> None:
        """Look every few milliseconds."""
        while not self._stop.is_set():
            self.worker = max(self.worker, resident(worker))
            self.children = max(self.children, sum(map(resident, children_of(worker))))
            self._stop.wait(0.003)


def resident(process: int) -> float:
    """Megabytes a process holds; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096 / MB
    except (OSError, IndexError):
        return 0.0


def children_of(process: int) -> list[int]:
    """Processes that any thread of `process` started."""
    found: list[int] = []
    for each in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, each.read_text().split())
        except OSError:
            continue
    return found


@contextmanager
def watched(worker: int) -> Iterator[Peak]:
    """The peak while the block runs."""
    peak = Peak()
    thread = threading.Thread(target=peak.watch, args=(worker,))
    thread.start()
    try:
        yield peak
    finally:
        peak._stop.set()
        thread.join()


class Visitor:
    """A browser on the page 数据 of a server."""

    def __init__(self, server: Server) -> None:
        self._server, self._address = server, f"http://127.0.0.1:{server.port}"
        self._session = requests.Session()
        self._session.headers["Origin"] = self._address
        self._session.get(self._address)
        self._session.headers["X-CSRFToken"] = self._session.cookies["_csrf_token"]
        listed = self._session.get(f"{self._address}/_dash-dependencies").json()
        self._check = next(each for each in listed if each["output"] == "data-job.data")

    def verdict(self, name: str, content: bytes) -> str:
        """Send a file and wait until it is refused or checked; the words of the refusal, empty for none."""
        sent = self._session.post(
            f"{self._address}/data/upload", files={"files": (name, content)}, headers={"X-Governance-Upload": "zh"}
        )
        if sent.status_code >= 500:
            raise RuntimeError(f"{sent.status_code} for {name}")
        if sent.status_code != 200:
            return sent.text
        token = sent.json()["token"]
        values = {"data-upload": {"token": token}}
        body = {
            "output": "data-job.data", "outputs": {"id": "data-job", "property": "data"},
            "inputs": [{**each, "value": values.get(each["id"], "")} for each in self._check["inputs"]],
            "state": [{**each, "value": None} for each in self._check["state"]],
            "changedPropIds": ["data-upload.data"],
        }  # fmt: skip
        self._session.post(f"{self._address}/_dash-update-component", json=body).raise_for_status()
        return self._waited(token)

    def _waited(self, token: str) -> str:
        place = self._server.folder / "uploads" / token
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            state: dict[str, Any] = json.loads((place / "state.json").read_text("utf-8"))
            if state["phase"] == "checked":
                return str(json.loads((place / "report.json").read_text("utf-8"))["refusal"])
            if state["phase"] != "checking":
                return f"{state['phase']} {state['message']}"
            time.sleep(0.005)
        raise RuntimeError("not refused in time")


def files() -> list[Figure]:
    """The step `hostile-files`."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'store.db'}")
        migrate(engine)
        build_small_city(engine)
        engine.dispose()
        made = {what: (name, make()) for what, (name, make) in (ORDINARY | FILES).items()}
        with gunicorn(str(engine.url), workers=1, DASHBOARD_WARM_UP="false") as server:
            visitor, worker = Visitor(server), server.children()[0]
            # The first files bring libraries into memory that stay.
            for what in ORDINARY:
                visitor.verdict(*made[what])
            found: list[Figure] = []
            usual: dict[str, float] = {}
            accepted = 0
            for what, (name, content) in made.items():
                before = resident(worker)
                with watched(worker) as peak:
                    begun = time.monotonic()
                    said = visitor.verdict(name, content)
                    taken = time.monotonic() - begun
                if what in ORDINARY:
                    found.append(told(f"{what}, for comparison: checked in", f"{taken:.2f} s"))
                    usual[Path(name).suffix] = taken
                    continue
                found += [
                    at_most(
                        f"{what}: refused in",
                        round(taken, 2),
                        round(BAR_SECONDS + usual.get(Path(name).suffix, 0), 2),
                        " s",
                    ),
                    at_most("  server above what it held", round(peak.worker - before), BAR_MEGABYTES, " MB"),
                    told("  process that parsed it, at most", f"{peak.children:.0f} MB"),
                    told(f"  {said.splitlines()[0][:70] if said else '-'}", ""),
                ]
                accepted += not said
            same = server.children() == [worker]
        return [
            *found, none_of("hostile files taken", accepted, len(FILES)),
            none_of("workers that were replaced", int(not same), 1),
        ]  # fmt: skip
