"""Files that never change are compressed once a process, instead of at every request."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict

from flask import Request, Response

COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
SMALLEST_BYTES = 1024
LEVEL = 6
KEPT = 128


class Squeezer:
    """Compressed bodies of static files by path and version. The ETag stays, so a browser's copy can be confirmed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bodies: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def squeeze(self, request: Request, response: Response) -> None:
        """Compress `response` in place where the browser takes gzip and it is worth it."""
        if (
            request.method != "GET"
            or response.status_code != 200
            or "Content-Encoding" in response.headers
            or not (response.mimetype or "").startswith(COMPRESSIBLE)
            or not request.accept_encodings["gzip"]
        ):
            return
        version = response.get_etag()[0] or response.headers.get("Last-Modified", "")
        if not version:
            return
        body = self._body((request.path, version), response)
        if body is None:
            return
        response.set_data(body)
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")

    def _body(self, key: tuple[str, str], response: Response) -> bytes | None:
        with self._lock:
            if key in self._bodies:
                self._bodies.move_to_end(key)
                return self._bodies[key]
        response.direct_passthrough = False
        plain = response.get_data()
        if len(plain) < SMALLEST_BYTES:
            return None
        # The same bytes for the same file: no time stamp inside.
        body = gzip.compress(plain, LEVEL, mtime=0)
        with self._lock:
            self._bodies[key] = body
            while len(self._bodies) > KEPT:
                self._bodies.popitem(last=False)
        return body
