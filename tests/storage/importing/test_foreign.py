"""Plans of other tools: converted in a process of their own, or refused in a sentence."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from storage.importing import foreign
from storage.importing.foreign import TOOLS
from tests.storage.importing.conftest import Import

FILES = Path(__file__).parents[4] / "shared" / "data" / "project-files"
TASK = (
    '<task id="{0}" name="{1}" note="" work="28800" start="2026030{0}T080000Z" end="2026030{0}T170000Z" '
    'percent-complete="0" priority="0" type="normal" scheduling="fixed-work">{2}</task>'
)
LINK = '<predecessors><predecessor id="1" predecessor-id="2" type="FS"/></predecessors>'
PLANNER = f"""<?xml version="1.0"?>
<project name="Harbour move" project-start="20260302T000000Z" mrproject-version="2" calendar="1">
  <calendars><day-types>
    <day-type id="0" name="Working" description=""/><day-type id="1" name="Nonworking" description=""/>
  </day-types>
  <calendar id="1" name="Default">
    <default-week mon="0" tue="0" wed="0" thu="0" fri="0" sat="1" sun="1"/>
    <overridden-day-types><overridden-day-type id="0">
      <interval start="0800" end="1200"/><interval start="1300" end="1700"/>
    </overridden-day-type></overridden-day-types><days/>
  </calendar></calendars>
  <phases/>
  <tasks>{TASK.format(2, "Pack", "")}{TASK.format(3, "Move", LINK)}</tasks>
  <resource-groups/><resources/><allocations/>
</project>
"""

needs_mpxj = pytest.mark.skipif(find_spec("mpxj") is None, reason="the extra [files] is not installed")


@needs_mpxj
def test_a_plan_of_another_tool_is_imported_like_any(tmp_path: Path, do_import: Import) -> None:
    path = tmp_path / "harbour.planner"
    path.write_text(PLANNER)
    report = do_import(path)

    assert report.problems == []
    assert (report.counts["tasks"].added, report.counts["dependencies"].added) == (2, 1)
    assert not do_import(path).applied


@needs_mpxj
@pytest.mark.parametrize("suffix", sorted(TOOLS))
def test_what_is_no_plan_is_refused_in_a_sentence(tmp_path: Path, do_import: Import, suffix: str) -> None:
    path = tmp_path / f"plan{suffix}"
    path.write_bytes(b"\x00\x01 no plan \xff" * 50)
    report = do_import(path)

    assert report.refused
    assert len(report.problems) == 1
    assert "Traceback" not in str(report)


@needs_mpxj
@pytest.mark.parametrize("suffix", [".pmxml", ".planner", ".gan"])
def test_document_types_never_reach_the_converter(tmp_path: Path, do_import: Import, suffix: str) -> None:
    path = tmp_path / f"plan{suffix}"
    path.write_text('<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/hostname">]><project name="&e;"/>')

    assert "declares a document type" in do_import(path).problems[0].sentence


def test_without_the_extra_the_sentence_says_what_to_do(
    tmp_path: Path, do_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign, "find_spec", lambda module: None)
    path = tmp_path / "plan.mpp"
    path.write_bytes(b"x")

    assert "pip install 'pilothouse[files]'" in do_import(path).problems[0].sentence


def test_without_java_the_sentence_says_what_to_do(
    tmp_path: Path, do_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = tmp_path / "no_java.py"
    worker.write_text("import sys; sys.exit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(foreign, "WORKER", "no_java")
    monkeypatch.setattr(foreign, "find_spec", lambda module: True)
    path = tmp_path / "plan.mpp"
    path.write_bytes(b"x")

    assert "Reading it takes Java" in do_import(path).problems[0].sentence


def test_a_converter_that_hangs_is_ended(tmp_path: Path, do_import: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hanging.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(foreign, "WORKER", "hanging")
    monkeypatch.setattr(foreign, "PATIENCE", 0.5)
    monkeypatch.setattr(foreign, "find_spec", lambda module: True)
    path = tmp_path / "plan.xer"
    path.write_bytes(b"x")

    assert "could not be read within" in do_import(path).problems[0].sentence


@needs_mpxj
@pytest.mark.skipif(not FILES.is_dir(), reason=f"{FILES} is not there")
def test_files_of_other_tools_are_imported_or_refused_with_a_reason(do_import: Import) -> None:
    """One of each kind: each takes seconds of a Java machine."""
    kinds = {path.suffix: path for path in sorted(FILES.iterdir()) if path.suffix in TOOLS}
    reports = {suffix: do_import(path, dry_run=True) for suffix, path in kinds.items()}

    assert set(reports) == {".mpp", ".mpx", ".planner", ".pmxml", ".xer"}
    assert not reports[".planner"].refused
    assert not reports[".pmxml"].refused
    for suffix in (".mpp", ".mpx", ".xer"):
        problems = [problem.sentence for problem in reports[suffix].problems]
        assert not problems or (not shutil.which("java") and "Reading it takes Java" in problems[0])
