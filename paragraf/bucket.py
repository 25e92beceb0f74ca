"""Bucket: an address in an S3-compatible store in; copies of its files out, here as long as somebody reads them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paragraf.errors import BadSettings, MissingInput, NoPermission, ParagrafError, Unavailable
from paragraf.publish import scratch
from paragraf.workspace import home

_SCHEME = "s3://"
_PLACE = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^/].*")  # a bucket's name by the rules of S3, and what is in it


def is_address(source: str) -> bool:
    """Whether a source names a store rather than a path."""
    return source.startswith(_SCHEME)


@contextmanager
def copied(address: str) -> Iterator[Path]:
    """A folder with the object of that address or, if it ends with a slash, the objects right below it.

    Keys and endpoint are those of the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_S3).
    What goes wrong inside the block names the address, not the copy.

    Raises:
        BadSettings: it is no address in a bucket, or the driver is not installed.
        MissingInput: nothing is there.
        NoPermission: the store refuses the keys, or there are none.
        Unavailable: the store does not answer.
    """
    place = address.removeprefix(_SCHEME)
    if not _PLACE.fullmatch(place):
        raise BadSettings(f"{address!r} is no address; write s3://BUCKET/FILE, or s3://BUCKET/FOLDER/ for all in it.")
    with scratch(home() / "scratch") as folder:
        _fetch(address, place, folder)
        try:
            yield folder
        except ParagrafError as error:
            above = address.rsplit("/", 1)[0]
            raise type(error)(str(error).replace(str(folder), above)) from error


def _fetch(address: str, place: str, folder: Path) -> None:
    store = _store()
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        names = [place]
        if place.endswith("/"):
            there = store.ls(place, detail=True)  # the folder itself can be an object, too
            names = [one["name"] for one in there if one["type"] == "file" and f"{one['name']}/" != place]
        for name in names:
            store.get_file(name, str(folder / Path(name).name))
    except FileNotFoundError as error:
        raise MissingInput(f"{address}: nothing is there; check load.source.") from error
    except (PermissionError, NoCredentialsError) as error:
        raise NoPermission(
            f"{address}: the store refuses; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from error
    except (OSError, BotoCoreError, ClientError) as error:
        raise Unavailable(f"{address}: the store does not answer ({error}); check AWS_ENDPOINT_URL_S3.") from error


def _store() -> Any:
    try:
        from s3fs import S3FileSystem
    except ImportError as error:
        raise BadSettings("sources in a bucket need a driver; run: pip install 'paragraf[team]'") from error
    return S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
