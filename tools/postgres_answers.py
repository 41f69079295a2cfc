"""Does the PostgreSQL of DATABASE_URL answer? Says which way it is; exit code 0 when it does."""

from __future__ import annotations

import os
import sys

import psycopg


def main() -> int:
    """Try to connect to the server's own database."""
    address = os.environ["DATABASE_URL"]
    server = address.rsplit("/", 1)[0]
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        print(f"No PostgreSQL answers at {server}: the service was tested on SQLite only.")
        print("Set UNHURRIED_TEST_POSTGRES to the address of one to test on it too.")
        return 1
    print(f"PostgreSQL answers at {server}: the service is tested on it too.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
