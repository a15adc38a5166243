"""The log of the service: one JSON object a line on standard error, for whatever collects it on this machine.

A line says what happened, where in the code, and of what kind a fault was. It never repeats a fault's own text, which may
hold a name, a number, or the parameters of a statement.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_DEEPEST = 12


def set_up(level: str) -> None:
    """Everything that this process logs, by us or by a library, goes through here. `level` as in ACCREDIT_LOG_LEVEL."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _name_the_fault,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())


def _name_the_fault(logger: WrappedLogger, name: str, line: EventDict) -> EventDict:
    del logger, name
    given = line.pop("exc_info", None)
    fault = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    return {**line, **told_of(fault)} if isinstance(fault, BaseException) else line


def told_of(fault: BaseException) -> dict[str, Any]:
    """The kind of a fault and the places in the code that it came through, the innermost last; not its text."""
    kind = type(fault)
    return {"fault": f"{kind.__module__}.{kind.__qualname__}", "through": _places(fault.__traceback__)}


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_DEEPEST:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
