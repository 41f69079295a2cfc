"""Every write to a worksheet: one transaction, one row of the trail, once however often sent."""

from unhurried.service.worksheets.operations.codes import add_by_code, make_code, stop_code
from unhurried.service.worksheets.operations.lines import (
    add_line,
    correct_line,
    take_out_line,
    transcribe,
)
from unhurried.service.worksheets.operations.sheets import (
    change_days,
    say_what_i_make,
    share_pattern,
    start_worksheet,
)

__all__ = [
    "add_by_code",
    "add_line",
    "change_days",
    "correct_line",
    "make_code",
    "say_what_i_make",
    "share_pattern",
    "start_worksheet",
    "stop_code",
    "take_out_line",
    "transcribe",
]
