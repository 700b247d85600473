# %% [markdown]
# Puts terminal escape sequences into outputs, names and errors, which the instructor's terminal would obey.

# %% first
ESCAPE = "\x1b]0;pwned\x07\x1b[2J\x1b[31m\x9b31m\x1b]52;c;cHduZWQ=\x07\r\x08[bold red]markup[/] [link=https://evil.example]x[/link]"
print(ESCAPE)


# %% replace="neuron"
def neuron(*arguments):
    raise type("Escape" + ESCAPE, (ValueError,), {})(ESCAPE)


# %% replace="count_parameters"
def count_parameters(widths):
    return type("Escape" + ESCAPE, (), {})()


# %% last
raise type("Escape" + ESCAPE, (Exception,), {})(ESCAPE)
