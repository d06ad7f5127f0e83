"""The schema's versions, oldest first; Alembic is imported only when there is something to migrate."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
VERSIONS = tuple(sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py")))


def upgrade(connection: Connection, version: str = "head") -> None:
    from alembic import command

    command.upgrade(_config(connection), version)


def downgrade(connection: Connection, version: str) -> None:
    from alembic import command

    command.downgrade(_config(connection), version)


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
