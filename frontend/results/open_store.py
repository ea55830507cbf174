"""The object store that keeps results: a folder, or a bucket of an S3-compatible server."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from obstore.store import LocalStore, ObjectStore, S3Store

from frontend.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

_FOLDER: Final = "results"


def open_store(settings: Settings) -> ObjectStore:
    """Open the store that `settings` name, by default a folder of the home folder.

    A bucket's address and region come from the usual `AWS_*` variables, as do its credentials where
    `settings` have none. Nothing is sent to it yet: a bucket that is out of reach shows in the
    first edit and in the sweep's log.
    """
    folder = store_folder(settings)
    if folder is not None:
        return LocalStore(folder, mkdir=True)
    return S3Store.from_url(
        settings.result_store or "",
        # Plain HTTP only where AWS_ENDPOINT_URL says so: a server in the same network.
        client_options={"allow_http": True, "connect_timeout": "3s", "timeout": "30s"},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        **_credentials(settings),
    )


def store_folder(settings: Settings) -> Path | None:
    """Where the results are on a disk of ours; None if they are in a bucket."""
    if settings.result_store is None:
        return settings.home.absolute() / _FOLDER
    parts = urlsplit(settings.result_store)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def _credentials(settings: Settings) -> "S3Config":
    key, secret = settings.s3_access_key_id, settings.s3_secret_access_key
    if key is None or secret is None:
        return {}
    return {"access_key_id": key, "secret_access_key": secret.get_secret_value()}
