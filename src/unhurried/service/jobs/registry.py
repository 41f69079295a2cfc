"""Who does which kind of work, and what is done every so often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unhurried.service.jobs.work import Work

Handler = Callable[["Work"], None]
_handlers: dict[str, Handler] = {}
_chores: dict[str, Chore] = {}


@dataclass(frozen=True, slots=True)
class Chore:
    """Something every worker does every so often; it must bear being done by two at once."""

    name: str
    seconds: float
    run: Callable[[], object]


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Mark the function that does jobs of this kind: `@handles("identification.screen")`.

    The function takes a Work and may be started again after a crash: what it writes must bear
    that (ask `work.still_mine()` inside the transaction of each effect).
    """

    def register(handler: Handler) -> Handler:
        known = _handlers.get(kind)
        if known is not None and known.__qualname__ != handler.__qualname__:
            raise ValueError(f"{kind} already has a handler, {known.__qualname__}")
        _handlers[kind] = handler
        return handler

    return register


def handler_of(kind: str) -> Handler | None:
    """The function that does jobs of this kind, or None when no app knows it."""
    return _handlers.get(kind)


def every(seconds: float, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Mark a function that each worker calls about every so many seconds."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        _chores[name] = Chore(name, seconds, run)
        return run

    return register


def chores() -> tuple[Chore, ...]:
    """Everything done every so often, in the order it was registered."""
    return tuple(_chores.values())
