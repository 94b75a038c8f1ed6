"""Every setting, read from the environment here and nowhere else.

Each has a default that works on one machine. A wrong value raises SettingError with one line that names the
setting, what it holds and what it should hold.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
KNOWN_LANGUAGES = ("kk", "ru", "en")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
MAILBOX_SMTP_PORT_OFFSET = 2
# A site as a content security policy names it; nothing in it could end the policy or begin another rule.
EMBED_HOST = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?", re.IGNORECASE)
MAX_UPLOAD_BYTES = 20 * 1024 * 1024


class SettingError(Exception):
    """A setting is wrong; the text is one line that a person can act on."""


@dataclass(frozen=True)
class Bucket:
    """Where uploads live in an S3-compatible store; without an endpoint that of Amazon in this region.

    Without a key the machine's own role is asked for one.
    """

    name: str
    endpoint: str
    region: str
    prefix: str
    key_id: str | None
    secret: str | None = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """What create_app() needs to know; times in seconds, sizes in bytes."""

    database_url: str
    secret_key: str
    base_url: str
    mail_server: str
    mail_port: int
    mail_username: str | None
    mail_password: str | None
    mail_use_tls: bool
    mail_default_sender: str
    broker_url: str | None
    instance: Path
    demo: bool
    languages: tuple[str, ...]
    timezone: str
    web_workers: int
    port: int
    embedded_mailbox: bool
    debug: bool = False
    hr_folder: Path | None = None
    mail_connections: int = 4
    mail_processes: int = 2
    mail_body_days: int = 180
    mail_bounce_address: str | None = None
    mail_bounce_source: str | None = None
    dkim_key_file: Path | None = None
    dkim_selector: str = "torangy"
    dkim_domain: str | None = None
    metrics_token: str | None = None
    bucket: Bucket | None = None
    embed_hosts: tuple[str, ...] = ()
    testing: bool = False

    @property
    def is_loopback(self) -> bool:
        """Whether the address that people open is this machine alone."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS; cookies and HSTS depend on it."""
        return urlsplit(self.base_url).scheme == "https"

    def flask(self) -> dict[str, object]:
        """The same settings under the names that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "BABEL_DEFAULT_LOCALE": self.languages[0],
            "BABEL_DEFAULT_TIMEZONE": self.timezone,
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
            "MAIL_SERVER": self.mail_server,
            "MAIL_PORT": self.mail_port,
            "MAIL_USERNAME": self.mail_username,
            "MAIL_PASSWORD": self.mail_password,
            "MAIL_USE_TLS": self.mail_use_tls,
            "MAIL_DEFAULT_SENDER": self.mail_default_sender,
            "MAX_CONTENT_LENGTH": MAX_UPLOAD_BYTES,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.is_https,
            "SESSION_COOKIE_NAME": "__Host-torangy" if self.is_https else "torangy",
            "WTF_CSRF_TIME_LIMIT": None,
            "COMPRESS_ALGORITHM": ["br", "gzip"],
            "COMPRESS_BR_LEVEL": 4,
            "TESTING": self.testing,
            "DEBUG": self.debug,
            "TORANGY": self,
        }


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment variables; raises SettingError naming the first wrong one."""
    instance = Path(environ.get("TORANGY_INSTANCE") or ROOT / "instance").resolve()
    _make_folder(instance)
    port = _whole(environ, "PORT", 5000, low=1, high=65535)
    embedded = not environ.get("MAIL_SERVER")
    return Settings(
        database_url=_database_url(environ, instance),
        secret_key=_secret_key(environ, instance),
        base_url=_base_url(environ, port),
        mail_server=environ.get("MAIL_SERVER") or "127.0.0.1",
        mail_port=_whole(environ, "MAIL_PORT", port + MAILBOX_SMTP_PORT_OFFSET if embedded else 25, low=1, high=65535),
        mail_username=environ.get("MAIL_USERNAME") or None,
        mail_password=environ.get("MAIL_PASSWORD") or None,
        mail_use_tls=_yes_no(environ, "MAIL_USE_TLS", False),
        mail_default_sender=environ.get("MAIL_DEFAULT_SENDER") or "Torangy <torangy@localhost>",
        broker_url=_broker_url(environ),
        instance=instance,
        demo=_yes_no(environ, "TORANGY_DEMO", True),
        languages=_languages(environ),
        timezone=_timezone(environ),
        web_workers=_whole(environ, "WEB_WORKERS", 2, low=1, high=64),
        port=port,
        embedded_mailbox=embedded,
        debug=_yes_no(environ, "FLASK_DEBUG", False),
        hr_folder=_hr_folder(environ),
        mail_connections=_whole(environ, "MAIL_CONNECTIONS", 4, low=1, high=64),
        mail_processes=_whole(environ, "MAIL_PROCESSES", min(2, os.cpu_count() or 1), low=1, high=16),
        mail_body_days=_whole(environ, "MAIL_BODY_DAYS", 180, low=1, high=3650),
        mail_bounce_address=_bounce_address(environ),
        mail_bounce_source=_bounce_source(environ),
        dkim_key_file=_dkim_key_file(environ),
        dkim_selector=environ.get("DKIM_SELECTOR") or "torangy",
        dkim_domain=environ.get("DKIM_DOMAIN") or None,
        metrics_token=environ.get("METRICS_TOKEN") or None,
        bucket=_bucket(environ),
        embed_hosts=_embed_hosts(environ),
    )


