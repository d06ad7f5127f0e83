"""Settings from the environment, and from files."""

from pathlib import Path

import pytest

from integrations.settings import SettingsError, color_is_wanted, read_settings
from storage.engine import Store


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOME", "DATABASE_URL", "MODEL", "HOSTS", "SECURE_COOKIES"):
        monkeypatch.delenv(f"PILOTHOUSE_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_store_is_a_file_below_the_working_folder(tmp_path: Path) -> None:
    settings = read_settings()

    assert settings.store_url == f"sqlite:///{tmp_path}/.pilothouse/pilothouse.db"
    assert settings.log_file == tmp_path / ".pilothouse" / "pilothouse.log"
    assert settings.model == "builtin"


def test_a_folder_may_have_any_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "why? 100%25 #1"
    monkeypatch.setenv("PILOTHOUSE_HOME", str(home))

    assert Store.open(read_settings().store_url).file == home / "pilothouse.db"


def test_the_home_of_an_unknown_user_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTHOUSE_HOME", "~no-such-user/pm")

    with pytest.raises(SettingsError, match=r"PILOTHOUSE_HOME.*no-such-user"):
        read_settings()


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PILOTHOUSE_HOME", "")

    assert read_settings().home == tmp_path / ".pilothouse"


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://me:secret@db/pm\n")
    monkeypatch.setenv("PILOTHOUSE_DATABASE_URL_FILE", str(tmp_path / "url"))

    assert read_settings().store_url == "postgresql://me:secret@db/pm"


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTHOUSE_DATABASE_URL_FILE", "nowhere/url")

    with pytest.raises(SettingsError, match=r"PILOTHOUSE_DATABASE_URL_FILE.*nowhere/url"):
        read_settings()


def test_host_names_are_split_and_compared_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTHOUSE_HOSTS", "PM.example.org, pm2.example.org,")

    assert read_settings().host_names == ("pm.example.org", "pm2.example.org")


def test_no_color_is_honoured_whatever_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert color_is_wanted()
    monkeypatch.setenv("NO_COLOR", "0")
    assert not color_is_wanted()
