"""Protobuf message classes built from a few lines of layout, for files without a shipped schema.

Only the fields that are read are laid out; all others are skipped by the protobuf library. Texts
are laid out as bytes, so that broken UTF-8 in one field does not cost the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

Layout = Mapping[str, Mapping[str, tuple[int, str]]]
"""Message name -> field name -> (number, kind); a kind is a scalar type of protobuf or another
message's name, and repeated where it ends in "*"."""

_SCALARS = {
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "double": descriptor_pb2.FieldDescriptorProto.TYPE_DOUBLE,
    "float": descriptor_pb2.FieldDescriptorProto.TYPE_FLOAT,
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
    "sint64": descriptor_pb2.FieldDescriptorProto.TYPE_SINT64,
}


def message_classes(package: str, layout: Layout) -> dict[str, Any]:
    """The message classes of a layout; fields keep track of their presence."""
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package)
    for name, fields in layout.items():
        message = file.message_type.add(name=name)
        for field_name, (number, kind) in fields.items():
            field = message.field.add(name=field_name, number=number)
            is_repeated = kind.endswith("*")
            kind = kind.rstrip("*")
            field.label = field.LABEL_REPEATED if is_repeated else field.LABEL_OPTIONAL
            if kind in _SCALARS:
                field.type = _SCALARS[kind]
            else:
                field.type, field.type_name = field.TYPE_MESSAGE, f".{package}.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = {name: pool.FindMessageTypeByName(f"{package}.{name}") for name in layout}
    return {name: message_factory.GetMessageClass(found[name]) for name in layout}
