"""A server on this computer that speaks S3."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flowloom.store.bucket import Bucket


@contextmanager
def bucket_named(name: str) -> Iterator[str]:
    """The address of a folder in an empty bucket, which the environment lets everybody in this process use."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        }.items():
            patch.setenv(variable, value)
        Bucket(f"s3://{name}")._files.mkdir(name)
        yield f"s3://{name}/flowloom"
    server.stop()
