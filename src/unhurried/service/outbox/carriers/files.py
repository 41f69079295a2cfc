"""The carrier that needs nobody: letters as PDFs and other messages as text files in a folder.

A file is written beside its place, flushed to the disk and then given its name, so that there is
a whole file of that name or none; the name is the reference, so that the folder answers whether
something was sent.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from unhurried.service.jobs.faults import fault_point
from unhurried.service.outbox.carriers.contract import Answer, Parcel, Unreachable

log = logging.getLogger("unhurried.outbox")

FOLDERS = {"letter": "letters", "email": "emails", "sms": "texts"}


class FilesCarrier:
    """Puts each message into `<root>/<letters|emails|texts>/<day due>/<reference>`."""

    name = "files"
    at_hand = True

    def __init__(self, root: Path) -> None:
        self.root = root

    def place(self, parcel: Parcel) -> Path:
        """Where this parcel lies once it is sent."""
        ending = "pdf" if parcel.document and not parcel.is_calendar else "txt"
        folder = self.root / FOLDERS[parcel.channel] / parcel.day.isoformat()
        return folder / f"{parcel.reference}.{ending}"

    def find(self, parcel: Parcel) -> str | Answer:
        """The file's place in the folder, when it is there."""
        place = self.place(parcel)  # what is looked for has no document to tell its kind by
        for each in (place, place.with_suffix(".txt")):
            if each.exists():
                return self._number(each)
        return Answer.NEVER_SEEN

    def send(self, parcel: Parcel) -> str:
        """Write the file, whole or not at all. Raises Unreachable when the disk says no."""
        place = self.place(parcel)
        contents = parcel.document or _as_text(parcel)
        if parcel.is_calendar:
            contents = _as_text(parcel) + b"\n" + parcel.document
        try:
            _write_whole(place, contents)
        except OSError as error:
            raise Unreachable(
                f"The folder for sent messages could not be written ({error.strerror})."
            ) from error
        log.info("%s %s written to %s", parcel.channel, parcel.reference, self._number(place))
        return self._number(place)

    def _number(self, place: Path) -> str:
        return str(place.relative_to(self.root))


def _as_text(parcel: Parcel) -> bytes:
    head = (
        f"To: {parcel.to}\nSubject: {parcel.subject}\n" if parcel.subject else f"To: {parcel.to}\n"
    )
    return f"{head}Reference: {parcel.reference}\n\n{parcel.body}\n".encode()


def _write_whole(place: Path, contents: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(contents[: len(contents) // 2])
            fault_point("files.half_written")
            file.write(contents[len(contents) // 2 :])
            file.flush()
            fault_point("files.written")
            os.fsync(file.fileno())
        fault_point("files.flushed")
        beside.replace(place)
        fault_point("files.named")
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(place.parent)
    fault_point("files.folder_flushed")


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle on a folder to flush
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
