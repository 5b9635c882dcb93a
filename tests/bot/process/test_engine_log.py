"""The engine's own log during an outage: told, not flooded."""

import logging

from bot.process.engine_log import Sparingly


def test_the_engines_log_says_the_same_line_only_now_and_then() -> None:
    record = logging.LogRecord("dbos", logging.WARNING, "queue.py", 1, "away", (), None)
    other = logging.LogRecord("dbos", logging.WARNING, "queue.py", 2, "away", (), None)
    sparingly = Sparingly()
    assert [sparingly.filter(line) for line in (record, record, other)] == [True, False, True]
