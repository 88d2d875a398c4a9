"""Files between upload and commit: kept on the server under a token nobody can guess, gone after a day."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Any

TOKEN_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
KEPT_SECONDS = 24 * 3600
LONGEST_NAME = 200
MANIFEST, FILES = "manifest.json", "files"


class UploadGoneError(LookupError):
    """There is no upload of that token: it expired, or never was."""


def plain_name(name: str) -> str:
    """The last part of a file name as a browser sent it, without control characters, cut to 200 characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable()).strip()
    return kept[-LONGEST_NAME:] or "file"


class Uploads:
    """A folder with one folder an upload. Several processes may share it.

    Args:
        folder: made when first needed, readable by the server's account alone.
        kept_seconds: how long an upload stays.
    """

    def __init__(self, folder: Path, *, kept_seconds: float = KEPT_SECONDS) -> None:
        self.folder = folder
        self.kept_seconds = kept_seconds

    def keep(self, files: Iterable[tuple[str, IO[bytes]]]) -> str:
        """Store the files in the order given and return their token. Uploads past their time are removed first."""
        self.sweep()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self.folder / token
        (place / FILES).mkdir(parents=True, mode=0o700)
        listed = []
        for number, (name, stream) in enumerate(files):
            with (place / FILES / str(number)).open("wb") as target:
                shutil.copyfileobj(stream, target, 1 << 20)
                size = target.tell()
            # What the file is called is written down, never used as a path.
            listed.append({"name": plain_name(name), "size": size})
        self.write(token, MANIFEST, {"files": listed})
        return token

    def place(self, token: Any) -> Path:
        """The folder of an upload. Raises `UploadGoneError`."""
        if isinstance(token, str) and TOKEN.fullmatch(token):
            place = self.folder / token
            if place.is_dir() and not self._is_old(place):
                return place
        raise UploadGoneError

    def names(self, token: str) -> list[dict[str, Any]]:
        """Name and size in bytes of every file, in order."""
        manifest = self.read(token, MANIFEST) or {"files": []}
        files: list[dict[str, Any]] = manifest["files"]
        return files

    def contents(self, token: str) -> list[tuple[str, bytes]]:
        """Name and bytes of every file, in order."""
        place = self.place(token)
        return [
            (str(file["name"]), (place / FILES / str(number)).read_bytes())
            for number, file in enumerate(self.names(token))
        ]

    def read(self, token: str, name: str) -> Any:
        """A JSON document kept with the upload; None if there is none."""
        try:
            return json.loads((self.place(token) / name).read_text("utf-8"))
        except FileNotFoundError:
            return None

    def write(self, token: str, name: str, document: Any) -> None:
        """Keep a JSON document with the upload; a reader sees the old one or the new one, never half of it."""
        self.write_bytes(token, name, json.dumps(document, ensure_ascii=False).encode())

    def write_bytes(self, token: str, name: str, content: bytes) -> None:
        """Keep bytes with the upload."""
        place = self.place(token)
        fresh = place / f".{name}.{os.getpid()}.{threading.get_ident()}"
        fresh.write_bytes(content)
        fresh.replace(place / name)

    def claim(self, token: str, name: str) -> bool:
        """True for the first caller of any process, False for all others until `release`."""
        try:
            (self.place(token) / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def release(self, token: str, name: str) -> None:
        """Take a claim back."""
        (self.place(token) / name).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove uploads past their time and return how many."""
        removed = 0
        for place in self.folder.iterdir() if self.folder.is_dir() else ():
            if place.is_dir() and TOKEN.fullmatch(place.name) and self._is_old(place):
                shutil.rmtree(place, ignore_errors=True)
                removed += 1
        return removed

    def _is_old(self, place: Path) -> bool:
        try:
            return time.time() - (place / FILES).stat().st_mtime > self.kept_seconds
        except FileNotFoundError:
            # Being made this moment, or being removed.
            return False
