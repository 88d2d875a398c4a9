"""Jobs: done once whoever looks, found again after a reload, cancelled, and failed with a reason when their process dies."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from dashboard.jobs import SILENT, Jobs, Running, State, StoppedError
from data.errors import UsageError
from data.schema.briefings import job


def jobs_of(engine: Engine, work: object) -> Jobs:
    return Jobs(lambda: engine, {"deck": work})  # type: ignore[dict-item]


def test_a_job_is_done_and_its_edition_told(any_store: Engine) -> None:
    jobs = jobs_of(any_store, lambda running: running.job.asked["edition"])
    number = jobs.submit("deck", "bureau", {"edition": 7})
    jobs.join()
    found = jobs.find(number, "bureau")
    assert found is not None
    assert (found.state, found.edition_id) == (State.DONE, 7)
    assert jobs.find(number, "somebody-else") is None


def test_the_open_job_of_an_account_is_found_again_and_not_doubled(store: Engine) -> None:
    going, wait = threading.Event(), threading.Event()

    def work(running: Running) -> int:
        running.tell(3, 9, "half way")
        going.set()
        assert wait.wait(20)
        return 1

    jobs = jobs_of(store, work)
    first = jobs.submit("deck", "bureau", {})
    assert going.wait(20)
    other_process = jobs_of(store, work)
    found = other_process.latest("bureau", "deck")
    assert found is not None
    assert (found.job_id, found.state, found.done, found.total, found.message) == (
        first,
        State.RUNNING,
        3,
        9,
        "half way",
    )
    assert other_process.submit("deck", "bureau", {}) == first
    wait.set()
    jobs.join()
    assert jobs.submit("deck", "bureau", {}) != first
    jobs.join()


def test_a_refusal_is_told_in_its_words_and_a_bug_by_its_number(store: Engine) -> None:
    def refuse(running: Running) -> int:
        raise UsageError("没有数据", todo="换一个月份")

    def fail(running: Running) -> int:
        raise ZeroDivisionError

    for work, said in ((refuse, "换一个月份"), (fail, "#")):
        jobs = jobs_of(store, work)
        number = jobs.submit("deck", "bureau", {})
        jobs.join()
        found = jobs.find(number, "bureau")
        assert found is not None
        assert found.state is State.FAILED
        assert said in found.message
        assert "ZeroDivision" not in found.message


def test_a_running_job_stops_when_asked_and_a_waiting_one_at_once(store: Engine) -> None:
    going = threading.Event()

    def work(running: Running) -> int:
        going.set()
        while not running.is_cancelled():
            pass
        raise StoppedError("stopped")

    jobs = jobs_of(store, work)
    number = jobs.submit("deck", "bureau", {})
    assert going.wait(20)
    waiting = jobs.submit("deck", "street", {})
    jobs.cancel(waiting, "street")
    jobs.cancel(number, "street")
    still = jobs.find(number, "bureau")
    assert still is not None
    assert still.state is State.RUNNING
    jobs.cancel(number, "bureau")
    jobs.join()
    states = [found.state for n, who in ((number, "bureau"), (waiting, "street")) if (found := jobs.find(n, who))]
    assert states == [State.CANCELLED, State.CANCELLED]


def test_a_job_whose_process_fell_silent_is_failed_with_what_to_do(store: Engine) -> None:
    jobs = jobs_of(store, lambda running: 1)
    number = jobs.submit("deck", "bureau", {})
    jobs.join()
    long_ago = datetime.now(UTC).replace(tzinfo=None) - SILENT - timedelta(seconds=5)
    with store.begin() as connection:
        connection.execute(update(job).where(job.c.job_id == number).values(state=State.RUNNING, seen_at=long_ago))
    found = jobs.latest("bureau", "deck")
    assert found is not None
    assert found.state is State.FAILED
    assert "再点一次" in found.message


def test_one_of_two_processes_gets_a_waiting_job(any_store: Engine) -> None:
    made = jobs_of(any_store, lambda running: 1)
    with any_store.begin() as connection:
        connection.execute(
            job.insert().values(
                job_id="a", kind="deck", actor="x", asked={}, state=State.WAITING, done=0, total=0, cancel_asked=False,
                created_at=datetime(2026, 1, 1),
            )
        )  # fmt: skip
    first, second = made.claim(), jobs_of(any_store, lambda running: 1).claim()
    assert [first is not None, second is not None] == [True, False]


def test_only_known_kinds_of_work_are_taken(store: Engine) -> None:
    with pytest.raises(KeyError):
        jobs_of(store, lambda running: 1).submit("mischief", "bureau", {})
