"""The server's log: one JSON line an event, each with the number of the request it belongs to."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars, merge_contextvars

from data import audit

LOG: Any = structlog.get_logger("dashboard")
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_log(level: str) -> None:
    """JSON lines on standard error from `level` up."""
    structlog.configure(
        processors=[
            merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def begin_request(route: str) -> str:
    """Number the request and bind it to every event logged while it is answered.

    Args:
        route: the rule that answers, never the address itself: an address is what a person typed.
    """
    clear_contextvars()
    number = secrets.token_hex(4)
    bind_contextvars(request=number, route=route)
    audit.REQUEST.set(number)
    return number


def request_number() -> str:
    """The number of the request being answered, or `-` outside of one."""
    return str(get_contextvars().get("request", "-"))
