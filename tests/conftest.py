"""What all tests share: no network, no telemetry, no settings of the caller; a tiny real release; the real posts."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import pytest

_UNSET = ("NETRAL_MODELS", "NETRAL_TRACEBACK", "MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_RUN_ID")
_SET = {
    "NETRAL_TRACKING": "off",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "DVC_NO_ANALYTICS": "1",
    "GIT_CONFIG_NOSYSTEM": "1",
    "MPLBACKEND": "Agg",
    # Each test process has a core; threads of BLAS beside it would wait for each other.
    "OPENBLAS_NUM_THREADS": "1",
}
#: Thresholds of the tiny release, so that each decision is reached by some of the posts.
TINY_THRESHOLDS = {"review": 0.5, "flag": 0.8}


def pytest_configure(config: pytest.Config) -> None:
    # Before any test module is imported, and so that the processes that tests start inherit it.
    for name in _UNSET:
        os.environ.pop(name, None)
    os.environ.update(_SET)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get("NETRAL_REAL_DATA"):
        missing = pytest.mark.skip(reason="NETRAL_REAL_DATA names no folder of real posts")
        for item in items:
            if item.get_closest_marker("real"):
                item.add_marker(missing)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Any:
    """Refuse every connection but those within this machine."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(method: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse_unless_local(address[0])
            return method(self, address)

        return call

    def guarded_resolve(host: Any, *arguments: Any, **named: Any) -> Any:
        _refuse_unless_local(host)
        return resolve(host, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_resolve)
        yield


def _refuse_unless_local(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    if name in ("localhost", socket.gethostname()):
        return
    try:
        local = ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        local = False
    if not local:
        raise RuntimeError(f"tests have no network: somebody wanted {name}")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real posts; only tests marked `real` may ask for it."""
    return Path(os.environ["NETRAL_REAL_DATA"])


@pytest.fixture(scope="session")
def tiny_posts() -> Any:
    """About 300 of the bundled posts (DataFrame), with their prepared texts."""
    from tests.building import some

    return some(300)


@pytest.fixture(scope="session")
def tiny_pipeline(tiny_posts: Any) -> Any:
    """The scikit-learn pipeline that the tiny release is exported from."""
    from tests.building import fit, train_params

    return fit(tiny_posts, train_params())


@pytest.fixture(scope="session")
def tiny_contents(tiny_pipeline: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings and arrays of the tiny release; copy before changing."""
    from tests.building import contents

    return contents(tiny_pipeline, TINY_THRESHOLDS, calibration=(1.5, -0.2))


@pytest.fixture(scope="session")
def tiny(tiny_contents: Any, tiny_posts: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small real release; never written to by a test."""
    from tests.building import write_release

    folder = tmp_path_factory.mktemp("tiny") / "release"
    write_release(folder, *tiny_contents, tiny_posts.text.tolist(), {"CARD.md": b"# a small release\n"})
    return folder


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """Params, and a project with about 390 posts after the stages validate, clean, split and train; copy before changing."""
    from tests.building import small_project

    return small_project(tmp_path_factory.mktemp("trained") / "project")


@pytest.fixture
def tiny_model(tiny: Path) -> Any:
    """The tiny release, loaded anew: nothing learned from other tests."""
    import netral

    return netral.load(tiny)