def _whole(environ: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not low <= int(text) <= high:
        raise SettingError(f"{name} is {text!r}; it should be a whole number from {low} to {high}.")
    return int(text)


def _yes_no(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = (environ.get(name) or ("1" if default else "0")).lower()
    if text not in {"0", "1", "false", "true", "no", "yes"}:
        raise SettingError(f"{name} is {text!r}; it should be 1 or 0.")
    return text in {"1", "true", "yes"}


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"TORANGY_INSTANCE is '{folder}'; it can't be made: {error.strerror}.") from error


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'torangy.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            url = "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError("DATABASE_URL should begin with sqlite:/// or postgresql://.")
    return url


def _secret_key(environ: Mapping[str, str], instance: Path) -> str:
    """The given key, or one made once and kept in the instance folder, so that a restart keeps people logged in."""
    key = environ.get("SECRET_KEY")
    if key:
        if len(key) < 16:
            raise SettingError("SECRET_KEY is too short; it should have at least 16 characters.")
        return key
    path = instance / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Two processes may start together: the first to link its file wins, and both read that one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _base_url(environ: Mapping[str, str], port: int) -> str:
    url = (environ.get("BASE_URL") or f"http://localhost:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise SettingError(f"BASE_URL is {url!r}; it should look like https://events.example.kz.")
    return url


def _broker_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("BROKER_URL") or None
    if url and not url.startswith(("redis://", "rediss://")):
        raise SettingError("BROKER_URL should begin with redis:// (or be left out on one machine).")
    return url


def _hr_folder(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("HR_FOLDER")
    if named and not Path(named).is_dir():
        raise SettingError(f"HR_FOLDER is {named!r}; it should be a folder that is there.")
    return Path(named) if named else None


def _bounce_address(environ: Mapping[str, str]) -> str | None:
    """Where reports of undelivered letters go: bounces@example.kz; each letter adds its own id to the part before @."""
    address = environ.get("MAIL_BOUNCE_ADDRESS")
    if address and (address.count("@") != 1 or "+" in address or not all(address.split("@"))):
        raise SettingError(f"MAIL_BOUNCE_ADDRESS is {address!r}; it should be an address like bounces@example.kz.")
    return address or None


def _bounce_source(environ: Mapping[str, str]) -> str | None:
    source = environ.get("MAIL_BOUNCE_SOURCE")
    if source and not source.startswith(("imap://", "imaps://", "maildir:")):
        raise SettingError("MAIL_BOUNCE_SOURCE should begin with imaps://, imap:// or maildir:.")
    return source or None


def _dkim_key_file(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("DKIM_KEY_FILE")
    if named and not Path(named).is_file():
        raise SettingError(f"DKIM_KEY_FILE is {named!r}; it should be a file that is there.")
    return Path(named) if named else None


def _bucket(environ: Mapping[str, str]) -> Bucket | None:
    """Uploads stay on disk unless a bucket is named; the other settings of it alone would mean a slip."""
    names = ("S3_ENDPOINT", "S3_PREFIX", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    given = {name: environ.get(name) or "" for name in names}
    name = environ.get("S3_BUCKET") or ""
    if not name:
        if any(given.values()):
            raise SettingError(f"{next(key for key in names if given[key])} is set, but S3_BUCKET names no bucket.")
        return None
    endpoint = given["S3_ENDPOINT"].rstrip("/")
    parts = urlsplit(endpoint)
    if endpoint and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.username):
        raise SettingError("S3_ENDPOINT should look like https://s3.example.kz, without a key in it.")
    if endpoint and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingError("S3_ENDPOINT should begin with https://: photographs of people pass through it.")
    if bool(given["S3_ACCESS_KEY_ID"]) != bool(given["S3_SECRET_ACCESS_KEY"]):
        raise SettingError("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together; one of them is missing.")
    region, prefix = environ.get("S3_REGION") or "us-east-1", given["S3_PREFIX"].strip("/")
    return Bucket(
        name, endpoint, region, prefix, given["S3_ACCESS_KEY_ID"] or None, given["S3_SECRET_ACCESS_KEY"] or None
    )


def _embed_hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Sites that may show the public figures in a frame: https://www.example.kz, https://*.example.kz, by commas."""
    hosts = tuple(dict.fromkeys((environ.get("EMBED_HOSTS") or "").replace(",", " ").split()))
    for host in hosts:
        if not EMBED_HOST.fullmatch(host):
            raise SettingError(f"EMBED_HOSTS holds {host!r}; each should look like https://www.example.kz.")
    return hosts


def _languages(environ: Mapping[str, str]) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in (environ.get("TORANGY_LANGUAGES") or "kk,ru,en").split(","))
    if not chosen or not set(chosen) <= set(KNOWN_LANGUAGES) or len(set(chosen)) != len(chosen):
        raise SettingError(f"TORANGY_LANGUAGES is {','.join(chosen)!r}; it should be some of kk,ru,en.")
    return chosen


def _timezone(environ: Mapping[str, str]) -> str:
    name = environ.get("TORANGY_TIMEZONE") or "Asia/Almaty"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(f"TORANGY_TIMEZONE is {name!r}; it should be a zone such as Asia/Almaty.") from error
    return name
