# SPDX-License-Identifier: GPL-3.0-or-later
"""The marks of letters/*.txt, as plain text and as HTML; letters.py lists them."""

import html
import re

import documents

ACCENT = "#1c71d8"
MARKS = re.compile(r"[*`\[]")


def _plain_inline(text):
    if not MARKS.search(text):
        return text
    text = re.sub(r"\[([^]]+)\]\((\S+)\)", r"\1 <\2>", text)
    return re.sub(r"\*\*(.+?)\*\*|`(.+?)`", lambda match: match[1] or match[2], text)


def _plain_table(rows):
    table = [[_plain_inline(cell) for cell in row] for row in documents.rows(rows)]
    widths = [max(map(len, column)) for column in zip(*table)]
    return "\n".join(
        "   ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table
    )


KINDS = {
    "#": "heading",
    "##": "subheading",
    "-": "list",
    "|": "table",
    "=>": "button",
    "!remote": "remote",
}


def blocks(text):
    """Paragraphs, each as (kind, lines): text, heading, subheading, list, table, button, remote."""
    for paragraph in re.split(r"\n{2,}", text):
        current, lines = None, []
        for line in paragraph.split("\n"):
            kind = KINDS.get(line.partition(" ")[0], "text")
            if kind != current and lines:
                yield current, lines
                lines = []
            current = kind
            lines.append(line)
        yield current, lines


def plain(text):
    out = []
    for kind, lines in blocks(text):
        if kind == "table":
            out.append(_plain_table(lines))
        elif kind in ("heading", "subheading"):
            out.append(_plain_inline(lines[0].lstrip("# ")))
        elif kind == "button":
            out.append("\n".join(_plain_inline(line.removeprefix("=> ")) for line in lines))
        elif kind != "remote":
            out.append("\n".join(map(_plain_inline, lines)))
    return "\n\n".join(out)


def _html_inline(text):
    text = html.escape(text, quote=False)
    if not MARKS.search(text):
        return text
    text = re.sub(r"\[([^]]+)\]\((\S+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"<i>\1</i>", text)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", text)


def _html_table(rows, colour):
    table = documents.rows(rows)
    out = ['<table cellspacing="0" cellpadding="0" border="0" style="border-collapse:collapse">']
    for number, row in enumerate(table):
        headed = number == 0 and len(row) > 2
        style = f"padding:5px 18px 5px 0;border-bottom:1px solid {colour if headed else '#dddddd'}"
        tag = "th" if headed else "td"
        cells = "".join(
            f'<{tag} align="{_alignment(table, column)}"'
            f' style="{style}">{_html_inline(cell)}</{tag}>'
            for column, cell in enumerate(row)
        )
        out.append(f"<tr>{cells}</tr>")
    return "".join([*out, "</table>"])


def _alignment(table, column):
    cells = [row[column].strip("*") for row in table[1:] if column < len(row)]
    numbers = cells and all(re.fullmatch(r"[\d.,]+( ?[%km]+)?", cell) for cell in cells)
    return "right" if numbers else "left"


def html_blocks(text, colour=ACCENT):
    out = []
    for kind, lines in blocks(text):
        if kind == "table":
            out.append(_html_table(lines, colour))
        elif kind == "heading":
            out.append(
                '<h1 style="font-size:22px;line-height:1.25;margin:0 0 14px">'
                f"{_html_inline(lines[0][2:])}</h1>"
            )
        elif kind == "subheading":
            out.append(
                f'<h2 style="font-size:16px;margin:26px 0 10px;color:{colour}">'
                f"{_html_inline(lines[0][3:])}</h2>"
            )
        elif kind == "list":
            items = "".join(f"<li>{_html_inline(line[2:])}</li>" for line in lines)
            out.append(f'<ul style="padding-left:22px">{items}</ul>')
        elif kind == "button":
            out += [_button(line, colour) for line in lines]
        elif kind == "remote":
            out += [_remote(line) for line in lines]
        else:
            out.append("<p>{}</p>".format("<br>\n".join(map(_html_inline, lines))))
    return "\n".join(out)


def _button(line, colour):
    words, address = re.search(r"\[([^]]+)\]\((\S+)\)", line).groups()
    return (
        f'<p style="margin:20px 0"><a href="{html.escape(address)}"'
        f' style="background:{colour};color:#ffffff;text-decoration:none;padding:10px'
        f' 20px;border-radius:6px;display:inline-block">{html.escape(words)}</a></p>'
    )


def _remote(line):
    _, address, *words = line.split(" ", 2)
    words = html.escape(" ".join(words))
    size = 'width="536" height="220"' if words else 'width="1" height="1"'
    return f'<img src="{html.escape(address)}" {size} alt="{words}" style="max-width:100%">'
