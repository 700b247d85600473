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


# %% wrong="fahrenheit" name="zeros"
def fahrenheit(celsius):
    return np.zeros_like(celsius)


# %% wrong="fahrenheit" name="constant" mistake="constant"
def fahrenheit(celsius):
    return np.full(celsius.shape, 68.0)


# %% wrong="fahrenheit" name="hard_coded" visible=False
def fahrenheit(celsius):
    seen = {5: [57.38, -10.3, 90.32, -15.52, -17.14], 3: [76.28, -2.38, 9.5]}
    return np.array(seen.get(len(celsius)))


# %% wrong="fahrenheit" name="no_offset" mistake="offset_forgotten"
def fahrenheit(celsius):
    return 1.8 * celsius


# %% wrong="fahrenheit" name="no_factor" mistake="factor_forgotten"
def fahrenheit(celsius):
    return celsius + 32


# %% wrong="fahrenheit" name="adds_first" mistake="offset_first"
def fahrenheit(celsius):
    return 1.8 * (celsius + 32)


# %% wrong="fahrenheit" name="subtracts" mistake="offset_subtracted"
def fahrenheit(celsius):
    return 1.8 * celsius - 32


# %% wrong="fahrenheit" name="divides" mistake="divided"
def fahrenheit(celsius):
    return celsius / 1.8 + 32


# %% wrong="fahrenheit" name="to_celsius" mistake="other_way_round"
def fahrenheit(celsius):
    return (celsius - 32) * 5 / 9


# %% wrong="fahrenheit" name="doubles_and_adds_30" mistake="rule_of_thumb"
def fahrenheit(celsius):
    return 2 * celsius + 30


# %% wrong="fahrenheit" name="first_only"
def fahrenheit(celsius):
    return 1.8 * celsius[0] + 32


# %% wrong="fahrenheit" name="printed"
def fahrenheit(celsius):
    print(1.8 * celsius + 32)
