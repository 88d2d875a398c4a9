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


# What a workbook needs beside its own text, and how many times its text: twice what ordinary ones were seen to need.
BASE_BYTES, TIMES_INFLATED = 256 * 2**20, 16
BASE_ANSWER_BYTES, ANSWER_TIMES_INFLATED = 64 * 2**20, 4


@dataclass(frozen=True)
class Limits:
    """What parsing one file may use, and how long its answer may be."""

    memory_bytes: int = 4 * 2**30
    seconds: int = 180
    answer_bytes: int = 2**30

    def of_size(self, inflated: int) -> Limits:
        """Narrowed to a file that says it inflates to so many bytes: little text, little memory, however far apart its
        cells are or however often they repeat it."""
        return Limits(
            min(self.memory_bytes, BASE_BYTES + TIMES_INFLATED * inflated),
            self.seconds,
            min(self.answer_bytes, BASE_ANSWER_BYTES + ANSWER_TIMES_INFLATED * inflated),
        )


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
        if out.exists() and out.stat().st_size > limits.answer_bytes:
            raise too_much(name)
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
