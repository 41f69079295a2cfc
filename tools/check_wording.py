"""Fail when a word that stigmatises stands in code, data or docs (INV-5, INV-6).

The words come from `unhurried/clinical/data/words-to-avoid.csv`, which `unhurried.clinical.wording`
reads too; the build looks for those with `build` yes. A name or another meaning that
`wording-allowed.csv` knows ("Current Opioid Misuse Measure", "child abuse") may stand. Any other
line may keep a word where it is a name of its own, by ending in `wording: allowed` with the reason.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

from unhurried.clinical.wording.checking import other_meanings

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src/unhurried/clinical/data/words-to-avoid.csv"
READ = {".py", ".md", ".toml", ".csv", ".jinja", ".html", ".typ", ".txt", ".yaml", ".sql"}
# These state the rule itself, or list the words so that they can be caught.
STATE_THE_RULE = {
    TABLE,
    ROOT / "GLOSSARY.md",
    Path(__file__).resolve(),
    ROOT / "docs/reference/wording.md",
    *(ROOT / "src/unhurried/clinical/data").glob("wording-*.csv"),
    *(ROOT / "src/unhurried/clinical/wording").glob("*.py"),
    *(ROOT / "tests/clinical/wording").glob("*.py"),
    *(ROOT / "tests/spec/wording").glob("*.csv"),
}
ALLOWED = "wording: allowed"


def words_to_avoid() -> dict[str, str]:
    """Each word with what to say instead."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return {
            row["word"]: row["instead"] for row in csv.DictReader(rows) if row["build"] == "yes"
        }


def breaches(path: Path, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Line numbers and words found in one file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return [
        (number, match.group(0))
        for number, line in enumerate(text.splitlines(), start=1)
        if ALLOWED not in line
        for match in pattern.finditer(line)
        if not any(start <= match.start() < end for start, end in other_meanings(line))
    ]


def main() -> int:
    """Print every breach; 1 when there is any."""
    instead = words_to_avoid()
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, instead)) + r")\b", re.IGNORECASE)
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found = 0
    for name in tracked:
        path = ROOT / name
        if path.suffix not in READ or path in STATE_THE_RULE or not path.is_file():
            continue
        for line, word in breaches(path, pattern):
            found += 1
            print(f"{name}:{line}: '{word}': say '{instead[word.lower()]}'")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
