"""A test database is migrated once and then copied: the runs after it, and its neighbours, begin at once.

The copy is named by all that shapes it, so a change of a model, a migration or a package makes a new one. On
SQLite it is a file of the machine, on PostgreSQL a database beside the test's.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
SHAPES = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "core/*triggers.py", "requirements.txt")
STALE = 24 * 3600
TEMPLATE = "orderway_template_"
KEPT = 4  # of one server: as many checkouts can test there at a time


def copy_instead_of_migrating() -> None:
    """From now on `migrate` of a whole test database copies the template; the first run makes it."""
    run = migrate.Command.handle

    def handle(command: Any, *args: Any, **options: Any) -> None:
        if options.get("app_label"):
            return run(command, *args, **options)
        connection = connections[options["database"]]
        template = _template()
        if connection.vendor == "postgresql":
            with _alone(template.with_suffix(".postgresql")):
                if not _copied_database(connection, template.stem):
                    run(command, *args, **options)
                    _copy_database(connection, template.stem)
            return None
        with _alone(template):
            if not template.exists():
                run(command, *args, **options)
                _copy_out(connection, template)
                return None
        return _copy_in(connection, template)

    migrate.Command.handle = handle


def _template() -> Path:
    shape = hashlib.sha256()
    for pattern in SHAPES:
        for path in sorted(ROOT.glob(pattern)):
            shape.update(path.as_posix().encode() + path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"orderway-templates-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{shape.hexdigest()[:20]}.sqlite3"


@contextmanager
def _alone(template: Path) -> Iterator[None]:
    with template.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy_out(connection: Any, template: Path) -> None:
    for old in template.parent.iterdir():
        if time.time() - old.stat().st_mtime > STALE:
            old.unlink(missing_ok=True)
    making = template.with_suffix(".making")
    making.unlink(missing_ok=True)
    with sqlite3.connect(making) as target:
        connection.connection.backup(target)
    target.close()
    making.replace(template)


def _copy_in(connection: Any, template: Path) -> None:
    connection.ensure_connection()
    with sqlite3.connect(f"file:{template}?mode=ro", uri=True) as source:
        source.backup(connection.connection)
    source.close()


def _copied_database(connection: Any, shape: str) -> bool:
    """Make the test's database anew from the template on its server, if there is one."""
    name, template = connection.settings_dict["NAME"], f"{TEMPLATE}{shape}"
    with _from_outside(connection) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            return False
        cursor.execute(f'DROP DATABASE "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return True


def _copy_database(connection: Any, shape: str) -> None:
    """Keep a copy of the test's database as the template; the oldest of other shapes make room."""
    name = connection.settings_dict["NAME"]
    with _from_outside(connection) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [f"{TEMPLATE}%"])
        for (old,) in cursor.fetchall()[: -KEPT + 1]:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
        cursor.execute(f'CREATE DATABASE "{TEMPLATE}{shape}" TEMPLATE "{name}"')


@contextmanager
def _from_outside(connection: Any) -> Iterator[Any]:
    """A cursor beside the test's database, to which nobody is connected meanwhile."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        yield cursor
