"""What a practice hands in, put aside safely (ID-4).

Files get names of our own making and can be read by the service only. Archives are unpacked within
bounds, never outside their folder; whatever is not records is refused with a sentence that says
what to do instead.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from unhurried.records.canonical import UnusableInput
from unhurried.records.csv.sniff import sniff
from unhurried.records.read import detect_format
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import archives

MOST_UNPACKED = 2_000_000_000
MOST_RATIO = 100
RATIO_FROM = 10_000_000  # bytes; a small archive may well be a hundred times smaller
MOST_FILES = 1_000
CHUNK = 1 << 20
LONGEST_NAME = 80
ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".json", ".ndjson", ".jsonl", ".parquet")
MARKS = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
AS_CSV = "open it, choose Save as, “CSV UTF-8 (comma delimited)”, one file a sheet"
OTHER_KINDS = (
    (b"%PDF", "is a PDF, a picture of a report: export the search itself as CSV"),
    (b"\xd0\xcf\x11\xe0", f"is an old Excel or Word file: {AS_CSV}, and hand that in"),
    (b"Rar!", "is a RAR archive: pack the files as ZIP, or hand them in one by one"),
    (b"7z\xbc\xaf", "is a 7-Zip archive: pack the files as ZIP, or hand them in one by one"),
    (b"BZh", "is packed with bzip2: unpack it, or pack the files as ZIP"),
    (b"\xfd7zXZ", "is packed with xz: unpack it, or pack the files as ZIP"),
    (b"\x89PNG", "is a picture: export the search itself as CSV"),
    (b"\xff\xd8\xff", "is a picture: export the search itself as CSV"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was put aside: where, under which name people know it, and what is in it."""

    uuid: UUID
    name: str
    size: int
    content: str
    format: str


def folder_of(extract: UUID) -> Path:
    """Everything kept of one extract: `records/`, its column map, its rejects."""
    return Path(settings.FILES) / "extracts" / str(extract)


def records_of(extract: UUID) -> Path:
    """The folder of its records."""
    return folder_of(extract) / "records"


def days_kept() -> int:
    """For how many days after screening the files are kept."""
    return int(settings.EXTRACT_DAYS)


def folders() -> list[tuple[str, float]]:
    """The folders of extracts: their name, and when they were last changed."""
    home = folder_of(UUID(int=0)).parent
    found = home.iterdir() if home.is_dir() else iter(())
    names = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    return [(each.name, each.stat().st_mtime) for each in found if names.fullmatch(each.name)]


def take_over(kept: UUID, extract: UUID) -> None:
    """What was put aside under one name is now the files of this extract."""
    discard(extract)
    folder_of(kept).rename(folder_of(extract))


def discard(extract: UUID) -> None:
    """Remove everything kept of an extract."""
    shutil.rmtree(folder_of(extract), ignore_errors=True)


def most_bytes() -> int:
    """How many bytes may be handed in at once by a browser."""
    return int(settings.EXTRACT_MB) * 1_000_000


def too_large() -> str:
    """The sentence for more than that."""
    return (
        f"This is more than {settings.EXTRACT_MB} MB, the most that can be handed in here. Pack"
        " the files as ZIP, or export fewer years: two years of issues are enough."
    )


def keep(handed: Sequence[UploadedFile[Any]], extract: UUID) -> Kept:
    """Put aside what a form brought. Raises Refused, and leaves nothing behind, when it may not."""
    if not handed:
        raise Refused("Choose the file or files of the extract first.")
    if sum(each.size or 0 for each in handed) > most_bytes():
        raise Refused(too_large())
    with _new_folder(extract) as box:
        for each in handed:
            box.take(shown_name(each.name or ""), each.chunks())
        names = [shown_name(each.name or "") for each in handed]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return box.kept(extract, f"{names[0]}{more}"[:120])


def keep_folder(source: Path, extract: UUID) -> Kept:
    """Put aside a copy of a file or folder on the server, under the same rules."""
    with _new_folder(extract) as box:
        for path in sorted([source] if source.is_file() else source.rglob("*")):
            if path.is_symlink():
                raise Refused(f"{path.name} is a link to another place: put the file itself there.")
            if path.is_file() and not archives.is_clutter(path.name):
                with path.open("rb") as stream:
                    box.take(shown_name(path.name), _pieces(stream))
        return box.kept(extract, shown_name(source.name))


def server_folders(ods_code: str) -> list[str]:
    """What lies ready on the server for a practice, by name."""
    home = _home(ods_code)
    if home is None or not home.is_dir():
        return []
    return sorted(each.name for each in home.iterdir() if not each.name.startswith("."))


def server_folder(ods_code: str, name: str) -> Path:
    """One of those. Raises Refused for anything that does not lie there itself."""
    if name not in server_folders(ods_code):
        raise Refused("That folder is not among those on the server for your practice.")
    home = _home(ods_code)
    assert home is not None  # noqa: S101 - else nothing would be among its folders
    chosen = home / name
    if chosen.is_symlink():
        raise Refused(f"{name} is a link to another place: put the folder itself there.")
    return chosen


def _home(ods_code: str) -> Path | None:
    root = str(settings.EXTRACTS_FOLDER)
    plain = re.fullmatch(r"[A-Za-z0-9]{3,12}", ods_code)
    return Path(root) / ods_code if root and plain else None


