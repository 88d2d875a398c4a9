"""Long work in the background: asked for by a page, done by a thread of some server process, its progress in the store.

Whoever asks may reload the page or meet another process: the table `job` says how far it is. A job is claimed by one
update, so that two processes never do the same; one whose process died is found by its silence and marked failed.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Update, select, update
from sqlalchemy.exc import OperationalError

from dashboard import background
from dashboard.events import LOG, begin_request, request_number
from data.errors import GovernanceError
from data.schema.briefings import job

# A running job that has given no sign of life for so long has lost its process.
SILENT = timedelta(seconds=60)
HEARTBEAT_SECONDS = 5.0
# Progress is written and cancelling looked for at most this often.
TOLD_SECONDS = 0.4
LONGEST_MESSAGE = 2000


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Something is still to come."""
        return self in (State.WAITING, State.RUNNING)


class StoppedError(GovernanceError):
    """Work that ends because somebody asked it to."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One row of the table. `message` is what happens now, or why it failed; `request` the number in the log."""

    job_id: str
    kind: str
    actor: str
    asked: dict[str, Any]
    state: State
    done: int
    total: int
    message: str
    edition_id: int | None
    created_at: datetime


@dataclass
class Running:
    """A job being done, as the work sees it."""

    job: Job
    engine: Engine
    _told_at: float = 0.0
    _asked_at: float = 0.0
    _is_cancelled: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, done: int, total: int, message: str) -> None:
        """Write how far it is; what comes too soon after the last time is not written."""
        now = time.monotonic()
        if now - self._told_at < TOLD_SECONDS:
            return
        self._told_at = now
        _quietly(self.engine, _update(self.job.job_id, done=done, total=total, message=message[:LONGEST_MESSAGE],
                                      seen_at=_now()))  # fmt: skip

    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        now = time.monotonic()
        with self._lock:
            if not self._is_cancelled and now - self._asked_at >= TOLD_SECONDS:
                self._asked_at = now
                with self.engine.connect() as connection:
                    asked = connection.execute(select(job.c.cancel_asked).where(job.c.job_id == self.job.job_id))
                    self._is_cancelled = bool(asked.scalar())
            return self._is_cancelled


# Does the work; gives the edition it made.
Work = Callable[[Running], int | None]


