"""The published protobuf schema of TensorBoard events, imported without tensorboardX's writers."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from types import ModuleType
from typing import Any


@cache
def event_module() -> Any:
    """The generated module `tensorboardX.proto.event_pb2` (its message class is `Event`).

    The package's own `__init__` pulls in multiprocessing, imaging and more, a third of a second
    that a reader does not need. A bare module stands in for it while the schema is imported.
    """
    if "tensorboardX" in sys.modules:
        return _import_schema()
    spec = importlib.util.find_spec("tensorboardX")
    if spec is None or spec.submodule_search_locations is None:
        return _import_schema()
    stand_in = ModuleType("tensorboardX")
    stand_in.__path__ = list(spec.submodule_search_locations)
    sys.modules["tensorboardX"] = stand_in
    try:
        return _import_schema()
    finally:
        del sys.modules["tensorboardX"]  # a later real import of the package gets the real one


def _import_schema() -> Any:
    from tensorboardX.proto import event_pb2

    return event_pb2
