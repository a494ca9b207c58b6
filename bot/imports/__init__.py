"""What an office's files say: pure parsers from a table to records, with every problem at once.

Each parser is ``parse(table, *, schools, school, today, …) -> Parsed``. Nothing is stored here, and
no input raises: a row becomes a record or at least one :class:`~bot.imports.parsed.RowProblem`.

``schools`` holds the schools of app.yaml that may appear (for staff and accounts the trust too).
``None`` means that there is no app.yaml to ask, as for ``schoolgate check``: any school is taken,
and a file without that column gives "". ``school`` is ``--school``: it fills the column where the
file lacks it, and empty cells of it.
"""
