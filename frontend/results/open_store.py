"""The object store that keeps results: a folder, or a bucket of an S3-compatible server."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from obstore.store import LocalStore, ObjectStore, S3Store

from frontend.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

_FOLDER: Final = "results"
_S3: Final = "s3://"


def open_store(settings: Settings) -> ObjectStore:
    """Open the store that `settings` name, by default a folder of the home folder.

    A bucket's address and region come from the usual `AWS_*` variables, as do its credentials where
    `settings` have none. Nothing is sent to it yet: a bucket that is out of reach shows in the
    first edit and in the sweep's log.
    """
    url = settings.result_store
    if url is None:
        return LocalStore(settings.home.absolute() / _FOLDER, mkdir=True)
    if url.startswith(_S3):
        return S3Store.from_url(
            url,
            # Plain HTTP only where AWS_ENDPOINT_URL says so: a server in the same network.
            client_options={"allow_http": True, "connect_timeout": "3s", "timeout": "30s"},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
            **_credentials(settings),
        )
    return LocalStore.from_url(url, mkdir=True)


def _credentials(settings: Settings) -> "S3Config":
    key, secret = settings.s3_access_key_id, settings.s3_secret_access_key
    if key is None or secret is None:
        return {}
    return {"access_key_id": key, "secret_access_key": secret.get_secret_value()}
