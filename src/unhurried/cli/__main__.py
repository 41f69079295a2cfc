"""`python -m unhurried.cli`: the command, however Python was installed."""

from unhurried.cli.main import run

run()
