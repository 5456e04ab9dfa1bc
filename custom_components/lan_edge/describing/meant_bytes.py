"""Which values among the bytes of an answer may be meant: no bit where a number is asked for."""

from lan_edge import AnswerField, DescriptionDraft, FieldKind, ThingKind

_ONE_BYTE, _AS_HEX = "u8", "hex"


def place_of_number(draft: DescriptionDraft) -> int | None:
    """Return the place of the byte at which a request's number is in its answer; None: nowhere."""
    place: int | None = draft.values.get("options", {}).get("key", {}).get("bytes")
    return place


def may_be_of(kind: ThingKind, number: int | None, field: AnswerField) -> bool:
    """Return whether a value may be that of a thing of a kind; no `number` of a request is."""
    if field.kind is not FieldKind.BYTE:
        return True
    if field.reading.bytes_at == number:
        return False
    is_bit = field.reading.bit is not None
    if kind.is_truth:
        return is_bit or field.reading.bytes_type == _ONE_BYTE
    if kind is ThingKind.COVER:
        return not isinstance(field.value, str)
    return not is_bit and field.reading.bytes_type != _AS_HEX


def may_be_identity(field: AnswerField) -> bool:
    """Return whether a value may be what no other device has."""
    return field.kind is not FieldKind.BYTE or isinstance(field.value, str)
