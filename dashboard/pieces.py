"""Cards as they go over the wire: drawn once, kept as compressed text, joined without being compressed again."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

# The zlib format (`Content-Encoding: deflate`), because its checksum of a whole follows from those of the parts.
_HEAD, _END = b"\x78\x9c", b"\x03\x00"
_MODULUS = 65521
LEVEL = 6
# What the compressed pieces of a process may take together.
ROOM = 16 * 1024 * 1024


@dataclass(frozen=True)
class Piece:
    """A part of an answer: compressed blocks that end on a byte, with the checksum and size of what they hold."""

    squeezed: bytes
    checksum: int
    size: int

    @staticmethod
    def of(text: bytes) -> Piece:
        squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        squeezed = squeezer.compress(text) + squeezer.flush(zlib.Z_FULL_FLUSH)
        return Piece(squeezed, zlib.adler32(text), len(text))


def joined(pieces: Iterable[Piece]) -> bytes:
    """One zlib stream of all pieces in order."""
    parts, low, high = [_HEAD], 1, 0
    for piece in pieces:
        parts.append(piece.squeezed)
        next_low, next_high = piece.checksum & 0xFFFF, piece.checksum >> 16
        high = (high + next_high + piece.size * (low - 1)) % _MODULUS
        low = (low + next_low - 1) % _MODULUS
    return b"".join([*parts, _END, ((high << 16) | low).to_bytes(4, "big")])


class Common(Protocol):
    """Where the processes of a server keep pieces for each other."""

    def get(self, key: Hashable) -> Piece | None: ...

    def put(self, key: Hashable, piece: Piece) -> None: ...


class Shelf:
    """Pieces by what they were made from, the longest unused dropped beyond `room` bytes.

    Args:
        common: where other processes may have the piece already.
    """

    def __init__(self, room: int = ROOM, common: Common | None = None) -> None:
        self._room, self._common = room, common
        self._lock = threading.Lock()
        self._pieces: OrderedDict[Hashable, Piece] = OrderedDict()
        self._bytes = 0

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._bytes

    def get(self, key: Hashable, make: Callable[[], tuple[bytes, bool]]) -> Piece:
        """The piece of `key`, or the one that `make` makes; it is kept if `make` says so."""
        with self._lock:
            if key in self._pieces:
                self._pieces.move_to_end(key)
                return self._pieces[key]
        found = self._common.get(key) if self._common else None
        if found is not None:
            self._put(key, found)
            return found
        text, is_kept = make()
        piece = Piece.of(text)
        if is_kept:
            self._put(key, piece)
            if self._common:
                self._common.put(key, piece)
        return piece

    def _put(self, key: Hashable, piece: Piece) -> None:
        with self._lock:
            if key not in self._pieces:
                self._pieces[key] = piece
                self._bytes += len(piece.squeezed)
            while self._bytes > self._room:
                _, dropped = self._pieces.popitem(last=False)
                self._bytes -= len(dropped.squeezed)
