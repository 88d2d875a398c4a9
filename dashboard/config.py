"""Settings: the only place of the pages that reads the environment (`DASHBOARD_*`).

One setting is a name, a default and a help text; `docs/settings.md` is generated from them and a test keeps it so.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.errors import GovernanceError
from data.store import DEFAULT_URL

PREFIX = "DASHBOARD_"


class SettingError(GovernanceError):
    """A setting the server refuses to start with."""


class Settings(BaseSettings):
    """What the server can be told. Raises `SettingError` for a value that would be unsafe."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: str = Field(DEFAULT_URL, description="store to read: SQLite file or PostgreSQL URL")
    secret_key: str = Field(
        default_factory=lambda: secrets.token_hex(32), description="signs sessions; random at each start when empty"
    )
    host: str = Field("127.0.0.1", description="address to listen on; loopback only, because there is no login")
    port: int = Field(8050, ge=1, le=65535, description="port to listen on")
    workers: int = Field(2, ge=1, le=64, description="server processes")
    threads: int = Field(4, ge=1, le=64, description="threads of each server process")
    proxies: int = Field(
        0, ge=0, le=3, description="reverse proxies in front, whose `X-Forwarded-*` headers are believed"
    )
    city: str = Field("", description="code of the city to show; empty: the only city of the store")
    lang: Literal["zh", "en"] = Field("zh", description="language of a page whose address names none")
    stale_days: int = Field(
        45,
        ge=1,
        le=3650,
        description="days after the end of the newest month from which the large screen calls data old",
    )
    screen_poll: int = Field(
        10, ge=1, le=600, description="seconds between two questions of the large screen whether the data have changed"
    )
    map_review_no: str = Field("", description="map review number printed under every map")
    deck_template: str = Field("", description="template of decks, a .pptx file; empty: the designed default")
    deck_font_latin: str = Field(
        "Arial", min_length=1, description="font of Latin text in the default template of decks"
    )
    deck_font_ea: str = Field(
        "Microsoft YaHei", min_length=1, description="font of Chinese text in the default template of decks"
    )
    max_upload_mb: int = Field(64, ge=1, le=2048, description="largest request body taken, in megabytes")
    upload_folder: str = Field("var/uploads", description="where uploads wait for a day between check and import")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severe event logged")

    @field_validator("host")
    @classmethod
    def _only_loopback(cls, host: str) -> str:
        if host == "localhost":
            return host
        try:
            is_loopback = ipaddress.ip_address(host).is_loopback
        except ValueError:
            is_loopback = False
        if not is_loopback:
            raise SettingError(
                f"不能在地址“{host}”上提供服务",
                where=f"{PREFIX}HOST",
                why="本版本没有登录，数据会暴露给网络上的所有人",
                todo="请改回 127.0.0.1；需要多人访问时，由本机代理在完成身份验证后转发",
                code="not_loopback",
            )
        return host

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        if not key:
            return secrets.token_hex(32)
        if len(key) < 32:
            raise SettingError(
                "密钥太短",
                where=f"{PREFIX}SECRET_KEY",
                why="少于32个字符的密钥可以被猜出",
                todo="请换成至少32个随机字符，或删去该设置由系统随机生成",
                code="short_secret",
            )
        return key


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment, `overrides` first. Raises `SettingError` naming the first value that is wrong."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{first['loc'][0]}".upper()
        raise SettingError(
            f"设置的值“{first['input']}”不可用",
            where=name,
            why=str(first["msg"]),
            todo="可用的值见 docs/settings.md",
            code="bad_setting",
        ) from None


def settings_table() -> str:
    """The table of settings as Markdown: variable, default, help."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "random" if field.default_factory else str(field.default)
        rows.append(f"| `{PREFIX}{name.upper()}` | {f'`{default}`' if default else 'empty'} | {field.description} |")
    return "\n".join(rows) + "\n"
