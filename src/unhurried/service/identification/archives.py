"""ZIP archives, opened with suspicion: bombs, names that climb out, links and locks are refused."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from unhurried.service.audit.refused import Refused

ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"
MOST_MEMBERS = 10_000
MOST_UNPACKED = 2_000_000_000
MOST_RATIO = 100
RATIO_FROM = 10_000_000  # bytes; below this a high ratio does no harm
LARGEST_DIRECTORY = 8_000_000  # bytes of names: far more than that many members need
END = b"PK\x05\x06"
CLUTTER = ("__MACOSX/", "Thumbs.db", "desktop.ini")
TOO_MUCH = "{name} unpacks to more than an extract can be: hand in the CSV files themselves."
DAMAGED = "{name} is damaged or not a whole ZIP file: make it again."


@contextmanager
def opened(name: str, path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose list of members is not itself a trap."""
    _check_directory(name, path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refused(DAMAGED.format(name=name)) from error
    with archive:
        yield archive


def _check_directory(name: str, path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_600))
        tail = stream.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) < place + 22:
        raise Refused(DAMAGED.format(name=name))
    members, length = struct.unpack_from("<HL", tail, place + 10)
    if length > LARGEST_DIRECTORY or MOST_MEMBERS < members < 0xFFFF:
        raise Refused(_too_many(name))


def _too_many(name: str) -> str:
    return f"{name} holds more than {MOST_MEMBERS:,} files: hand in one practice's extract."


def checked(name: str, archive: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
    """The files worth unpacking. Raises Refused when one of them should not be touched."""
    everything = archive.infolist()
    if len(everything) > MOST_MEMBERS:
        raise Refused(_too_many(name))
    inside = {member.filename for member in everything}
    if "[Content_Types].xml" in inside:
        raise Refused(
            f"{name} is an Excel or Word file: open it, choose Save as, “CSV UTF-8 (comma"
            " delimited)”, one file a sheet, and hand that in."
        )
    total = 0
    files = []
    for member in everything:
        _check_member(name, member)
        total += member.file_size
        if not member.is_dir() and not is_clutter(member.filename):
            files.append(member)
    if total > MOST_UNPACKED or (total > RATIO_FROM and total > MOST_RATIO * packed):
        raise Refused(TOO_MUCH.format(name=name))
    return files


def _check_member(name: str, member: zipfile.ZipInfo) -> None:
    inner = member.filename.replace("\\", "/")
    parts = PurePosixPath(inner).parts
    if inner.startswith("/") or ".." in parts or ":" in (parts[0] if parts else ""):
        raise Refused(f"{name} holds a file that would be put outside its folder: make it again.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Refused(f"{name} holds a link to another place: pack the file itself.")
    if member.flag_bits & 0x1:
        raise Refused(f"{name} is locked with a password: pack the files again without one.")


def is_clutter(name: str) -> bool:
    """Files that computers leave in folders of their own accord."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return last.startswith((".", "~")) or any(name.startswith(c) or last == c for c in CLUTTER)


@contextmanager
def reading(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Read one member; damage becomes a sentence."""
    try:
        with archive.open(member) as stream:
            yield stream
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, NotImplementedError):
            words = f"{name} is packed in a way we cannot open: pack the files as plain ZIP."
            raise Refused(words) from error
        raise Refused(DAMAGED.format(name=name)) from error
