"""What is shown of answers."""

import orjson

from custom_components.lan_edge.describing.shown import answer_block
from lan_edge import TrialAnswer


def test_the_line_of_a_folded_answer_can_break() -> None:
    text = orjson.dumps({f"value_{number}": number for number in range(40)}).decode()
    assert " " not in text
    head, _, _ = answer_block(TrialAnswer(text, ())).partition("</summary>")
    assert head.startswith(
        "<details><summary><code>{&quot;value_0&quot;: 0, &quot;value_1&quot;: 1"
    )


def test_the_line_of_another_text_is_as_it_came() -> None:
    text = "\n".join(f"line {number}" for number in range(40))
    assert answer_block(TrialAnswer(text, ())).startswith("<details><summary><code>line 0 line 1")
