"""The only reader of configuration files and of the environment; a malformed value stops the start."""

import os
import secrets
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ByteSize, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

HOME = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A value that cannot be used; the text names the key and the remedy."""


class MailSettings(BaseModel):
    """Where mail goes. Without a server, development prints each mail to the terminal."""

    server: str = ""
    port: int = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    use_tls: bool = True
    sender: str = "Leitai <no-reply@leitai.local>"


class SandboxSettings(BaseModel):
    """The Docker engine that runs submissions."""

    docker_host: str = ""
    runtime: str = ""
    seccomp_profile: str = ""
    scratch: Path = Path("scratch")
    # What all containers that wait may use together; 0 keeps none, and every run starts cold.
    pool_memory: ByteSize = ByteSize(2 * 1024**3)
    # What the Dockerfiles of tasks may start from, beside our own images: NAME:TAG as the engine has it.
    allowed_bases: list[str] = []
    # How large the image of a task may be.
    image_limit: ByteSize = ByteSize(8 * 1000**3)


class ScoringSettings(BaseModel):
    """Leases and attempts; times in seconds."""

    lease_s: float = Field(60.0, gt=1)
    attempts: int = Field(3, ge=1)
    sweep_s: float = Field(2.0, gt=0)
    worker_gone_s: float = Field(30.0, gt=1)


class Settings(BaseSettings):
    """Everything that may differ between two installations."""

    model_config = SettingsConfigDict(env_prefix="LEITAI_", env_nested_delimiter="__", extra="forbid")

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(8000, gt=0, lt=65536)
    public_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    artefacts_url: str = ""
    secret_key: SecretStr = SecretStr("")
    workers: int = Field(2, ge=0, le=256)
    # Servers in front of the portal that add X-Forwarded-For; whoever else sends it is not believed.
    proxies: int = Field(0, ge=0, le=5)
    upload_limit: ByteSize = ByteSize(2 * 1024**3)
    mail: MailSettings = MailSettings()
    sandbox: SandboxSettings = SandboxSettings()
    scoring: ScoringSettings = ScoringSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, file_secret_settings, toml

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: the one set, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.path('leitai.sqlite3')}"

    @property
    def broker(self) -> str:
        """The Redis URL: the one set, else the embedded Valkey's unix socket."""
        return self.redis_url or f"unix://{self.broker_socket}"

    @property
    def broker_socket(self) -> Path:
        """Where the embedded Valkey listens; the folder is for this account alone."""
        return self.path("valkey") / "valkey.sock"

    @property
    def address(self) -> str:
        """The address that people are told, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def path(self, name: str) -> Path:
        """A place in the data folder."""
        return self.data_dir.resolve() / name


def config_file() -> Path:
    """The file named by LEITAI_CONFIG, else the embedded set-up that comes with the code.

    Raises:
        SettingsError: the file named does not exist.
    """
    named = os.environ.get("LEITAI_CONFIG")
    if named and not Path(named).is_file():
        raise SettingsError(f"LEITAI_CONFIG names {named}, which is not a file. Correct the path.")
    return Path(named) if named else HOME / "config" / "default.toml"


@cache
def load_settings() -> Settings:
    """Read once per process.

    Raises:
        SettingsError: a value is malformed; all of them are listed.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        rows = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SettingsError("\n".join(["These settings cannot be used:", *rows])) from None
    if not settings.secret_key.get_secret_value():
        settings.secret_key = SecretStr(_own_secret(settings))
    return settings


def _own_secret(settings: Settings) -> str:
    if settings.environment == "production":
        raise SettingsError("secret_key is not set. Set LEITAI_SECRET_KEY to 32 random bytes or more.")
    place = settings.path("secret_key")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return place.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return place.read_text()