def shown_name(given: str) -> str:
    """A file's name as it can be shown: no folders, nothing invisible, not endless."""
    last = re.split(r"[/\\]", given)[-1]
    shown = MARKS.sub("", last.encode("utf-8", "replace").decode("utf-8")).strip()
    return shown[:120] or "records"


@contextmanager
def _new_folder(extract: UUID) -> Iterator[_Box]:
    whole = folder_of(extract)
    try:
        (whole / "records").mkdir(mode=0o700, parents=True)
        whole.chmod(0o700)
        yield _Box(whole / "records")
    except BaseException as error:
        discard(extract)
        if isinstance(error, OSError):
            raise Refused(
                "There is no room for this on the server at the moment: tell whoever looks after"
                " it, and hand it in again later."
            ) from error
        raise


@dataclass(slots=True)
class _Box:
    """A folder that takes in files one after another, within bounds."""

    folder: Path
    size: int = 0
    digests: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def take(self, name: str, pieces: Iterator[bytes]) -> None:
        """Put one file aside; archives are opened."""
        path = self._write(name, pieces)
        with path.open("rb") as stream:
            start = stream.read(8)
        if not start:
            raise Refused(f"{name} is empty (0 bytes): export it again.")
        if start.startswith(archives.ZIP):
            self._unpack(name, path)
        elif start.startswith(archives.GZIP):
            self._gunzip(name, path)
        else:
            check_kind(name, path, start)
            self._count(path)

    def kept(self, extract: UUID, name: str) -> Kept:
        """The account of all that was taken."""
        if not self.digests:
            raise Refused("There is no file of records in it: hand in the extract's CSV files.")
        try:
            form = detect_format(self.folder)
        except UnusableInput as error:
            raise Refused(_without_machine_words(str(error))) from error
        content = hashlib.sha256("\n".join(sorted(self.digests)).encode()).hexdigest()
        return Kept(uuid=extract, name=name, size=self.size, content=content, format=form)

    def _write(self, name: str, pieces: Iterator[bytes], most: int = MOST_UNPACKED) -> Path:
        if len(self.names) >= MOST_FILES:
            raise Refused(f"There are more than {MOST_FILES:,} files: hand in one practice's.")
        path = self.folder / self._own_name(name)
        written = 0
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            for piece in pieces:
                written += len(piece)
                if self.size + written > MOST_UNPACKED or written > most:
                    raise Refused(archives.TOO_MUCH.format(name=name))
                file.write(piece)
        return path

    def _own_name(self, name: str) -> str:
        """A name made of plain letters, unlike any other here."""
        plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-LONGEST_NAME:].lstrip("._-") or "records"
        if plain.lower() in self.names:
            plain = f"{len(self.names)}-{plain}"
        self.names.add(plain.lower())
        return plain

    def _count(self, path: Path) -> None:
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            start = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
            stream.seek(0)
            for piece in _pieces(stream):
                digest.update(piece)
        self.size += path.stat().st_size
        self.digests.append(digest.hexdigest())
        if not path.name.lower().endswith(ENDINGS):
            ending = ".json" if start.startswith((b"{", b"[")) else ".csv"
            path.rename(path.with_name(self._own_name(path.name + ending)))

    def _unpack(self, name: str, path: Path) -> None:
        packed = path.stat().st_size
        with archives.opened(name, path) as archive:
            members = archives.checked(name, archive, packed)
            for member in members:
                inner = shown_name(member.filename)
                with archives.reading(name, archive, member) as stream:
                    self.take_plain(inner, _pieces(stream), member.file_size)
        path.unlink()

    def take_plain(self, name: str, pieces: Iterator[bytes], most: int) -> None:
        """Put aside a file out of an archive, which may not be an archive itself."""
        path = self._write(name, pieces, most)
        with path.open("rb") as stream:
            start = stream.read(8)
        if not start:
            raise Refused(f"{name} is empty (0 bytes): export it again.")
        if start.startswith((archives.ZIP, archives.GZIP)):
            raise Refused(f"{name} is an archive within an archive: hand in what is in it.")
        check_kind(name, path, start)
        self._count(path)

    def _gunzip(self, name: str, path: Path) -> None:
        most = max(RATIO_FROM, path.stat().st_size * MOST_RATIO)
        inner = name.removesuffix(".gz") or "records"
        try:
            with gzip.open(path, "rb") as stream:
                self.take_plain(inner, _pieces(stream), most)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Refused(f"{name} is cut short or damaged: export it again.") from error
        path.unlink()


def check_kind(name: str, path: Path, start: bytes) -> None:
    """Refuse what is plainly not records, with what to do instead."""
    for magic, words in OTHER_KINDS:
        if start.startswith(magic):
            raise Refused(f"{name} {words}.")
    if start.startswith(b"PAR1") or start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return
    try:
        sniff(path, name)
    except UnusableInput as error:
        raise Refused(_without_machine_words(str(error))) from error


def _without_machine_words(sentence: str) -> str:
    """The readers speak to the command line; here nobody has an option to give."""
    return (
        sentence.replace("records holds", "What was handed in holds")
        .replace("say which to read with --format", "hand them in one kind at a time")
        .replace("check the name", "hand in the extract's CSV files")
    )


def _pieces(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece
