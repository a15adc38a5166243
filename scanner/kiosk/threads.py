"""A thread of its own for what may not be shared: SQLite's connections, and a gate that decides one scan after the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from typing import Generic, TypeVar

Held = TypeVar("Held")
Result = TypeVar("Result")


class OwnThread(Generic[Held]):
    """Holds one thing, opened, used and closed in one thread. What `opening` raises, the constructor raises."""

    def __init__(self, name: str, opening: AbstractContextManager[Held]) -> None:
        self._stack = ExitStack()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        try:
            self._held = self._pool.submit(self._stack.enter_context, opening).result()
        except BaseException:
            self._pool.shutdown()
            raise

    def do(self, work: Callable[[Held], Result]) -> Result:
        """Let the thread do `work` once it has done what came before; its answer, or what it raised."""
        return self._pool.submit(work, self._held).result()

    def close(self) -> None:
        """Close what is held, in its thread, and end the thread."""
        self._pool.submit(self._stack.close).result()
        self._pool.shutdown()
