"""Reading MS Project XML with bounds: calendars, tasks, resources and assignments as small trees of elements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from storage.importing.tables import CELL_LIMIT, FileUnreadable, check_is_file

DEPTH_LIMIT = 50
RECORD_LIMIT = 500_000
PARTS_LIMIT = 200_000  # elements of one calendar, task, resource or assignment
SILENCE_LIMIT = 4_000_000  # bytes without an element or text: one tag of that size is no plan
CHUNK = 65_536
ROOT = re.compile(rb"<(?:\w+:)?([A-Za-z]\w*)")

COLLECTIONS = {"Calendars": "Calendar", "Tasks": "Task", "Resources": "Resource", "Assignments": "Assignment"}
# Nothing in these is imported, and they make up most of a large file.
PASSED_OVER = frozenset(
    {"TimephasedData", "ExtendedAttribute", "ExtendedAttributes", "OutlineCodes", "WBSMasks", "Rates", "WorkWeeks"}
)


@dataclass(slots=True)
class Element:
    """One element: its text, and what lies in it."""

    name: str
    text: str = ""
    parts: list["Element"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The text of the first part of that name; empty without one."""
        return next((part.text.strip() for part in self.parts if part.name == name), "")

    def all(self, *path: str) -> Iterator["Element"]:
        """The parts below, by the names on the way."""
        for part in self.parts:
            if part.name == path[0]:
                if len(path) == 1:
                    yield part
                else:
                    yield from part.all(*path[1:])


@dataclass
class ProjectFile:
    """A plan as its file has it; `head` holds the fields of the project itself."""

    head: Element = field(default_factory=lambda: Element("Project"))
    records: dict[str, list[Element]] = field(default_factory=lambda: {name: [] for name in COLLECTIONS.values()})


def read_project_xml(path: Path) -> ProjectFile:
    """The plan in a file of MS Project XML, of any version. Raises FileUnreadable."""
    reader = _Reader()
    _parse(path, reader)
    return reader.file


def check_xml(path: Path) -> None:
    """That a file of XML has no document type, no entities, and bounds. Raises FileUnreadable."""
    _parse(path, _Bounded())


def root_of(path: Path) -> str:
    """The name of the first element of a file; empty where it has none."""
    try:
        with path.open("rb") as file:
            found = ROOT.search(file.read(CHUNK))
    except OSError:
        return ""
    return found[1].decode() if found else ""


def _parse(path: Path, reader: "_Bounded") -> None:
    check_is_file(path)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(reader)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                reader.silence += len(chunk)
                parser.feed(chunk)
                if reader.silence > SILENCE_LIMIT:
                    raise FileUnreadable("A single tag of the file has millions of characters. It was not read on.")
        parser.close()
    except DefusedXmlException as error:
        raise FileUnreadable("The file declares a document type or entities, which no plan needs; not read.") from error
    except SAXParseException as error:
        raise FileUnreadable(
            f"The file is no well-formed XML, or is cut off: line {error.getLineNumber()}, {error.getMessage()}."
        ) from error
    except (SAXException, ValueError, LookupError) as error:
        raise FileUnreadable("The file is no well-formed XML, or in no known encoding.") from error
    except OSError as error:
        raise FileUnreadable(f"The file cannot be read ({error.strerror}).") from error


class _Bounded(ContentHandler):
    """Lets everything go, and minds how deep elements lie in each other."""

    def __init__(self) -> None:
        super().__init__()
        self.silence = 0  # bytes read since the last element or text
        self._depth = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self.silence = 0
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise FileUnreadable(f"The elements lie in each other more than {DEPTH_LIMIT} deep. It was not read on.")

    def endElement(self, name: str) -> None:  # noqa: N802
        self.silence = 0
        self._depth -= 1

    def characters(self, content: str) -> None:
        self.silence = 0


class _Reader(_Bounded):
    """Builds a tree of each record and lets go of all else."""

    def __init__(self) -> None:
        super().__init__()
        self.file = ProjectFile()
        self._open: list[Element] = []
        self._passing = 0  # how deep in an element that is passed over
        self._parts = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        super().startElement(name, attrs)
        name = name.rpartition(":")[2]
        if self._passing or name in PASSED_OVER:
            self._passing += 1
        if not self._open and name != "Project":
            raise FileUnreadable(f"This is XML, but no MS Project plan: it begins with <{name[:40]}>.")
        if not self._passing:
            self._enter(Element(name))

    def _enter(self, element: Element) -> None:
        depth = len(self._open)
        if depth == 2 and COLLECTIONS.get(self._open[1].name) == element.name:
            records = self.file.records[element.name]
            records.append(element)
            self._parts = 0
            if len(records) > RECORD_LIMIT:
                raise FileUnreadable(f"The file has more than {RECORD_LIMIT:,} elements <{element.name}>. Split it.")
        elif depth == 1 or (depth > 2 and self._open[1].name in COLLECTIONS):
            self._open[-1].parts.append(element)
            self._parts += 1
            if self._parts > PARTS_LIMIT:
                raise FileUnreadable(f"One <{self._open[-1].name}> of the file has over {PARTS_LIMIT:,} parts.")
        elif depth == 0:
            self.file.head = element
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802
        super().endElement(name)
        if self._passing:
            self._passing -= 1
        else:
            self._open.pop()

    def characters(self, content: str) -> None:
        super().characters(content)
        if self._passing or len(self._open) < 2:
            return
        element = self._open[-1]
        element.text += content
        if len(element.text) > CELL_LIMIT:
            raise FileUnreadable(f"The text of a <{element.name}> has more than {CELL_LIMIT:,} characters.")
