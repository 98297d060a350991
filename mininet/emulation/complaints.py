"""What the application under test complained of in the log of an embedded controller."""

# The columns of Karaf's log: when | level | thread | class | bundle | message.
_COLUMNS = 6
_BUNDLE = "org.ilb.app "
_LENGTH = 220


def of(logs, since, levels):
    """The lines of the application's own bundle at some levels, since a moment.

    logs: files; since: a local time as in the log, `2026-11-30T01:09:28,404`; levels: such as ("WARN", "ERROR").
    """
    found = []
    for log in logs:
        for line in log.read_text(errors="replace").splitlines():
            columns = [column.strip() for column in line.split(" | ", _COLUMNS - 1)]
            if len(columns) < _COLUMNS or columns[0] < since or columns[1] not in levels:
                continue
            when, level, _, name, bundle, message = columns
            if _BUNDLE in bundle:
                found.append(f"{when} {level} {name}: {message}"[:_LENGTH])
    return sorted(found)
