"""The layout fits the tables it fills, and the README documents all of it."""

from pathlib import Path

import pytest

from storage.importing.layout import LAYOUTS, Layout
from storage.importing.mapping import find_mapping

README = Path("storage/importing/README.md").read_text()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_field_has_a_column_in_the_store_and_a_line_in_the_readme(layout: Layout) -> None:
    section = README.split(f"### {layout.file}\n")[1].split("\n### ")[0]

    for field in layout.fields:
        assert field.column in layout.model.model_fields
        assert all(f"`{column}`" in section for column in field.columns)
    assert {*layout.identity, *sum(layout.ordered, ())} <= set(layout.model.model_fields)


def test_the_mapping_of_the_readme_is_right(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(README.split("```toml\n")[1].split("```")[0])

    assert find_mapping(tmp_path).tables["project"].custom["strategic_fit"].label == "strategic fit"
