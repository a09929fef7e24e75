"""The contract in miniature: one check for each requirement that a defect of this server names.

Each defect must break exactly the checks it names (and at most those it lists as echoes), each freedom none. So what
`--list` claims is measured here before the suite under test is held to it.
"""
