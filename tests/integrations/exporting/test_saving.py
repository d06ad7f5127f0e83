"""`pilothouse export`: which project words mean, and files written whole or not at all."""

from pathlib import Path

import pytest

from integrations.app import Application, CannotDo
from integrations.exporting.saving import export_named, save
from tests.firm import MONDAY


def test_a_project_is_found_by_what_people_call_it(sample: Application) -> None:
    asker = sample.asker("sam.okafor@quillmere.example")

    assert b"<Title>CRM rollout</Title>" in export_named(sample, asker, "crm rollout", "xml", MONDAY)


@pytest.mark.parametrize("words", ["no such thing", "tern"])
def test_what_is_no_one_project_is_said_in_a_sentence(sample: Application, words: str) -> None:
    with pytest.raises(CannotDo, match=r"No project|is a program"):
        export_named(sample, sample.asker("sam.okafor@quillmere.example"), words, "xml", MONDAY)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "plan.xml"
    save(b"old", path)
    save(b"new", path)
    assert path.read_bytes() == b"new"
    with pytest.raises(CannotDo, match="cannot be written"):
        save(b"x", tmp_path / "nowhere" / "plan.xml")

    assert [each.name for each in tmp_path.iterdir()] == ["plan.xml"]
