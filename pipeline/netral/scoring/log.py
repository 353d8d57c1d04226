"""Log lines on standard error, as text or as JSON; never the text of a post, never an id."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"{_time(record)} {record.levelname} {record.getMessage()}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": _time(record), "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False)


def set_up(form: str) -> None:
    """Send the log ``netral`` to standard error; for commands, not for libraries.

    Parameters
    ----------
    form : str
        ``text`` or ``json``.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _Text())
    logger = logging.getLogger("netral")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
