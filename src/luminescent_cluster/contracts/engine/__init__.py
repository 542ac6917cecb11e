"""Running a clause on a binding: subjects, calls with deadlines, examples, results.

Nothing here knows a particular clause, and nothing here imports pytest.
"""
