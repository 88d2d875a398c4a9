"""Opening a file of shapes without letting it reach beyond itself: size, container, what may be inside.

GeoJSON is parsed here, GeoPackage and Shapefile are copied into a private directory and read by pyogrio under a fixed
name. Nothing that points elsewhere (VRT, /vsicurl/, linked tables) is followed.
"""

from __future__ import annotations

import io
import json
import lzma
import sqlite3
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from data.errors import UnreadableFileError
from geo.dbf import readable_dbf

MAX_BYTES = 64 * 1024 * 1024
# What a zip may inflate to, as a multiple of the limit on the file itself.
INFLATE_FACTOR = 4

_GPKG_IDS = {b"GPKG", b"GP10", b"GP11"}
_SHAPEFILE_PARTS = (".shp", ".dbf", ".shx")
_SHAPEFILE_SIDE = (".prj", ".cpg")


@dataclass(frozen=True)
class OgrSource:
    """A file pyogrio may open: its path, the layers in it and the encoding of its text (None: its own)."""

    path: Path
    layers: tuple[str, ...]
    encoding: str | None = None


def load_bytes(source: Path | str | bytes, *, where: str, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a local file, or `source` itself when it is bytes.

    Raises:
        UnreadableFileError: not a local file (codes `external_reference`, `no_file`), `empty` or `too_large`.
    """
    if isinstance(source, bytes):
        _check_size(len(source), where, max_bytes)
        return source
    text = str(source)
    if "://" in text or text.lstrip("/").lower().startswith("vsi"):
        raise external_reference(where)
    path = Path(source)
    if not path.is_file():
        raise UnreadableFileError("找不到文件", where=where, todo="请检查文件名与路径", code="no_file")
    _check_size(path.stat().st_size, where, max_bytes)
    return path.read_bytes()


def _check_size(size: int, where: str, max_bytes: int) -> None:
    if size == 0:
        raise UnreadableFileError("文件是空的（0 字节）", where=where, todo="请重新导出后再上传", code="empty")
    if size > max_bytes:
        raise _too_large(where, size, max_bytes)


def _too_large(where: str, size: int, limit: int) -> UnreadableFileError:
    return UnreadableFileError(
        f"文件过大：{size / 2**20:.0f} MB",
        where=where,
        why=f"图形文件（解压后）最多 {limit / 2**20:.0f} MB",
        todo="请先简化边界，或按县区拆成几个文件",
        code="too_large",
    )


def external_reference(where: str) -> UnreadableFileError:
    """The refusal of anything that points to data outside the file."""
    return UnreadableFileError(
        "文件引用了外部数据",
        where=where,
        why="只读取上传文件本身的内容，不读取虚拟图层（VRT）或网络地址",
        todo="请把图层直接导出为 GeoJSON、GeoPackage 或打包的 Shapefile",
        code="external_reference",
    )


def sniff(content: bytes, *, where: str) -> str:
    """`geojson`, `gpkg` or `zip`, told by content and never by the file's name.

    Raises:
        UnreadableFileError: code `external_reference` for a VRT, else `unknown_format`.
    """
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if content.startswith(b"SQLite format 3\0") and content[68:72] in _GPKG_IDS:
        return "gpkg"
    if head.startswith(b"{"):
        return "geojson"
    if b"<OGRVRTDataSource" in head or b"<VRTDataset" in head:
        raise external_reference(where)
    raise UnreadableFileError(
        "不是可识别的图形文件",
        where=where,
        why="支持 GeoJSON、GeoPackage（.gpkg）与打包为 .zip 的 Shapefile",
        todo="请从制图软件导出为以上格式之一；Shapefile 请把 .shp、.dbf、.shx、.prj 一起打包",
        code="unknown_format",
    )


def parse_geojson(content: bytes, *, where: str) -> dict[str, Any]:
    """The FeatureCollection in `content`; a single Feature becomes a collection of one.

    Raises:
        UnreadableFileError: code `corrupt`: not JSON, not GeoJSON, or numbers that are not numbers.
    """

    def refuse_constant(_: str) -> None:
        raise ValueError("NaN")

    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise corrupt(where, "内容不是完整的 JSON（UTF-8）") from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        document = {"type": "FeatureCollection", "crs": document.get("crs"), "features": [document]}
    features = document.get("features") if kind in {"Feature", "FeatureCollection"} else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise corrupt(where, "不是 GeoJSON 的 FeatureCollection")
    return dict(document)


def corrupt(where: str, why: str) -> UnreadableFileError:
    """The refusal of a file that breaks off or is not what it claims to be."""
    return UnreadableFileError("文件损坏，无法读取", where=where, why=why, todo="请重新导出后再上传", code="corrupt")


@contextmanager
def opened_gpkg(content: bytes, *, where: str) -> Iterator[OgrSource]:
    """A GeoPackage in a private directory, after looking at its schema; gone when the block ends.

    Raises:
        UnreadableFileError: `corrupt`; `external_reference` for virtual tables other than the spatial index.
    """
    with tempfile.TemporaryDirectory(prefix="geo-") as folder:
        path = Path(folder) / "layer.gpkg"
        path.write_bytes(content)
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as db:
                made_by = db.execute("SELECT name, type, lower(coalesce(sql, '')) FROM sqlite_master").fetchall()
                layers = db.execute(
                    "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name"
                ).fetchall()
        except sqlite3.Error as error:
            raise corrupt(where, "GeoPackage 的目录表读不出来") from error
        foreign = [s for _, _, s in made_by if s.startswith("create virtual table") and "using rtree" not in s]
        tables = {name for name, kind, _ in made_by if kind == "table"}
        if foreign or any(name not in tables for (name,) in layers):
            raise external_reference(where)
        yield OgrSource(path, tuple(name for (name,) in layers))


@contextmanager
def opened_shapefile(content: bytes, *, where: str, layer: str | None = None, max_inflated: int) -> Iterator[OgrSource]:
    """The Shapefile of a zip in a private directory, its text encoding settled; gone when the block ends.

    Only .shp, .dbf, .shx, .prj and .cpg are taken out, under names of our own.

    Raises:
        UnreadableFileError: `corrupt`, `encrypted`, `too_large` (by the zip's own header, before anything inflates),
            `external_reference` (a VRT inside), `incomplete_shapefile`, `several_layers`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _shapefile_parts(archive, where, layer, max_inflated)
            taken = {suffix: archive.read(member) for suffix, member in parts.items()}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError) as error:
        raise corrupt(where, "压缩包不完整") from error
    cpg = taken.pop(".cpg", b"").decode("ascii", "ignore")
    taken[".dbf"], encoding = readable_dbf(taken[".dbf"], cpg=cpg, where=where)
    with tempfile.TemporaryDirectory(prefix="geo-") as folder:
        for suffix, data in taken.items():
            (Path(folder) / f"layer{suffix}").write_bytes(data)
        yield OgrSource(Path(folder) / "layer.shp", ("layer",), encoding)


def _shapefile_parts(
    archive: zipfile.ZipFile, where: str, layer: str | None, max_inflated: int
) -> dict[str, zipfile.ZipInfo]:
    members = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
    total = sum(m.file_size for m in members)
    if total > max_inflated:
        raise _too_large(where, total, max_inflated)
    if any(m.flag_bits & 0x1 for m in members):
        raise UnreadableFileError("压缩包设了密码", where=where, todo="请去掉密码后重新打包", code="encrypted")
    stems: dict[str, dict[str, zipfile.ZipInfo]] = defaultdict(dict)
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.suffix.lower() == ".vrt":
            raise external_reference(where)
        if name.suffix.lower() in _SHAPEFILE_PARTS + _SHAPEFILE_SIDE:
            stems[str(name.with_suffix(""))][name.suffix.lower()] = member
    found = {stem: parts for stem, parts in stems.items() if ".shp" in parts}
    if layer is not None:
        found = {stem: parts for stem, parts in found.items() if PurePosixPath(stem).name == layer}
    if len(found) > 1:
        raise several_layers(where, sorted(PurePosixPath(stem).name for stem in found))
    parts = next(iter(found.values()), {})
    missing = [suffix for suffix in _SHAPEFILE_PARTS if suffix not in parts]
    if missing:
        raise UnreadableFileError(
            f"压缩包缺少 {'、'.join(missing)}" if found else "压缩包里没有 Shapefile",
            where=where,
            why="一个 Shapefile 至少由 .shp、.dbf、.shx 三个同名文件组成",
            todo="请把同名的全部文件（连同 .prj）一起打包",
            code="incomplete_shapefile",
        )
    return parts


def several_layers(where: str, names: list[str]) -> UnreadableFileError:
    """The refusal to guess which of several layers is meant."""
    return UnreadableFileError(
        f"文件里有 {len(names)} 个图层：{'、'.join(names[:8])}",
        where=where,
        why="不能猜测要导入哪一个",
        todo="请指定图层名，或只保留一个图层",
        code="several_layers",
    )
