"""Many posts on all processors, in order: texts in processes, with a bar on a terminal and nothing in a log; rows in threads."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_PARALLEL_FROM = 20_000  # fewer texts are done before the processes have started

Result = TypeVar("Result")


def spread(work: Callable[[Sequence[str]], Result], texts: Sequence[str], size: int, what: str) -> Iterator[Result]:
    """Yield what ``work`` makes of every ``size`` texts, in their order.

    Parameters
    ----------
    work : callable of sequence of str to anything
        Travels to other processes, and so does what it returns. It must not depend on what it did before.
    texts : sequence of str
    size : int
    what : str
        Told beside the bar.
    """
    batches = [texts[start : start + size] for start in range(0, len(texts), size)]
    if len(texts) < _PARALLEL_FROM:
        yield from map(work, batches)
        return
    from joblib import Parallel, delayed
    from rich.console import Console
    from rich.progress import track

    done = Parallel(n_jobs=-1, return_as="generator")(delayed(work)(batch) for batch in batches)
    console = Console(stderr=True)
    yield from track(done, what, len(batches), console=console, transient=True, disable=not (console.is_terminal and sys.stderr.isatty()))


def in_threads(work: Callable[[int, int], Result], total: int, size: int) -> Iterator[Result]:
    """Yield ``work(start, end)`` of every ``size`` of ``total`` rows, in order; for work that NumPy and SciPy do.

    Their products and sorts let other threads run. Of no rows there is one block, too.
    """
    starts = range(0, max(total, 1), size)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from threads.map(work, starts, [min(start + size, total) for start in starts])


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let BLAS use one thread: sums come in one order on any number of cores, and the small products of a fit do not wait for threads.

    On two busy cores, fitting the models of `evaluate` took six times as long with two threads.
    """
    import scipy.linalg  # noqa: F401  (only a library that is loaded can be told)
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield
