"""A feedback page in a real browser: on a phone, on a dark screen, on paper."""

import pytest
from nbformat.v4 import new_markdown_cell

from tests.autograder import toy

HARD = """### A heading of its own

| what | where |
| --- | --- |
| `nn.functional.binary_cross_entropy_with_logits` | `tf.nn.sigmoid_cross_entropy_with_logits` |

$$z = w_1 x_1 + w_2 x_2 + w_3 x_3 + w_4 x_4 + w_5 x_5 + w_6 x_6 + b$$

<details><summary>Harder, if you like</summary>

```python
assert all(name in names and value not in values for name, value in pairs.items() if name is not None)
```

</details>
"""


@pytest.fixture(scope="module")
def feedback(tmp_path_factory):
    """The address of the page of a student with wide tables, formulas and code."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("feedback") / "room")
    notebook = toy.answered(classroom, square=f"return {' + '.join(['x'] * 60)}")
    notebook.cells.insert(1, new_markdown_cell(HARD))
    toy.hand_in(classroom, "ada", notebook)
    toy.grade(classroom, toy.toy_config(classroom))
    return next(classroom.feedback.rglob("*.html")).as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1440, "dark")])
def test_nothing_is_wider_than_the_screen_or_pale(page, feedback, width, scheme, pale, screenshot):
    """With all unfolded, code within a text included."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(feedback)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert pale(page) == []
    screenshot(page, f"feedback-{width}-{scheme}")


def test_on_paper_nothing_is_parted_from_what_it_belongs_to(page, feedback):
    """A heading stays with its text, and a check with its verdict."""
    page.emulate_media(media="print")
    page.goto(feedback)
    after = "each => each.map(one => getComputedStyle(one).breakAfter)"
    for selector in ("h2, .text h3", ".code:has(+ .verdict)"):
        breaks = page.locator(selector).evaluate_all(after)
        assert len(breaks) > 1 and set(breaks) == {"avoid"}, selector
