"""Settings: read from the environment alone, refused when unsafe, and documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.config import PREFIX, SettingError, Settings, load_settings, settings_table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)


def test_defaults_serve_this_machine_alone() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.lang) == ("127.0.0.1", 8050, "zh")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_PORT", "9001")
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", "sqlite:///elsewhere.db")
    settings = load_settings()
    assert (settings.port, settings.database_url) == (9001, "sqlite:///elsewhere.db")


BEYOND = ["0.0.0.0", "192.168.1.5", "::", "example.org", ""]


@pytest.mark.parametrize("host", BEYOND)
def test_listening_beyond_this_machine_without_an_own_key_is_refused_with_what_to_do(host: str) -> None:
    with pytest.raises(SettingError) as refused:
        load_settings(host=host)
    assert refused.value.code == "no_secret"
    assert "DASHBOARD_SECRET_KEY" in str(refused.value)
    assert "127.0.0.1" in refused.value.todo


@pytest.mark.parametrize("host", BEYOND)
def test_an_own_key_lets_it_listen_beyond_this_machine_with_cookies_for_https_alone(host: str) -> None:
    settings = load_settings(host=host, secret_key="0123456789abcdef" * 4)
    assert settings.is_https
    assert not load_settings(host=host, secret_key="0123456789abcdef" * 4, https="no").is_https


def test_a_key_of_one_letter_is_refused() -> None:
    with pytest.raises(SettingError, match="密钥太简单"):
        load_settings(secret_key="a" * 64)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_every_name_of_this_machine_is_taken(host: str) -> None:
    assert load_settings(host=host).host == host


def test_a_short_secret_is_refused_and_an_empty_one_is_drawn() -> None:
    with pytest.raises(SettingError, match="密钥太短"):
        load_settings(secret_key="guess me")
    first, second = load_settings(secret_key=""), load_settings()
    assert len(first.secret_key) >= 32
    assert first.secret_key != second.secret_key


@pytest.mark.parametrize(("name", "value"), [("port", "eighty"), ("port", "0"), ("lang", "fr"), ("workers", "0")])
def test_a_value_out_of_range_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        load_settings(**{name: value})
    assert f"DASHBOARD_{name.upper()}" in str(refused.value)


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_document_holds_the_table_as_it_is_generated() -> None:
    assert settings_table() in DOCUMENT.read_text("utf-8")
