"""Parsing a file somebody sent in a process of its own, under limits, holding nothing worth stealing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import UnreadableFileError

# All a child is given of the environment: no address of the store, no key. One thread, because each would reserve memory
# of its own for its stack and its buffers.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Limits:
    """What parsing one file may use."""

    memory_bytes: int = 6 * 2**30
    seconds: int = 180


DEFAULT_LIMITS = Limits()


def parse_apart(script: Path, name: str, content: bytes, limits: Limits, *arguments: str) -> dict[str, Any]:
    """Run `python script IN OUT MEMORY_BYTES CPU_SECONDS *arguments` on `content` and return the JSON it wrote.

    Args:
        name: of the file, for the message.

    Raises:
        UnreadableFileError: `too_large`: it used up its memory or its time, or ended without a word.
    """
    with tempfile.TemporaryDirectory(prefix="apart-") as folder:
        source, out = Path(folder) / "in", Path(folder) / "out.json"
        source.write_bytes(content)
        command = [
            sys.executable, "-I", str(script), str(source), str(out), str(limits.memory_bytes), str(limits.seconds),
            *arguments,
        ]  # fmt: skip
        try:
            # Waits a little longer than the CPU limit, for a child that sleeps instead of working.
            subprocess.run(
                command, timeout=limits.seconds * 2, capture_output=True, check=False, env=ENVIRONMENT, cwd=folder
            )
        except subprocess.TimeoutExpired as error:
            raise too_much(name) from error
        try:
            found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError) as error:
            raise too_much(name) from error
    return found


def too_much(name: str) -> UnreadableFileError:
    """The refusal of a file that needs more than its share."""
    return UnreadableFileError(
        "文件太大或太复杂，读取时超出了内存或时间限制", where=name, why="为了不影响其他使用者，每个文件只分给有限的资源",
        todo="请删除多余的内容后另存，或按月份、按县区拆成几个文件", code="too_large",
    )  # fmt: skip
