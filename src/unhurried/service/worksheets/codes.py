"""The personal code of a worksheet, made from its row's uuid."""

from unhurried.service.accounts.codes import Codes

WORKSHEET = Codes("worksheets.entries")
