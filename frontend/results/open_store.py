"""The object store that keeps results: a folder, or a bucket of an S3-compatible server."""

from datetime import timedelta
from typing import Final

from obstore.store import LocalStore, ObjectStore, S3Store

from frontend.settings import Settings

_FOLDER: Final = "results"
_S3: Final = "s3://"


def open_store(settings: Settings) -> ObjectStore:
    """Open the store that `settings` name, by default a folder of the home folder.

    A bucket's address, region and credentials come from the usual `AWS_*` variables. Nothing is
    sent to it yet: a bucket that is out of reach shows in the first edit and in the sweep's log.
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
        )
    return LocalStore.from_url(url, mkdir=True)
