"""Settings from the environment, and from files."""

import os
from pathlib import Path

import pytest

from integrations.settings import (
    HOSTED_MODEL,
    HOSTED_URL,
    SettingsError,
    color_is_wanted,
    read_settings,
    switch_tracing_off,
)
from storage.engine import Store


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("PILOTHOUSE_", "OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_store_is_a_file_below_the_working_folder(tmp_path: Path) -> None:
    settings = read_settings()

    assert settings.store_url == f"sqlite:///{tmp_path}/.pilothouse/pilothouse.db"
    assert settings.log_file == tmp_path / ".pilothouse" / "pilothouse.log"
    assert settings.language_model is None


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


LOCAL = "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"OPENAI_API_KEY": "sk-1"}, (HOSTED_MODEL, HOSTED_URL, "sk-1")),
        ({"OPENAI_API_KEY": "sk-1", "PILOTHOUSE_MODEL": "large"}, ("large", HOSTED_URL, "sk-1")),
        ({"OPENAI_BASE_URL": f"{LOCAL}/", "PILOTHOUSE_MODEL": "qwen3:8b"}, ("qwen3:8b", LOCAL, "")),
        ({"OPENAI_API_KEY": "sk-1", "PILOTHOUSE_MODEL": "builtin"}, None),
        ({"OPENAI_API_KEY": "sk-1", "PILOTHOUSE_MODEL": "Builtin"}, None),
        ({"OPENAI_BASE_URL": LOCAL}, None),
        ({"OPENAI_BASE_URL": LOCAL, "PILOTHOUSE_MODEL": ""}, None),
        ({}, None),
    ],
)
def test_a_key_or_an_address_with_a_model_makes_a_language_model_answer(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: tuple[str, str, str] | None
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    chosen = read_settings().language_model

    assert (chosen and (chosen.name, chosen.base_url, chosen.key)) == expected


def test_a_key_may_lie_in_a_file_and_is_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-hidden\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))
    settings = read_settings()

    assert settings.language_model is not None and settings.language_model.key == "sk-hidden"
    assert "sk-hidden" not in repr(settings) + repr(settings.language_model)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("OPENAI_BASE_URL", "localhost:11434", "OPENAI_BASE_URL cannot be used: it takes an address like http://"),
        ("OPENAI_BASE_URL", "http://", "OPENAI_BASE_URL cannot be used"),
        ("OPENAI_BASE_URL", "http://[::1", "OPENAI_BASE_URL cannot be used"),
        ("OPENAI_BASE_URL", "http://h:99999/v1", "OPENAI_BASE_URL cannot be used: it takes an address like http://"),
        ("OPENAI_BASE_URL", "http://me:hidden@host/v1", "a key goes into OPENAI_API_KEY"),
        ("OPENAI_API_KEY", "hidden\nX-Other: 1", "OPENAI_API_KEY cannot be used"),
        ("PILOTHOUSE_MODEL", "large", "neither OPENAI_API_KEY nor OPENAI_BASE_URL says how to reach it"),
        ("PILOTHOUSE_MODEL_PATIENCE", "soon", "PILOTHOUSE_MODEL_PATIENCE is 'soon'"),
        ("PILOTHOUSE_MODEL_PATIENCE", "nan", "it takes a number of seconds above 0 and up to 3,600"),
        ("PILOTHOUSE_MODEL_TIMEOUT", "-1", "PILOTHOUSE_MODEL_TIMEOUT is '-1'"),
        ("PILOTHOUSE_MODEL_TIMEOUT", "nan", "PILOTHOUSE_MODEL_TIMEOUT is 'nan'"),
        ("PILOTHOUSE_MODEL_TIMEOUT", "inf", "PILOTHOUSE_MODEL_TIMEOUT is 'inf'"),
        ("PILOTHOUSE_PERSON_TOKENS", "1.5", "PILOTHOUSE_PERSON_TOKENS is '1.5'"),
        ("PILOTHOUSE_FAST_PATH", "perhaps", "PILOTHOUSE_FAST_PATH is 'perhaps'"),
    ],
)
def test_a_bad_value_makes_a_sentence_without_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert sentence in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_a_proxy_is_used_for_what_is_far_away_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    far = read_settings().language_model
    monkeypatch.setenv("OPENAI_BASE_URL", LOCAL)
    near = read_settings().language_model

    assert far is not None and far.proxy == "http://proxy.example:3128"
    assert near is not None and near.proxy is None


def test_no_variable_can_switch_tracing_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "ls-1")
    switch_tracing_off()

    traced = {name: value for name, value in os.environ.items() if name.startswith(("LANGCHAIN_", "LANGSMITH_"))}
    assert traced == {"LANGSMITH_TRACING": "false"}


