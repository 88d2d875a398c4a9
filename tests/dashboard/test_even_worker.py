"""Which process of the server takes a connection."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from gunicorn.config import Config

from dashboard import even_worker
from dashboard.even_worker import HEAD_START_S, EvenWorker


class Process(EvenWorker):
    """A process whose threads never finish what it takes."""

    def __init__(self) -> None:
        super().__init__(1, 1, [], None, 1, Config(), None)
        self.taken = 0

    def enqueue_req(self, conn: object) -> None:
        self.taken += 1
        self._at_work += 1


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture
def ask(listener: socket.socket) -> Iterator[Callable[[], None]]:
    """A new connection, waiting to be taken."""
    asking: list[socket.socket] = []
    yield lambda: asking.append(socket.create_connection(listener.getsockname()))
    for each in asking:
        each.close()


def test_an_idle_process_takes_a_connection_at_once(
    listener: socket.socket, ask: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(even_worker.time, "sleep", lambda seconds: pytest.fail("it waited"))
    process = Process()
    ask()
    process.accept(listener)
    assert process.taken == 1


def test_a_process_at_work_leaves_a_connection_to_an_idle_one(
    listener: socket.socket, ask: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, idle = Process(), Process()
    ask()
    busy.accept(listener)
    ask()
    given: list[float] = []

    def meanwhile(seconds: float) -> None:
        given.append(seconds)
        idle.accept(listener)

    monkeypatch.setattr(even_worker.time, "sleep", meanwhile)
    busy.accept(listener)
    assert (busy.taken, idle.taken, given) == (1, 1, [HEAD_START_S])


def test_when_all_are_at_work_one_of_them_takes_it(
    listener: socket.socket, ask: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(even_worker.time, "sleep", lambda seconds: None)
    process = Process()
    for _ in range(3):
        ask()
        process.accept(listener)
    assert process.taken == 3


def test_what_is_answered_is_work_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(even_worker.ThreadWorker, "finish_request", lambda self, conn, done: None)
    process = Process()
    process.enqueue_req(object())
    process.finish_request(object(), object())
    assert process._at_work == 0
