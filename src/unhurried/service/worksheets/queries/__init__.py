"""Every read of worksheets: whose they are, what stands on them, what they show."""

from unhurried.service.worksheets.queries.pattern import (
    SharedPattern,
    Shown,
    happenings,
    points,
    shared_patterns,
    shown,
)
from unhurried.service.worksheets.queries.sheets import (
    WrittenDay,
    being_kept,
    known_products,
    line_of,
    live_code,
    now_kept,
    own_record,
    paper_lines,
    sheet_of,
    sheets_of,
    written_days,
)

__all__ = [
    "SharedPattern",
    "Shown",
    "WrittenDay",
    "being_kept",
    "happenings",
    "known_products",
    "line_of",
    "live_code",
    "now_kept",
    "own_record",
    "paper_lines",
    "points",
    "shared_patterns",
    "sheet_of",
    "sheets_of",
    "shown",
    "written_days",
]
