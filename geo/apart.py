"""Reading a file of shapes in a process of its own: `python apart.py FILE OUT MEMORY_BYTES CPU_SECONDS NAME CRS`.

It writes JSON: a layer as in `geo.travelling`, or why there is none.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path


def main(path: str, out: str, memory: int, seconds: int, name: str, crs: str) -> None:
    """Read `path` under limits and write JSON to `out`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The interpreter is started isolated, so it does not know where the program is.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        from data.errors import UnreadableFileError, UsageError
        from geo.travelling import document_of, refusal_document

        try:
            result = document_of(name, Path(path).read_bytes(), crs or None)
        except UnreadableFileError as refusal:
            result = refusal_document("file", refusal)
        except UsageError as refusal:
            result = refusal_document("usage", refusal)
        text = json.dumps(result, ensure_ascii=False)
    except (MemoryError, ImportError, OSError):
        # Libraries that get no memory do not always call it so.
        text = json.dumps({"error": "memory"})
    Path(out).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], sys.argv[6])
