"""What the environment may say to the command line, apart from the portal's settings.

A team's computer has no portal: reading `leitai.settings` there would demand a configuration file and make a
data folder with a secret key.
"""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ClientSettings(BaseSettings):
    """LEITAI_URL and LEITAI_TOKEN stand above what `leitai login` kept, for programs and build servers."""

    model_config = SettingsConfigDict(extra="ignore")

    url: str = Field("", validation_alias="LEITAI_URL")
    token: SecretStr = Field(SecretStr(""), validation_alias="LEITAI_TOKEN")
    config_home: str = Field("", validation_alias="XDG_CONFIG_HOME")

    @property
    def credentials(self) -> Path:
        """The file that keeps the token, in the user's configuration folder."""
        # The convention demands that a relative path is ignored.
        named = Path(self.config_home)
        return (named if named.is_absolute() else Path.home() / ".config") / "leitai" / "credentials.json"