SIGN_IN = {
    "PILOTHOUSE_OIDC_ISSUER": "https://login.example.org/own/",
    "PILOTHOUSE_OIDC_CLIENT_ID": "pilothouse",
    "PILOTHOUSE_PUBLIC_URL": "https://PM.example.org/",
}


def set_all(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_people_sign_in_where_a_provider_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_settings().openid is None
    set_all(monkeypatch, SIGN_IN)
    public = read_settings().openid
    (tmp_path / "secret").write_text("hidden-well-enough\n")
    monkeypatch.setenv("PILOTHOUSE_OIDC_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    settings = read_settings()

    assert public is not None and public.secret == ""
    assert public.issuer == "https://login.example.org/own/"
    assert public.redirect_address == "https://PM.example.org/login/oidc/callback"
    assert settings.openid is not None and settings.openid.secret == "hidden-well-enough"
    assert "hidden" not in repr(settings) + repr(settings.openid)


def test_the_server_answers_to_the_name_that_browsers_use(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, SIGN_IN)
    assert read_settings().host_names == ("pm.example.org",)
    monkeypatch.setenv("PILOTHOUSE_HOSTS", "pm2.example.org,pm.example.org")
    assert read_settings().host_names == ("pm2.example.org", "pm.example.org")
    set_all(monkeypatch, {"PILOTHOUSE_HOSTS": "", "PILOTHOUSE_PUBLIC_URL": "http://127.0.0.1:8080"})

    assert read_settings().host_names == ()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"PILOTHOUSE_OIDC_ISSUER": ""}, "PILOTHOUSE_OIDC_ISSUER and PILOTHOUSE_OIDC_CLIENT_ID belong together"),
        ({"PILOTHOUSE_OIDC_CLIENT_ID": ""}, "belong together"),
        (dict.fromkeys(SIGN_IN, "") | {"PILOTHOUSE_OIDC_CLIENT_SECRET": "hidden"}, "belong together"),
        ({"PILOTHOUSE_PUBLIC_URL": ""}, "needs PILOTHOUSE_PUBLIC_URL"),
        ({"PILOTHOUSE_PUBLIC_URL": "pm.example.org"}, "PILOTHOUSE_PUBLIC_URL cannot be used: it takes an address"),
        ({"PILOTHOUSE_PUBLIC_URL": "https://pm.example.org/here"}, "without a path"),
        ({"PILOTHOUSE_PUBLIC_URL": "https://pm.example.org?x"}, "PILOTHOUSE_PUBLIC_URL cannot be used"),
        ({"PILOTHOUSE_PUBLIC_URL": "https://pm.exa mple.org"}, "PILOTHOUSE_PUBLIC_URL cannot be used"),
        ({"PILOTHOUSE_PUBLIC_URL": "https://["}, "PILOTHOUSE_PUBLIC_URL cannot be used"),
        ({"PILOTHOUSE_OIDC_ISSUER": "http://login.example.org"}, "plain http only on this machine"),
        ({"PILOTHOUSE_OIDC_ISSUER": "http://127.0.0.1.example.org"}, "plain http only on this machine"),
        ({"PILOTHOUSE_OIDC_ISSUER": "https://me:hidden@login.example.org"}, "PILOTHOUSE_OIDC_ISSUER cannot be used"),
        ({"PILOTHOUSE_OIDC_ISSUER": "login.example.org"}, "PILOTHOUSE_OIDC_ISSUER cannot be used: it takes an address"),
        ({"PILOTHOUSE_OIDC_CLIENT_SECRET": "hidden\nX: 1"}, "PILOTHOUSE_OIDC_CLIENT_SECRET cannot be used"),
    ],
)
def test_half_a_provider_makes_a_sentence_without_secrets(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], sentence: str
) -> None:
    set_all(monkeypatch, SIGN_IN | changed)
    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert sentence in str(caught.value)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("issuer", ["http://localhost:9000", "http://127.0.0.1:9000/x", "http://[::1]:9000"])
def test_a_provider_on_this_machine_may_speak_plain_http(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    set_all(monkeypatch, SIGN_IN | {"PILOTHOUSE_OIDC_ISSUER": issuer})

    assert read_settings().openid is not None


def test_slack_takes_its_tokens_under_its_own_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99yyyzzz85a5")

    slack = read_settings().slack

    assert slack is not None
    assert (slack.bot_token, slack.app_token, slack.has_weak_secret) == ("xoxb-1", "", False)
    assert "xoxb-1" not in repr(slack)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-a-users-token"),
        ("SLACK_APP_TOKEN", "xoxb-the-wrong-one"),
        ("SLACK_API_URL", "http://slack.example.org/api"),
        ("SLACK_SIGNING_SECRET", "a\tb"),
    ],
)
def test_a_token_of_slack_in_the_wrong_place_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name) as refused:
        read_settings()

    assert value not in str(refused.value)
