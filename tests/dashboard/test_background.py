"""Work that outlives its request: whoever ends the process knows of it and waits for it, up to a limit."""

from __future__ import annotations

import runpy
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard import background

CONFIGURATION = Path(__file__).resolve().parents[2] / "gunicorn.conf.py"


@pytest.fixture(autouse=True)
def _goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_ending", threading.Event())


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("DASHBOARD_UPLOAD_FOLDER", str(tmp_path / "uploads"))
    monkeypatch.setenv("DASHBOARD_WORKER_REQUESTS", "1000")
    return runpy.run_path(str(CONFIGURATION))


def test_an_ending_process_waits_for_what_was_begun() -> None:
    may_end, ended = threading.Event(), threading.Event()

    def work() -> None:
        may_end.wait()
        ended.set()

    background.begin("test", work)
    assert background.is_busy()
    assert not background.finish(0.0)
    assert background.is_ending()
    may_end.set()
    assert background.finish(60.0)
    assert ended.is_set()
    assert not background.is_busy()


def test_work_that_fails_is_no_longer_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)

    def work() -> None:
        raise RuntimeError

    background.begin("test", work).join()
    assert not background.is_busy()


def test_a_worker_at_the_end_of_its_requests_goes_on_while_it_is_busy(configuration: dict[str, Any]) -> None:
    may_end = threading.Event()
    worker = SimpleNamespace(nr=999, max_requests=configuration["max_requests"])
    thread = background.begin("test", lambda: may_end.wait() and None)
    configuration["pre_request"](worker, None)
    assert worker.max_requests > 1000
    may_end.set()
    thread.join()
    worker.max_requests = 1000
    configuration["pre_request"](worker, None)
    assert worker.max_requests == 1000
