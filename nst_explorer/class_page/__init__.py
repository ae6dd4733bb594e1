"""A page for a class: the dashboard by itself, served to visitors who have no notebooks, each in a kernel of their own.

`serving` checks what was asked and starts the server; `server` says what of Voilà is served and what is not; `handlers`
answer requests; `visits` begin, watch and end kernels; `visit` is what such a kernel runs.
"""
