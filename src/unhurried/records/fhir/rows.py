"""Files of FHIR as rows: each resource with the number a person would look it up by (ID-1).

A row of NDJSON is its line; a row of a Bundle is its entry. What is damaged, twice-keyed, too deep
or not JSON at all becomes a row with a fault, never an exception. Resources of kinds that screening
does not use are counted by kind without being read.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from unhurried.records.canonical import UnusableInput
from unhurried.records.fhir.entries import CODED, says_nothing
from unhurried.records.fhir.passed import Passed
from unhurried.records.fhir.refusals import Fault

ENDINGS = (".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz", ".json", ".json.gz")
READ = frozenset(
    {
        "Patient", "MedicationRequest", "Medication", "Condition", "Organization", "EpisodeOfCare",
        *CODED,
    }
)  # fmt: skip
_KIND = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_DUPLICATE = "\x00key given twice"  # no JSON key of ours can be this


@dataclass(slots=True, kw_only=True)  # not frozen: one is made for each row, and freezing is slow
class Row:
    """One resource as found; `body` is canonical JSON, so equal content has equal bytes."""

    record: int
    content: dict[str, Any] | None = None
    body: bytes = b""
    full_url: str = ""
    fault: Fault | None = None
    raw: str = ""


@dataclass(slots=True)
class Rows:
    """The rows of one file; `other_kinds` and `passed` are filled while they are walked through."""

    path: Path
    name: str
    other_kinds: Counter[str] = field(default_factory=Counter)
    passed: Passed = field(default_factory=Passed)
    only: Container[int] | None = None  # lines to look at again; None is all of them

    def __iter__(self) -> Iterator[Row]:
        """Walk through the rows; raises UnusableInput when the file is cut short or unreadable."""
        try:
            yield from self._rows()
        except (EOFError, gzip.BadGzipFile, zlib.error):
            message = f"{self.name} is cut short or damaged: compress or export it again."
            raise UnusableInput(message) from None
        except OSError as problem:
            message = f"{self.name} cannot be read: {problem.strerror or 'unknown reason'}."
            raise UnusableInput(message) from None

    def _rows(self) -> Iterator[Row]:
        with self._open() as lines:
            start = lines.peek(4)[:4] if hasattr(lines, "peek") else b""
            if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                message = f"{self.name} is written in UTF-16: save it as UTF-8, as FHIR asks."
                raise UnusableInput(message)
            if self.name.lower().removesuffix(".gz").endswith(".json"):
                whole = lines.read().removeprefix(b"\xef\xbb\xbf")
                if not _looks_like_lines(whole):
                    yield from self._of_document(whole)
                    return
                yield from self.of_lines(whole.split(b"\n"))
                return
            yield from self.of_lines(lines)

    def _open(self) -> BinaryIO:
        if self.path.suffix.lower() == ".gz":
            return cast("BinaryIO", gzip.open(self.path, "rb"))
        return self.path.open("rb")

    def of_lines(self, lines: Iterable[bytes]) -> Iterator[Row]:
        """The rows of NDJSON lines."""
        for number, given in enumerate(lines, start=1):
            if self.only is not None and number not in self.only:
                continue
            line = given.removeprefix(b"\xef\xbb\xbf") if number == 1 else given
            kind = _KIND.match(line)
            if kind and kind[1].decode() not in READ and kind[1] != b"Bundle":
                self.other_kinds[kind[1].decode()] += 1
            elif line.strip():
                row = _of_text(line, number)
                if not self._is_of_no_use(row):
                    yield row

    def _of_document(self, text: bytes) -> Iterator[Row]:
        if not text.strip():
            return
        parsed = _parse(text)
        if isinstance(parsed, Fault):
            # Unlike a damaged line this may hide any number of people.
            why = parsed.reason.rstrip(".")
            message = f"{self.name} cannot be read at all ({why}): export it again or take it out."
            raise UnusableInput(message)
        if isinstance(parsed, dict) and parsed.get("resourceType") != "Bundle":
            entries: Any = [{"resource": parsed}]
        else:
            entries = parsed.get("entry", []) if isinstance(parsed, dict) else parsed
        if not isinstance(entries, list):
            reason = "This is not a FHIR resource, nor a Bundle with a list of entries."
            yield Row(record=1, fault=Fault("not_fhir", reason), raw=_shown(text))
            return
        bare = isinstance(parsed, list)
        for number, entry in enumerate(entries, start=1):
            row = _of_entry({"resource": entry} if bare else entry, number)
            if not self._is_of_no_use(row):
                yield row

    def _is_of_no_use(self, row: Row) -> bool:
        kind = row.content.get("resourceType") if row.content and not row.fault else None
        if isinstance(kind, str) and kind.isalpha() and kind not in READ and kind != "Bundle":
            self.other_kinds[kind] += 1
            return True
        if kind == "EpisodeOfCare" and row.content and not _may_be_registration(row.content):
            self.other_kinds["EpisodeOfCare for a condition"] += 1
            return True
        if kind in CODED and self.only is None and row.content and says_nothing(row.content):
            self.passed.add(row.record, *identity(row))
            return True
        return False


def identity(row: Row) -> tuple[str, str]:
    """Kind and id as written, so that a damaged newer version still stands for its resource."""
    content = row.content or {}
    kind, given = content.get("resourceType"), content.get("id")
    if not isinstance(kind, str) or kind not in READ:
        return "", ""
    if isinstance(given, str) and given and "\x00" not in given:
        return kind, given
    return kind, row.full_url.removeprefix("urn:uuid:")


def sources(source: Path) -> tuple[Path, ...]:
    """The FHIR files of a source, in the order of their names."""
    if source.is_file():
        return (source,)
    found = (each for each in source.rglob("*") if each.is_file())
    return tuple(sorted(each for each in found if each.name.lower().endswith(ENDINGS)))


def _may_be_registration(content: dict[str, Any]) -> bool:
    """An episode of care for a diagnosis, or of a named type, is not being on a practice's list."""
    kind = content.get("type")
    return not content.get("diagnosis") and (not kind or "regist" in str(kind).lower())


