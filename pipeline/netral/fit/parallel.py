"""Many posts on all processors, in order: texts in processes, with a bar on a terminal and nothing in a log; fits, too; rows in threads."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

# With fewer posts the work is done before the processes have started.
_TEXTS_FROM, _FITS_FROM = 20_000, 5_000

Asked = TypeVar("Asked")
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
    if len(texts) < _TEXTS_FROM:
        yield from map(work, batches)
        return
    from joblib import Parallel, delayed
    from rich.console import Console
    from rich.progress import track

    done = Parallel(n_jobs=-1, return_as="generator")(delayed(work)(batch) for batch in batches)
    console = Console(stderr=True)
    yield from track(done, what, len(batches), console=console, transient=True, disable=not (console.is_terminal and sys.stderr.isatty()))


def at_once(work: Callable[[Asked], Result], of: Iterable[Asked], posts: int) -> list[Result]:
    """Return ``work`` of each, in order, done in processes where it is about so many ``posts`` that they are worth it.

    For fits: threads would gain little, for half of a fit is Python, and liblinear has one source of random numbers for all of them.
    ``work`` and what it holds travel to the processes, each of which has one BLAS thread.
    """
    from joblib import Parallel, delayed
    from joblib.parallel import get_active_backend

    if posts < _FITS_FROM or get_active_backend()[0].nesting_level:  # what runs in a process starts no others
        return [work(each) for each in of]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "A worker stopped", UserWarning)  # one that has grown is replaced, and that is told
        found: list[Result] = Parallel(n_jobs=-1, pre_dispatch="n_jobs")(delayed(_alone)(work, each) for each in of)
    return found


def _alone(work: Callable[[Asked], Result], each: Asked) -> Result:
    with one_blas_thread():
        return work(each)


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
