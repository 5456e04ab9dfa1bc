"""A word that the device has used for what it was just told to do: what it means is known."""

from lan_edge import DescriptionDraft, DraftThing, ReadNow, ThingKind

from .several_words import can_show


def part_of(thing: DraftThing, command: str) -> str:
    """Return the field of a thing that a command changes."""
    if command in {"level", "mode"}:
        return command
    return "reading" if thing.reading or thing.kind is not ThingKind.COVER else "level"


def can_learn(thing: DraftThing, command: str, tried: str, now: ReadNow | None) -> bool:
    """Return whether what the device says now means nothing yet, and it is known what it means."""
    if now is None or not (now.problem and now.word):
        return False
    match command:
        case "on" | "off":
            is_shown = not DescriptionDraft.unshown_truth(thing.reading)
            return thing.kind.is_truth and is_shown and can_show((now.word,))
        case "mode":
            return can_show((now.word,)) and tried in thing.mode.get("map", {})
        case _:
            return tried in thing.choices


def learn(thing: DraftThing, command: str, tried: str, word: str) -> None:
    """Have a word mean what a command was to do; it is not sent if there is another one."""
    match command:
        case "on" | "off":
            on, off = DescriptionDraft.truth_words(thing.reading)
            on, off = (f"{on}; {word}", off) if command == "on" else (on, f"{off}; {word}")
            words = DescriptionDraft.truth(on, off)
            thing.reading = DescriptionDraft.place_of(thing.reading) | words
        case "mode":
            words = thing.mode["map"]
            thing.mode = {**thing.mode, "map": {**words, word: words[tried]}}
        case _:
            thing.choices = {**thing.choices, word: thing.choices[tried]}