def _looks_like_lines(text: bytes) -> bool:
    """True for NDJSON that was called .json: the first of several lines is a resource by itself."""
    first, _, rest = text.lstrip().partition(b"\n")
    return bool(rest.strip()) and _KIND.match(first) is not None and first.rstrip().endswith(b"}")


def _of_text(text: bytes, number: int) -> Row:
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        return Row(record=number, fault=_not_json(problem), raw=_shown(text))
    row = _checked(parsed, number, "")
    if row.fault is None and not _each_key_once(text, row.body):
        again = _marking_keys_given_twice(text)
        if isinstance(again, Fault):
            return Row(record=number, fault=again, raw=_shown(text))
        return _checked(again, number, "")
    return row


def _of_entry(entry: Any, number: int) -> Row:
    if not isinstance(entry, dict):
        return Row(record=number, fault=Fault("not_fhir", "This entry is not an object."))
    full_url = entry.get("fullUrl")
    request = entry.get("request")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        return _deleted(request, number)
    if "resource" not in entry:
        return Row(record=number, fault=Fault("no_resource", "This entry has no resource in it."))
    return _checked(entry["resource"], number, full_url if isinstance(full_url, str) else "")


def _deleted(request: dict[str, Any], number: int) -> Row:
    kind, _, identity = str(request.get("url", "")).strip("/").rpartition("/")
    kind = kind.rpartition("/")[2]
    fault = Fault("deleted", "This entry says that the resource was deleted.")
    known = {"resourceType": kind, "id": identity} if kind in READ else None
    return Row(record=number, content=known, fault=fault)


def _checked(parsed: Any, number: int, full_url: str) -> Row:
    if not isinstance(parsed, dict):
        fault = Fault("not_fhir", "This is not a FHIR resource (a JSON object is expected).")
        return Row(record=number, fault=fault, raw=str(parsed)[:200])
    try:
        body = orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        fault = Fault("too_deep", "This resource is nested too deeply to be real.")
        return Row(record=number, fault=fault)
    fault_found = Fault("twice", "A key is given twice, so nobody can say which is meant.")
    return Row(
        record=number, content=parsed, body=body, full_url=full_url,
        fault=fault_found if b"\\u0000key given twice" in body else None,
    )  # fmt: skip


def _parse(text: bytes) -> Any:
    """A whole document; a mapping in which a key is given twice carries a mark that says so."""
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        return _not_json(problem)
    try:
        once = _each_key_once(text, orjson.dumps(parsed))
    except TypeError:
        once = False
    return parsed if once else _marking_keys_given_twice(text)


def _each_key_once(text: bytes, again: bytes) -> bool:
    """Compare quotation marks: the parser drops a key given twice, and its marks with it."""
    return text.count(b'"') == again.count(b'"') and b"\\u0022" not in text


def _marking_keys_given_twice(text: bytes) -> Any:
    def mark(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        if len(content) < len(pairs):
            content[_DUPLICATE] = True
        return content

    try:
        return json.loads(text, object_pairs_hook=mark, parse_int=float)
    except (RecursionError, ValueError):
        return Fault("too_deep", "This resource is nested too deeply to be real.")


def _not_json(problem: orjson.JSONDecodeError) -> Fault:
    return Fault("not_json", f"This is not JSON: {_in_words(str(problem))}.")


def _in_words(problem: str) -> str:
    known: tuple[tuple[str, str], ...] = (
        ("depth limit", "it is nested too deeply"),
        ("infinity when parsed", "a number in it is too large"),
        ("surrogate", "it is not valid UTF-8 text"),
        ("UTF-8", "it is not valid UTF-8 text"),
        ("unexpected end", "it is cut short"),
        ("EOF", "it is cut short"),
    )
    return next((words for sign, words in known if sign in problem), "it does not follow the rules")


def _shown(text: bytes) -> str:
    return text[:2000].decode("utf-8", "replace").strip()
