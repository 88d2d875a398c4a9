"""Settings: the only place of the pages that reads the environment (`DASHBOARD_*`).

One setting is a name, a default and a help text; `docs/settings.md` is generated from them and a test keeps it so.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.errors import GovernanceError
from data.store import DEFAULT_URL

PREFIX = "DASHBOARD_"
# Marks a key that was drawn at start.
DRAWN = "drawn-"


class SettingError(GovernanceError):
    """A setting the server refuses to start with."""


class Settings(BaseSettings):
    """What the server can be told. Raises `SettingError` for a value that would be unsafe."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: str = Field(DEFAULT_URL, description="store to read: SQLite file or PostgreSQL URL")
    secret_key: str = Field(
        default_factory=lambda: DRAWN + secrets.token_hex(32),
        description="signs cookies and tokens, 32 characters or more; random at each start when empty, which only "
        "the loopback takes",
    )
    host: str = Field(
        "127.0.0.1", description="address to listen on; beyond the loopback only with accounts and a secret key"
    )
    https: Literal["auto", "yes", "no"] = Field(
        "auto",
        description="whether browsers come by https, so that cookies are for https alone; auto: unless on the loopback",
    )
    session_idle_minutes: int = Field(
        30, ge=1, le=480, description="a session ends after so many minutes without a person; polling does not count"
    )
    session_hours: int = Field(12, ge=1, le=72, description="a session ends after so many hours in any case")
    wall_session_days: int = Field(
        90, ge=1, le=400, description="the same for the wall's account, which nobody sits in front of"
    )
    oidc_issuer: str = Field(
        "",
        description="identity provider for single sign-on (OpenID Connect), as it names itself; https, or http on this "
        "machine; empty: passwords alone",
    )
    oidc_client_id: str = Field("", description="this server's name at that provider")
    oidc_client_secret: str = Field("", description="this server's secret at that provider")
    port: int = Field(8050, ge=1, le=65535, description="port to listen on")
    workers: int = Field(2, ge=1, le=64, description="server processes")
    threads: int = Field(4, ge=1, le=64, description="threads of each server process")
    worker_requests: int = Field(
        50_000, ge=0, description="a server process makes way for a new one after so many requests; 0: never"
    )
    worker_requests_jitter: int = Field(
        10_000, ge=0, description="up to so many more, drawn at random, so that processes do not change all at once"
    )
    proxies: int = Field(
        0, ge=0, le=3, description="reverse proxies in front, whose `X-Forwarded-*` headers are believed"
    )
    city: str = Field("", description="code of the city to show; empty: the only city of the store")
    warm_up: bool = Field(True, description="draw the most asked-for views in the background")
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
    shared_folder: str = Field(
        "",
        description="private folder in which the processes of one server keep drawn cards for each other; set by "
        "gunicorn.conf.py, which also deletes it",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severe event logged")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        if not key:
            return DRAWN + secrets.token_hex(32)
        if len(key) < 32:
            raise SettingError(
                "密钥太短",
                where=f"{PREFIX}SECRET_KEY",
                why="少于32个字符的密钥可以被猜出",
                todo="请换成至少32个随机字符，或删去该设置由系统随机生成",
                code="short_secret",
            )
        if len(set(key)) < 8:
            raise SettingError(
                "密钥太简单",
                where=f"{PREFIX}SECRET_KEY",
                why="反复几个字符的密钥可以被猜出",
                todo="请换成随机字符，例如 openssl rand -hex 32 的输出",
                code="simple_secret",
            )
        return key

    @model_validator(mode="after")
    def _closed_beyond_this_machine(self) -> Settings:
        if is_loopback(self.host):
            return self
        # A key drawn at start differs from process to process and makes every restart log everybody out.
        if self.secret_key.startswith(DRAWN):
            raise SettingError(
                f"不能在地址“{self.host}”上提供服务",
                where=f"{PREFIX}SECRET_KEY",
                why="对外服务须有固定的密钥，否则会话和令牌可以被伪造或随重启失效",
                todo="请设为 openssl rand -hex 32 的输出，或把 DASHBOARD_HOST 改回 127.0.0.1",
                code="no_secret",
            )
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Settings:
        if not self.oidc_issuer:
            return self
        if not is_safe_issuer(self.oidc_issuer):
            raise SettingError(
                f"身份平台的地址“{self.oidc_issuer}”不可用",
                where=f"{PREFIX}OIDC_ISSUER",
                why="须是 https 地址，不带参数；只有本机的地址可用 http",
                todo="请照抄身份平台给出的 issuer",
                code="bad_issuer",
            )
        for name in ("oidc_client_id", "oidc_client_secret"):
            if not getattr(self, name):
                raise SettingError(
                    "单点登录的设置不全",
                    where=f"{PREFIX}{name.upper()}",
                    why="设了身份平台，却没有本服务在那里的名称或密钥",
                    todo="请补上，或删去 DASHBOARD_OIDC_ISSUER",
                    code="incomplete_sign_on",
                )
        return self

    @property
    def is_https(self) -> bool:
        """Whether cookies are for https alone."""
        return self.https == "yes" or (self.https == "auto" and not is_loopback(self.host))


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_safe_issuer(address: str) -> bool:
    """Whether what is said to that address, and heard from it, stays between the two: https, or this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.query or parts.fragment or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


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
