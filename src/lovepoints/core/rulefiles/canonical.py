"""The canonical form of a rulebook: every default spelled out, one text for one meaning.

Cases, comments, the order of keys and short forms are not in it. Tables with free keys are
arrays of [key, value] pairs in the order of the keys, since a canonical key is plain ASCII.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import attrs

from lovepoints.core.journal import canonical_bytes
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.fields import (
    MONTH_DAY,
    Field,
    fields_of,
    is_model,
    members_of,
    plain_type,
    value_type,
)
from lovepoints.core.rulefiles.nodes import node_of
from lovepoints.core.rulefiles.places import Places
from lovepoints.core.rulefiles.reading import Reader
from lovepoints.core.rulefiles.scalars import written
from lovepoints.core.terms import Attribute
from lovepoints.errors import RulebookError


def canonical(rulebook: Rulebook) -> dict[str, Any]:  # Any: canonical JSON values
    """The rulebook as plain JSON values, with text for numbers that may have a point.

    >>> from lovepoints.core.rulefiles.rulefile import parse
    >>> file = parse('title="x"\\neffective=2026-01-01\\nrule=[{code="a", title="b", points=5}]')
    >>> canonical(file.rulebook)["rule"][0]["points"], canonical(file.rulebook)["holder"]
    ({'value': '5'}, 'household')
    """
    return {field.key: _form(getattr(rulebook, field.name), field.type, field)
            for field in fields_of(Rulebook)}


def _form(value: Any, annotation: Any, field: Field) -> Any:
    annotation = plain_type(annotation)
    if is_model(type(value)):
        pairs = ((each, getattr(value, each.name)) for each in fields_of(type(value)))
        return {each.key: _form(inner, each.type, each) for each, inner in pairs
                if inner is not None}
    if isinstance(value, Mapping):
        inner = value_type(annotation)
        return [[key, _form(each, inner, field)] for key, each in sorted(value.items())]
    if isinstance(value, tuple) and annotation != MONTH_DAY:
        members = members_of(annotation, len(value))
        return [_form(each, member, field) for each, member in zip(value, members, strict=True)]
    return written(value, field)


def digest(rulebook: Rulebook) -> str:
    """SHA-256 of the canonical form, in hexadecimal: the name of this very rulebook for ever."""
    return hashlib.sha256(canonical_bytes(canonical(rulebook))).hexdigest()


def from_canonical(form: Mapping[str, Any]) -> Rulebook:  # Any: canonical JSON values
    """The rulebook that `canonical` wrote, with its digest.

    Raises:
        RulebookError: the form is not one that this program wrote or knows.
    """
    root = node_of(dict(form))
    reader = Reader(file="canonical form", places=Places(""), is_canonical=True)
    said = root.get("attribute")
    attributes = [reader.model(Attribute, node, ()) for node in (said.items() if said else ())]
    reader.attributes = {attribute.code: attribute for attribute in attributes}
    rulebook: Rulebook = reader.model(Rulebook, root, ())
    if reader.problems:
        raise RulebookError(reader.problems)
    return attrs.evolve(rulebook, digest=digest(rulebook))
