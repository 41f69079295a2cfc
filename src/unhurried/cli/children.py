"""The processes a running service is made of: started together, stopped together."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType, TracebackType

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import warn

PATIENCE = 15.0  # seconds until a process that does not stop is ended
LOOK_EVERY = 0.5
STDERR = 2
DIE_WITH_PARENT = 1  # Linux: PR_SET_PDEATHSIG


class Children:
    """The processes, each a Python module run with its arguments."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[list[str], subprocess.Popen[bytes]]] = {}
        self._again: dict[str, float] = {}
        self.stop = threading.Event()

    def __enter__(self) -> Children:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._asked)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.end()

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self.stop.set()

    def start(self, name: str, module: list[str]) -> None:
        """Start `python -m module...`; it does not see this terminal's Control-C."""
        process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *module],
            stdin=subprocess.DEVNULL,
            stdout=STDERR if name == "pages" else subprocess.DEVNULL,  # granian reports there
            start_new_session=True,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 - this process has no threads yet
        )
        self._running[name] = (module, process)

    def answers(self, host: str, port: int, within: float = 60.0) -> bool:
        """Wait until the pages answer; False when they stopped or the time is over."""
        until = time.monotonic() + within
        while time.monotonic() < until and not self.stop.is_set():
            if self._running["pages"][1].poll() is not None:
                return False
            try:
                with urllib.request.urlopen(f"http://{host}:{port}/static/unhurried/favicon.svg"):
                    return True
            except urllib.error.HTTPError:
                return True
            except OSError:
                self.stop.wait(0.05)
        return self.stop.is_set()

    def look(self) -> None:
        """Start the background work again if it ended; raise CommandError if the pages did."""
        for name, (module, process) in list(self._running.items()):
            if process.poll() is None:
                continue
            if name == "pages":
                raise CommandError("The pages stopped by themselves.", Exit.BROKEN)
            since = time.monotonic() - self._again.get(name, 0.0)
            if since > 10:
                warn(f"The {name} ended (exit {process.returncode}); it is started again.")
                self._again[name] = time.monotonic()
                self.start(name, module)

    def end(self) -> None:
        """Ask every process to stop, wait for it, and end what does not."""
        for _module, process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for name, (_module, process) in self._running.items():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                warn(f"The {name} did not stop when asked; ended. Nothing saved is lost.")
                process.kill()
                process.wait()
        self._running.clear()


def until_asked_to_stop(children: Children) -> None:
    """Stay until Control-C or SIGTERM."""
    while not children.stop.wait(LOOK_EVERY):
        children.look()


def _die_with_parent() -> Callable[[], object] | None:
    """On Linux: if this process is killed outright, the others are asked to stop."""
    if sys.platform != "linux":
        return None
    try:
        control = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None
    return lambda: control(DIE_WITH_PARENT, signal.SIGTERM)
