"""What is wrong with a sheet of deeds, and what to do: (Chinese, English) pairs by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lovepoints.words import Table, say

PROBLEMS: Table = {
    # the sheet
    "no_file": ("没有这个文件", "there is no such file"),
    "too_large": ("文件太大，最多 {most} MB", "the file is too large; at most {most} MB"),
    "too_many_rows": ("行数太多，最多 {most} 行", "there are more than {most} rows"),
    "workbook": ("这是 Excel 工作簿，不是 CSV", "this is an Excel workbook, not CSV"),
    "not_text": ("这不是文本（UTF-8 或 GB18030）", "this is not text in UTF-8 or GB18030"),
    "no_titles": ("前十行里没有找到列名", "no titles were found in the first ten rows"),
    "unknown_title": ("没有这个列名", "no column is called so"),
    "title_twice": ("这个列名有两列", "two columns have this title"),
    "title_missing": ("缺少这一列", "this column is missing"),
    "line_too_long": ("这一行超过 {most} 个字符", "this line has more than {most} characters"),
    "quote_open": ("这一行的引号没有闭合", "a quote that begins here is never closed"),
    # a row
    "bad_quotes": ("这一行的引号写法不对", "the quotes of this row are not closed"),
    "too_many_cells": ("这一行超过 {most} 格", "this row has more than {most} cells"),
    "cell_without_title": ("这一格上面没有列名", "there is no title above this cell"),
    "needed": ("这一格不能空着", "this cell is empty"),
    "bad_day": ("“{value}”不是日期", '"{value}" is not a day'),
    "bad_number": ("“{value}”不是数", '"{value}" is not a plain number'),
    "bad_text": ("“{value}”不能用：{what}", '"{value}" cannot be used: {what}'),
    # what the book does not know or take
    "unknown_resident": ("账本里没有居民“{value}”", 'nobody is enrolled as "{value}"'),
    "unknown_confirmer": ("账本里没有核实人“{value}”", 'nobody is appointed as "{value}"'),
    "unknown_rule": (
        "{day} 的积分办法里没有“{value}”",
        'the rulebook of {day} has no rule "{value}"',
    ),
    "no_rulebook": ("{day} 还没有生效的积分办法", "no rulebook was in force on {day}"),
    "written_otherwise": (
        "这件事已经记入账本，但{field}不同",
        "this deed is in the book already, with another {field}",
    ),
    "same_row": (
        "与本表前面的一行相同，没有再记",
        "it says the same as an earlier row; not written again",
    ),
    "there_otherwise": ("这一行已在账本里，但{field}不同",
                        "this is in the book already, with another {field}"),
    "unknown_code": ("账本里没有“{value}”", 'the book knows no "{value}"'),
    "code_alike": ("编号和“{other}”很像", 'this code looks like "{other}"'),
    "name_alike": ("同户里“{other}”的姓名相同或很像",
                   'in this household "{other}" has the same name, or one like it'),
    "not_taken": ("不能记入：{what}", "it cannot be written: {what}"),
}
"""What is wrong."""

REMEDIES: Table = {
    "no_file": ("请核对路径", "check the path"),
    "too_large": ("请分成几份", "split it"),
    "too_many_rows": ("请分成几份", "split it"),
    "workbook": ("请在 Excel 中另存为“CSV UTF-8”", 'save it as "CSV UTF-8" in Excel'),
    "not_text": ("请另存为“CSV UTF-8”", 'save it as "CSV UTF-8"'),
    "no_titles": ("至少要有列名：事项、居民、日期",
                  "at least rule, resident and day must be named"),
    "unknown_title": (
        "请删去这一列，或改用：{known}",
        "take the column out, or call it one of {known}",
    ),
    "title_twice": ("请只留一列", "keep one of them"),
    "title_missing": ("请加上列名，可写：{titles}", "add it; it may be called {titles}"),
    "line_too_long": ("请检查文件是否完整", "look whether the file is whole"),
    "quote_open": ("请在这一行补上引号", "close it in this row"),
    "bad_quotes": ("格内的引号要写两个", "write a quote inside a cell twice"),
    "too_many_cells": ("请检查这一行的分隔符", "look at the delimiters of this row"),
    "cell_without_title": ("请加上列名，或清空这一格", "name the column, or empty the cell"),
    "needed": ("请补上", "fill it in"),
    "bad_day": ("请写成 2026-03-07", "write it like 2026-03-07"),
    "bad_number": ("请用半角数字，如 2 或 1.5", "write it like 2 or 1.5"),
    "bad_text": ("请重新输入这一格", "type this cell anew"),
    "unknown_resident": (
        "请核对编号，或先登记这位居民",
        "check the code, or enrol the resident first",
    ),
    "unknown_confirmer": ("请核对编号，或先任命", "check the code, or appoint the officer first"),
    "unknown_rule": (
        "请核对事项代码⟦；是不是 {near}⟧",
        "check the rule's code⟦; did you mean {near}⟧",
    ),
    "no_rulebook": ("请核对日期，或先采用积分办法", "check the day, or adopt the rulebook first"),
    "written_otherwise": (
        "更正请在账本中重核；确是另一件事的，请在“登记号”一列给它一个号",
        "correct it in the book by reopening the deed; if it is another deed, give it a key of"
        " its own",
    ),
    "same_row": ("确是另一件事的，请在“登记号”一列给它一个号",
                 "if it is another deed, give it a key of its own"),
    "there_otherwise": ("请核对；要改的请在账本里更正", "check it; correct it in the book"),
    "unknown_code": ("请核对代号，或先登记", "check the code, or bring it in first"),
    "code_alike": ("请核对是不是同一个人", "look whether it is one person"),
    "name_alike": ("请核对是不是登记了两次", "look whether somebody is enrolled twice"),
    "not_taken": ("请核对这一行", "look at this row again"),
}
"""What to do."""


def describe(code: str, facts: Mapping[str, Any], lang: str | None = None) -> tuple[str, str]:
    """The sentence and the remedy of a problem; Any: facts of many types."""
    return say(PROBLEMS, code, facts, lang), say(REMEDIES, code, facts, lang)
