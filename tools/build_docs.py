"""Write the reference pages that come from data tables and from the product's own answers.

`--check` writes nothing and fails when a page is not what it would write.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from docs_pages import access, directions, doses, headings, measures, readme, screening, wording

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "README.md": readme.page,
    "docs/reference/access.md": access.page,
    "docs/reference/directions.md": directions.page,
    "docs/reference/doses.md": doses.page,
    "docs/reference/headings.md": headings.page,
    "docs/reference/measures.md": measures.page,
    "docs/reference/screening.md": screening.page,
    "docs/reference/wording.md": wording.page,
}


def main() -> int:
    """Build every page; with --check, 1 when one is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, page in PAGES.items():
        path = ROOT / name
        text = page(ROOT)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    if check and stale:
        print(f"out of date, run `make docs`: {', '.join(stale)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
