"""Objects in one S3 bucket."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from core.adapters.aws_errors import code_of, translated
from core.adapters.object_key import checked_key, is_key
from core.domain.errors import NotThere, Unavailable
from core.ports import ObjectInfo

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

_TRIES: Final = 3


class S3Objects:
    """The objects on AWS."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, body: bytes) -> None:
        """See Objects."""
        with translated("S3"):
            self._client().put_object(
                Bucket=self._bucket, Key=checked_key(key), Body=body, ServerSideEncryption="AES256"
            )

    def put_new(self, key: str, body: bytes) -> bool:
        """See Objects."""
        for _ in range(_TRIES):
            refused = self._refused_as_new(checked_key(key), body)
            if refused is None:
                return True
            if refused == "PreconditionFailed":  # the key is taken
                return False
        raise Unavailable(f"Others kept writing {key} at the same moment.")

    def get(self, key: str) -> bytes:
        """See Objects."""
        with translated("S3"):
            return self._body(key).read()

    def list(self, prefix: str, *, after: str | None = None) -> Iterator[ObjectInfo]:
        """See Objects."""
        pages = self._client().get_paginator("list_objects_v2")
        with translated("S3"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, StartAfter=after or ""):
                for found in page.get("Contents", ()):
                    if not is_key(found["Key"]):  # somebody else's: as the folder, pass it over
                        continue
                    yield ObjectInfo(
                        key=found["Key"],
                        size_bytes=found["Size"],
                        etag=found["ETag"].strip('"'),
                        modified_at=found["LastModified"].astimezone(UTC),
                    )

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """See Objects."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, Path(checked_key(key)).name)
            with translated("S3"), copy.open("wb") as file:
                shutil.copyfileobj(self._body(key), file)
            yield copy

    def _body(self, key: str) -> "StreamingBody":
        try:
            return self._client().get_object(Bucket=self._bucket, Key=checked_key(key))["Body"]
        except ClientError as error:
            if code_of(error) == "NoSuchKey":
                raise NotThere(key) from error
            raise

    def _refused_as_new(self, key: str, body: bytes) -> str | None:
        """Try to store it; `None` when that was done."""
        with translated("S3"):
            try:
                self._client().put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=body,
                    IfNoneMatch="*",
                    ServerSideEncryption="AES256",
                )
            except ClientError as error:
                # The second: another write of this key was under way, and S3 asks to try again.
                if code_of(error) in {"PreconditionFailed", "ConditionalRequestConflict"}:
                    return code_of(error)
                raise
        return None
