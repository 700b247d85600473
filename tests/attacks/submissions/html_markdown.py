# %% [markdown]
# Writes scripts, event handlers and javascript: links into Markdown cells of the notebook itself.

# %% first [markdown]
# <script>alert('pwned-__TOKEN__')</script> <img src=x onerror="alert('pwned-__TOKEN__')">
#
# [click](javascript:alert(1)) <a href="javascript:alert(1)">click</a> ![beacon](https://evil.example/beacon.png)
#
# $\href{javascript:alert(1)}{click}$ <iframe srcdoc="<script>alert(1)</script>"></iframe>
#
# | a | b |
# |---|---|
# | <img src=x onerror=alert(1)> | <svg onload=alert(1)> |
#
# <details open ontoggle=alert(1)><summary>x</summary></details> `<script>alert(1)</script>`
#
# [x]: javascript:alert(1) "title"
# [click][x] <javascript:alert(1)> <div style="position:fixed;inset:0;background:url(https://evil.example/x)">x</div>
