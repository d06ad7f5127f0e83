"""Plans of other tools (MPP, MPX, XER, PMXML, Planner, GanttProject), by the extra [files] as MS Project XML."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.importing.foreign_worker import NO_JAVA
from storage.importing.project_xml import check_xml, root_of
from storage.importing.tables import FileUnreadable, check_is_file

TOOLS = {
    ".mpp": "Microsoft Project",
    ".mpt": "Microsoft Project",
    ".mpx": "Microsoft Project",
    ".xer": "Primavera",
    ".pmxml": "Primavera",
    ".planner": "Planner",
    ".gan": "GanttProject",
}
XML = (".pmxml", ".planner", ".gan", ".xml")
ROOTS = {"APIBusinessObjects": "Primavera"}  # of files that end in .xml, too
PATIENCE = 60  # seconds
WORKER = "storage.importing.foreign_worker"


def is_foreign(path: Path) -> bool:
    """Whether a file is a plan that another tool wrote; one called .xml by what it begins with."""
    return path.suffix.lower() in TOOLS or (path.suffix.lower() == ".xml" and root_of(path) in ROOTS)


@contextmanager
def as_project_xml(path: Path) -> Iterator[Path]:
    """The plan as MS Project XML, in a file that is there as long as the block runs. Raises FileUnreadable."""
    check_is_file(path)
    tool = TOOLS.get(path.suffix.lower()) or ROOTS.get(root_of(path), "another tool")
    if not all(find_spec(module) for module in ("jpype", "mpxj")):
        raise FileUnreadable(
            f"This is a plan of {tool}. Reading it takes the extra [files]: .venv/bin/pip install 'pilothouse[files]'. "
            "Or save it as XML of Microsoft Project."
        )
    if path.suffix.lower() in XML:
        check_xml(path)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "plan.xml"
        _convert(path, target, tool)
        yield target


def _convert(path: Path, target: Path, tool: str) -> None:
    command = [sys.executable, "-m", WORKER, str(path), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise FileUnreadable(f"The plan of {tool} could not be read within {PATIENCE} seconds.") from error
    if done.returncode == NO_JAVA:
        raise FileUnreadable(
            f"This is a plan of {tool}. Reading it takes Java (a runtime of version 11 or newer), which is not "
            "on this machine. Install it, or save the plan as XML of Microsoft Project."
        )
    if done.returncode or not target.is_file():
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise FileUnreadable(f"This cannot be read as a plan of {tool}. {lines[-1] if lines else ''}".strip())
