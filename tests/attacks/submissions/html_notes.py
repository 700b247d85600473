# %% [markdown]
# Sends HTML and scripts in the notes, codes and errors of forged replies.

# %% first
import sys

TEXT = "<script>alert('pwned-__TOKEN__')</script><img src=x onerror=alert(1)>"
replies = [{"values": {"output": None}, "notes": [{"says": "not_finished", "name": TEXT}]},
           {"unusable": {"says": "not_numbers", "kind": TEXT, "subject": TEXT}}, {"unusable": TEXT, "code": TEXT},
           {"error": {"type": TEXT, "message": TEXT, "line": TEXT, "code": TEXT}}]
student = sys.modules.get("autograder.sandbox.shell")


def forged(namespace, name, probe, cases, **keywords):
    replies.append(replies.pop(0))
    return [replies[0] for _ in cases]


if student is not None:
    student.ask_each = forged