class Jobs:
    """The jobs of one store, seen from one server process.

    Args:
        engine: where the table is; asked for anew at every use. work: kind of job → what does it; raises `StoppedError`
            when it stopped because it was asked to.
    """

    def __init__(self, engine: Callable[[], Engine], work: dict[str, Work]) -> None:
        self._engine, self._work = engine, work
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.worker = f"{socket.gethostname()}:{os.getpid()}"[:80]

    def submit(self, kind: str, actor: str, asked: dict[str, Any]) -> str:
        """Ask for work; the number of the job. One that the account has open already is given instead."""
        if kind not in self._work:
            raise KeyError(kind)
        there = self.latest(actor, kind)
        if there is not None and there.state.is_open:
            return there.job_id
        job_id = str(uuid.uuid4())
        with self._engine().begin() as connection:
            connection.execute(
                job.insert().values(
                    job_id=job_id, kind=kind, actor=actor, asked=asked, state=State.WAITING, done=0, total=0,
                    message="", cancel_asked=False, created_at=_now(),
                )
            )  # fmt: skip
        self.wake()
        return job_id

    def latest(self, actor: str, kind: str) -> Job | None:
        """The last job of that kind the account asked for: what a page that was loaded anew goes on with."""
        self.sweep()
        with self._engine().connect() as connection:
            row = connection.execute(
                select(job).where(job.c.actor == actor, job.c.kind == kind).order_by(job.c.created_at.desc()).limit(1)
            ).one_or_none()
        return None if row is None else _job(row)

    def find(self, job_id: str, actor: str) -> Job | None:
        """The job of that number if the account asked for it."""
        self.sweep()
        with self._engine().connect() as connection:
            row = connection.execute(select(job).where(job.c.job_id == job_id, job.c.actor == actor)).one_or_none()
        found = None if row is None else _job(row)
        if found is not None and found.state is State.WAITING:
            # The process it was told to may be gone.
            self.wake()
        return found

    def cancel(self, job_id: str, actor: str) -> None:
        """Ask an open job of the account to stop; one nobody has begun is cancelled at once."""
        mine = (job.c.job_id == job_id, job.c.actor == actor)
        with self._engine().begin() as connection:
            connection.execute(
                update(job).where(*mine, job.c.state == State.WAITING).values(state=State.CANCELLED, ended_at=_now())
            )
            connection.execute(update(job).where(*mine, job.c.state == State.RUNNING).values(cancel_asked=True))

    def sweep(self) -> int:
        """Mark jobs failed whose process has fallen silent; how many."""
        silent = (job.c.state == State.RUNNING, job.c.seen_at < _now() - SILENT)
        with self._engine().connect() as connection:
            if connection.execute(select(job.c.job_id).where(*silent).limit(1)).first() is None:
                return 0
        with self._engine().begin() as connection:
            lost = connection.execute(
                update(job).where(*silent).values(state=State.FAILED, ended_at=_now(), message=_lost())
            )
        return int(lost.rowcount)

    # -- doing it -----------------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """See that this process works on what is waiting."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = background.begin("jobs", self._run)

    def join(self) -> None:
        """Wait until this process has nothing more to do."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def claim(self) -> Job | None:
        """The oldest waiting job, now this process's; None if there is none."""
        engine = self._engine()
        while True:
            with engine.connect() as connection:
                oldest = select(job).where(job.c.state == State.WAITING).order_by(job.c.created_at).limit(1)
                row = connection.execute(oldest).one_or_none()
            if row is None:
                return None
            with engine.begin() as connection:
                taken = connection.execute(
                    update(job)
                    .where(job.c.job_id == row.job_id, job.c.state == State.WAITING)
                    .values(state=State.RUNNING, worker=self.worker, seen_at=_now())
                )
            # Another process may have been faster.
            if taken.rowcount == 1:
                return _job(row)

    def _run(self) -> None:
        # A process that is ending leaves what waits to the next that is asked for it.
        while not background.is_ending():
            try:
                claimed = self.claim()
            except Exception:
                LOG.exception("jobs cannot be read")
                return
            if claimed is None:
                return
            self._do(claimed)

    def _do(self, claimed: Job) -> None:
        begin_request(f"job {claimed.kind}")
        engine = self._engine()
        running = Running(claimed, engine)
        ended = threading.Event()
        beating = threading.Thread(target=_beat, args=(engine, claimed.job_id, ended), daemon=True)
        beating.start()
        values: dict[str, Any]
        try:
            made = self._work[claimed.kind](running)
            values = {"state": State.DONE, "message": "", "edition_id": made}
        except StoppedError:
            values = {"state": State.CANCELLED, "message": ""}
        except GovernanceError as error:
            LOG.warning("job refused", job=claimed.job_id, reason=str(error))
            values = {"state": State.FAILED, "message": str(error)}
        except Exception:
            LOG.exception("job failed", job=claimed.job_id)
            values = {"state": State.FAILED, "message": f"#{request_number()}"}
        finally:
            ended.set()
            beating.join()
        values["message"] = values["message"][:LONGEST_MESSAGE]
        with engine.begin() as connection:
            connection.execute(_update(claimed.job_id, ended_at=_now(), seen_at=_now(), **values))


def _lost() -> str:
    return str(
        GovernanceError(
            "生成没有完成",
            why="执行它的服务进程已经结束（重启或被终止）",
            todo="请再点一次“生成”；此前的版次都还在",
            code="lost",
        )
    )


def _beat(engine: Engine, job_id: str, ended: threading.Event) -> None:
    """Sign of life while a long step tells nothing."""
    while not ended.wait(HEARTBEAT_SECONDS):
        _quietly(engine, _update(job_id, seen_at=_now()))


def _quietly(engine: Engine, statement: Update) -> None:
    """Progress that cannot be written now (an import holds the store) is progress of the next time."""
    try:
        with engine.begin() as connection:
            connection.execute(statement)
    except OperationalError:
        LOG.info("progress not written")


def _update(job_id: str, **values: Any) -> Update:
    return update(job).where(job.c.job_id == job_id, job.c.state == State.RUNNING).values(**values)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _job(row: Any) -> Job:
    return Job(
        job_id=row.job_id, kind=row.kind, actor=row.actor, asked=dict(row.asked), state=State(row.state), done=row.done,
        total=row.total, message=row.message or "", edition_id=row.edition_id, created_at=row.created_at,
    )  # fmt: skip
