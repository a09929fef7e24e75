"""A BO server in another language, for the tests of this repository only.

It is written from the vendor's page, not from the stand-in: tokens, error bodies, base path and statuses differ
wherever the contract leaves them free. `freedoms` lists the ways in which it may conform differently, `defects` the
ways in which it may be wrong; both are chosen by name when it is started.
"""
