# Known right and known wrong answers to the exercise of Lab 0; see those of Lab 1.

# %%
import numpy as np

# %% [markdown]
# ## fahrenheit


# %% right="fahrenheit" name="formula"
def fahrenheit(celsius):
    return celsius * 9 / 5 + 32


# %% right="fahrenheit" name="loop"
def fahrenheit(celsius):
    result = []
    for degrees in celsius:
        result.append(32 + 1.8 * float(degrees))
    return result


# %% right="fahrenheit" name="float32"
def fahrenheit(degrees):
    return np.float32(1.8) * degrees.astype("float32") + np.float32(32)


# %% wrong="fahrenheit" name="places" of="formula" mistake="places_converted"
# celsius * 9 -> np.arange(len(celsius)) * 9

# %% wrong="fahrenheit" name="no_offset" of="formula" mistake="offset_forgotten"
# celsius * 9 / 5 + 32 -> 1.8 * celsius

# %% wrong="fahrenheit" name="no_factor" of="formula" mistake="factor_forgotten"
# * 9 / 5 + 32 -> + 32

# %% wrong="fahrenheit" name="adds_first" of="formula" mistake="offset_first"
# celsius * 9 / 5 + 32 -> 1.8 * (celsius + 32)

# %% wrong="fahrenheit" name="subtracts" of="formula" mistake="offset_subtracted"
# celsius * 9 / 5 + 32 -> 1.8 * celsius - 32

# %% wrong="fahrenheit" name="divides" of="formula" mistake="divided"
# celsius * 9 / 5 -> celsius / 1.8

# %% wrong="fahrenheit" name="to_celsius" of="formula" mistake="other_way_round"
# celsius * 9 / 5 + 32 -> (celsius - 32) * 5 / 9

# %% wrong="fahrenheit" name="doubles_and_adds_30" of="formula" mistake="rule_of_thumb"
# celsius * 9 / 5 + 32 -> 2 * celsius + 30

# %% wrong="fahrenheit" name="first_only" of="formula"
# celsius * 9 / 5 -> 1.8 * celsius[0]


# %% wrong="fahrenheit" name="printed"
def fahrenheit(celsius):
    print(1.8 * celsius + 32)
