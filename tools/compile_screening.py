"""Write the DuckDB SQL of the screening definition into `screening/compiled` (or --check it).

Needs the spark extra (Ibis); the everyday path then needs no Ibis at all.
"""

from __future__ import annotations

import sys
from pathlib import Path

from unhurried.screening.definition.compiling import compiled

FOLDER = Path(__file__).resolve().parent.parent / "src/unhurried/screening/compiled"


def main(arguments: list[str]) -> int:
    """Write or check; 1 when a check finds a difference."""
    wanted = dict(compiled())
    present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.sql")}
    if "--check" in arguments:
        different = sorted(
            name for name in wanted | present if wanted.get(name) != present.get(name)
        )
        for name in different:
            print(f"{name} is not what the definition compiles to: run tools/compile_screening.py")
        return 1 if different else 0
    FOLDER.mkdir(exist_ok=True)
    for name in present.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
