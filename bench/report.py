"""Tables in Markdown, and their place in docs/benchmarks.md."""

from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def table(header, rows):
    """Returns a table whose first column has names, and whose other columns have numbers."""
    line = lambda cells: "| " + " | ".join(cells) + " |"
    return "\n".join([line(header), "|---" + "|--:" * (len(header) - 1) + "|", *map(line, rows)])


def write(name, text):
    """Replaces the text between the marks with this name."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = DOCUMENT.read_text().split(begin)
    DOCUMENT.write_text(f"{before}{begin}{text}\n{end}{rest.split(end)[1]}")
