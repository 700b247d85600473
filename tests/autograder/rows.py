"""All that a gradebook holds, for comparing two of them."""

import sqlite3

CHANGING = ("id", "timestamp")  # made anew by each run, or by the file that was handed in


def rows(classroom):
    """Return the rows of every table of a gradebook without what differs from run to run, sorted."""
    with sqlite3.connect(f"file:{classroom.gradebook}?mode=ro", uri=True) as database:
        names = dict(database.execute("SELECT id, name FROM base_cell"))
        students = dict(database.execute("SELECT id, student_id FROM submitted_assignment"))
        notebooks = dict(database.execute("SELECT id, assignment_id FROM submitted_notebook"))
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in sorted(tables):
            cursor = database.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            found[table] = sorted(
                repr([_lasting(column, value, names, students, notebooks) for column, value in zip(columns, row)])
                for row in cursor
            )
    database.close()
    return found


def _lasting(column, value, names, students, notebooks):
    """Return a value, or what its id stands for."""
    if column in CHANGING:
        return None
    if column == "cell_id":
        return names.get(value)
    if column == "notebook_id" or column == "assignment_id":
        return students.get(notebooks.get(value, value))
    return value
