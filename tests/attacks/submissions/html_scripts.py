# %% [markdown]
# Displays JavaScript, SVG, PDF, widgets and invented types, which some browsers run.

# %% first
from IPython.display import display

SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('pwned-__TOKEN__')\"><script>alert(1)</script></svg>"
for kind, data in (("application/javascript", "alert('pwned-__TOKEN__')"), ("image/svg+xml", SVG), ("text/vnd.mermaid", SVG),
                   ("application/vnd.jupyter.widget-view+json", {"model_id": SVG, "version_major": 2}),
                   ("application/vnd.plotly.v1+json", {"data": [SVG]}), ("text/x-html", SVG), ("application/xhtml+xml", SVG),
                   ("image/png", '"><script>alert("pwned-__TOKEN__")</script>'), ("image/jpeg", "x' onerror='alert(1)")):
    display({kind: data}, raw=True, metadata={kind: {"width": '1" onerror="alert(1)', "alt": '"><script>alert(1)</script>'}})
