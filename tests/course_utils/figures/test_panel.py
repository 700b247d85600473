"""The live side of an explorer: quick pictures while it moves, a sharp one at rest, and names for what can be moved."""

import asyncio
import threading
from types import SimpleNamespace

import ipywidgets
import pytest

from course_utils.figures import panel
from course_utils.figures.panel import Choice, Frame, Panel, Slider
from tests.course_utils.figures.drawing import parts, sliders

COLUMNS = [("", {"step": Slider("step", 0, 8, 1, 0), "name": Choice("", ("a", "b"), "a")})]


@pytest.fixture
def drawn():
    """What was drawn: (step, whether it is sharp)."""
    return []


@pytest.fixture
def make(drawn):
    """A function that makes a panel."""

    def draw(values, error=None, sharp=True):
        drawn.append((values["step"], sharp) if error is None else error)
        return Frame(b"sharp" if sharp else b"quick", f"step {values['step']}", "")

    return lambda **options: Panel(draw, COLUMNS, 600, **options)


async def seen(made, move, rest=False):
    """Do something in a running kernel, and return the picture that is seen then."""
    move()
    if rest:
        await asyncio.sleep(0.05)
    return made.image.value


def test_moving_is_quick_and_rest_is_sharp(make, drawn, shown, monkeypatch):
    """Each move is drawn at once; when nothing moves any more, the sharp picture comes and is the saved one."""
    monkeypatch.setattr(panel, "REST", 60)  # no rest while it moves, however busy this computer is
    made = make()
    made.show()
    (step,) = sliders(made.box)

    def drag():
        for step.value in range(1, 6):
            pass

    assert asyncio.run(seen(made, drag)) == b"quick" and shown[0].words == "step 0"
    assert drawn == [(0, True), *((value, False) for value in range(1, 6))]
    monkeypatch.setattr(panel, "REST", 0.01)
    assert asyncio.run(seen(made, made.move, rest=True)) == b"sharp"
    assert drawn[-1] == (5, True) and shown[0].words == "step 5" and "step 5" in made.words.value


def test_a_figure_is_drawn_by_one_thread_at_a_time(make, drawn, shown):
    """JupyterLab moves some controls in a thread of its own: what comes meanwhile waits, and is drawn in the end."""
    made = make()
    first, second = threading.Event(), threading.Event()
    drawing, together, own_draw = [], [], made.draw

    def draw(*values, **options):
        drawing.append(values)
        together.append(len(drawing))
        if first.is_set():
            second.set()
        first.set()
        second.wait(0.5)  # in this time the other thread comes in, if it may
        drawing.remove(values)
        return own_draw(*values, **options)

    made.draw = draw
    other = threading.Thread(target=made.move)
    other.start()
    first.wait()
    made.move()
    other.join()
    assert together == [1, 1] and len(drawn) == 2


def test_a_sound_is_made_at_rest_alone(make, shown, monkeypatch):
    """While a slider moves nothing is computed for the ear; at rest the player holds what belongs there, or nothing."""
    monkeypatch.setattr(panel, "REST", 60)
    asked = []

    def sound(values):
        asked.append(values["step"])
        return SimpleNamespace(data=b"wav") if values["step"] < 3 else None

    made = make(sound=sound)
    made.show()
    (step,), (player,) = sliders(made.box), parts(made.box, ipywidgets.Audio)
    assert player.value == b"wav" and not player.autoplay and not player.loop

    def drag():
        for step.value in range(1, 6):
            pass

    asyncio.run(seen(made, drag))
    assert asked == [0]
    monkeypatch.setattr(panel, "REST", 0.01)
    asyncio.run(seen(made, made.move, rest=True))
    assert asked == [0, 5] and player.value == b"" and player.layout.display == "none"
    assert not parts(make().box, ipywidgets.Audio)


def test_play_draws_every_step_and_can_be_stopped(make, drawn):
    """However long a picture takes, Play draws each step; pressed again it stops."""
    made = make(play=1)
    (button,) = parts(made.box, ipywidgets.Button)

    async def press():
        button.click()
        await asyncio.sleep(0.005)
        assert button.description == "Pause"
        button.click()
        stopped = made.values()["step"]
        await asyncio.sleep(0.05)
        assert made.values()["step"] == stopped and button.description == "Play"
        button.click()
        while button.description == "Pause":
            await asyncio.sleep(0.01)

    asyncio.run(press())
    assert [step for step, sharp in drawn if not sharp] == list(range(1, 9))


def test_colab_says_that_its_saved_picture_stays(make, shown, monkeypatch):
    """With ipywidgets 7 no output can be replaced later, so the picture shows the beginning and says so."""
    monkeypatch.setattr(ipywidgets, "__version__", "7.7.1")
    made = make()
    made.show()
    sliders(made.box)[0].value = 3
    assert shown[0].words == "step 0" and "Here the sliders began" in shown[0]._repr_mimebundle_()[0]["text/html"]


def test_captions_have_room_and_every_control_is_there(make):
    """No caption is cut: its width follows from the longest; buttons and sliders stand beside the picture."""
    made = make(play=1, button=("Train it now", lambda **values: iter([None])))
    (step,) = sliders(made.box)
    assert float(step.style.description_width.removesuffix("em")) >= 0.6 * len("step")
    assert [button.description for button in parts(made.box, ipywidgets.Button)] == ["Play", "Train it now"]


def test_a_button_whose_work_fails_shows_the_error(make, drawn):
    """What goes wrong in the work of a button is drawn, and the button can be pressed again."""

    def work(step, name):
        yield
        raise ValueError("no")

    made = make(button=("Work", work))
    (button,) = parts(made.box, ipywidgets.Button)
    button.click()
    assert drawn[0] == (0, True) and isinstance(drawn[-1], ValueError) and not button.disabled
