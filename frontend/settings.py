"""What an operator can set: options of the command line or `RETOUCH_*` variables."""

from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    Field,
    HttpUrl,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL

from frontend.database.url import database_url, sqlite_url
from frontend.inference.addresses import checked_triton
from frontend.quotas.redis_url import checked_redis_url
from frontend.settings_secrets import with_secrets_of_files
from frontend.trusted_proxies import checked_proxies

_ANY_INTERFACE: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound


def _checked_database(text: str | None) -> str | None:
    if text is not None:
        database_url(text)
    return text


class Settings(BaseSettings):
    """The frontend's settings; every field is also a variable `RETOUCH_<FIELD>`."""

    model_config = SettingsConfigDict(
        env_prefix="RETOUCH_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(
        default=Path(".retouch"), description="Folder of the database, results and secrets"
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8080, description="Port to listen on"
    )
    public_base_url: HttpUrl | None = Field(
        default=None, description="How clients reach this server, for result URLs behind a proxy"
    )
    trusted_proxies: Annotated[str, AfterValidator(checked_proxies)] = Field(
        default="127.0.0.1",
        description="Addresses or networks of proxies that may say who a client is, with commas",
    )
    triton: Annotated[str, AfterValidator(checked_triton)] = Field(
        default="grpc://127.0.0.1:8001",
        description="Triton's gRPC address; of several servers all with commas, or dns:///NAME:PORT",
    )
    database_url: Annotated[str | None, AfterValidator(_checked_database)] = Field(
        default=None,
        description="postgresql:// or sqlite:// URL; default: SQLite in the home folder",
        repr=False,  # it may hold a password
    )
    database_url_file: Path | None = Field(
        default=None, description="File that holds `RETOUCH_DATABASE_URL` instead"
    )

    redis_url: Annotated[str | None, AfterValidator(checked_redis_url)] = Field(
        default=None,
        description="Redis in which several frontends count together; default: each for itself",
        repr=False,  # it may hold a password
    )
    redis_url_file: Path | None = Field(
        default=None, description="File that holds `RETOUCH_REDIS_URL` instead"
    )
    requests_per_minute: PositiveInt = Field(
        default=3000, description="Edits that a key may ask for in a minute, if it says no other"
    )
    images_per_minute: PositiveInt = Field(
        default=3000, description="Images that a key may ask for in a minute, if it says no other"
    )
    concurrent_edits: PositiveInt | None = Field(
        default=None,
        description="Edits that a key may have under way, if it says no other; default: any number",
    )
    usage_retention_days: PositiveInt = Field(
        default=90, description="How long is known who made which edits"
    )

    result_store: Annotated[str, Field(pattern=r"^(s3://[^/]|file:///)")] | None = Field(
        default=None,
        description="URL of the store of results, s3://BUCKET/PREFIX or file:///FOLDER; "
        "default: a folder in the home folder",
    )
    s3_access_key_id: str | None = Field(
        default=None, description="Key of the store's bucket; default: the usual AWS_* variables"
    )
    s3_secret_access_key: SecretStr | None = Field(
        default=None, description="Secret of this key; default: the usual AWS_* variables"
    )
    s3_secret_access_key_file: Path | None = Field(
        default=None, description="File that holds `RETOUCH_S3_SECRET_ACCESS_KEY` instead"
    )
    url_secret: Annotated[SecretStr, Field(min_length=32)] | None = Field(
        default=None,
        description="Signs result URLs, the same on all frontends of one store; "
        "default: a file in the home folder",
    )
    url_secret_file: Path | None = Field(
        default=None, description="File that holds `RETOUCH_URL_SECRET` instead"
    )
    result_lifetime_seconds: PositiveInt = Field(
        default=3600, description="How long a result's URL works"
    )
    sweep_interval_seconds: PositiveFloat = Field(
        default=60, description="How often results are swept"
    )
    catalogue_lifetime_seconds: PositiveFloat = Field(
        default=3, description="How long the list of models is trusted"
    )

    max_body_bytes: PositiveInt = Field(default=32 * 2**20, description="Largest request body")
    upload_timeout_seconds: PositiveFloat = Field(
        default=120, description="Longest time that the body of an edit may take to arrive"
    )
    max_side_pixels: PositiveInt = Field(
        default=3072, description="Largest side of an uploaded picture"
    )
    picture_workers: PositiveInt = Field(
        default=2, description="Threads that decode and encode pictures"
    )
    waiting_images: Annotated[int, Field(ge=0)] = Field(
        default=256, description="Most images that may wait for one model"
    )
    wait_timeout_seconds: PositiveFloat = Field(
        default=120, description="Longest time that an edit may wait for its model"
    )
    # A little less than the 600 seconds after which OpenAI's client gives up and asks again.
    edit_timeout_seconds: PositiveFloat = Field(
        default=570, description="Longest time of an edit in all"
    )

    keep_alive_seconds: PositiveFloat = Field(
        default=15, description="After how much silence an event stream sends a comment"
    )
    session_seconds: PositiveInt = Field(
        default=12 * 3600, description="How long a browser stays signed in to the pages"
    )
    drain_timeout_seconds: PositiveFloat = Field(
        default=120, description="Longest time to finish accepted edits before the end"
    )

    metrics_host: str = Field(default="127.0.0.1", description="Address of the metrics' port")
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        default=None, description="Port where Prometheus finds /metrics; default: none"
    )
    log_json: bool = Field(default=False, description="Log JSON lines instead of readable text")

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, values: dict[str, Any]) -> dict[str, Any]:
        return with_secrets_of_files(values, cls.model_fields)

    @model_validator(mode="after")
    def _whole_key(self) -> Self:
        if (self.s3_access_key_id is None) != (self.s3_secret_access_key is None):
            message = "RETOUCH_S3_ACCESS_KEY_ID and RETOUCH_S3_SECRET_ACCESS_KEY go together"
            raise ValueError(message)
        return self

    @property
    def base_url(self) -> str:
        """The server's public address without a trailing slash; never taken from a request."""
        if self.public_base_url is not None:
            return str(self.public_base_url).rstrip("/")
        host = "127.0.0.1" if self.host in _ANY_INTERFACE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def database(self) -> URL:
        """The database's SQLAlchemy URL, with the driver."""
        if self.database_url is not None:
            return database_url(self.database_url)
        return sqlite_url(self.home.absolute() / "retouch.db")
