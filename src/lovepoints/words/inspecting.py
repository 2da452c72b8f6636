"""What an inspection says: leads, each with its reason, and what is drawn to be checked again."""

from __future__ import annotations

from lovepoints.words import Table

LEADS: Table = {
    "pair": (
        "{officer} 核实的 {of} 件里有 {count} 件属于 {other}，其他户一般 {usual} 件。请看一看。",
        "Of {of} deeds that {officer} confirmed, {count} are of {other}; the others usually have"
        " {usual}. Look at these."),
    "hidden_pair": (
        "{officer} 核实的 {of} 件保密事项里有 {count} 件属于同一户（不列户名），"
        "其他户一般 {usual} 件。请看一看。",
        "Of {of} confidential deeds that {officer} confirmed, {count} are of one home (whose is not"
        " told here); the others usually have {usual}. Look at these."),
    "round": (
        "{officer} 核实的 {of} 个数量里有 {count} 个是整数，同类事项别人多半不是。请看一看。",
        "Of {of} quantities that {officer} confirmed, {count} are whole, where those of others"
        " mostly are not. Look at these."),
    "month_end": (
        "{officer} 的 {of} 次核实里有 {count} 次在月末几天；别人 {others_of} 次里有 {others} 次。"
        "请看一看。",
        "{officer} confirmed {count} of {of} in the last days of months, others {others} of"
        " {others_of}. Look at these."),
    "relative": (
        "{officer} 为 {other} 核实了 {count} 件；两人曾登记在同一户，或是同一个人。请看一看。",
        "{officer} confirmed {count} for {other}; both were once of one household, or are one"
        " person. Look at these."),
    "mutual": (
        "{officer} 为 {other} 或其家人核实了 {count} 件，{other} 也为对方核实了 {back} 件。"
        "请看一看。",
        "{officer} confirmed {count} for {other} or the household, and {other} {back} in return."
        " Look at these."),
    "corrections": (
        "{officer} 的 {of} 次经办里有 {count} 次是重核、冲销或更正。请看一看。",
        "Of {of} acts of {officer}, {count} open again, take back or correct. Look at these."),
    "new_account": (
        "{other} 登记不久就由 {officer} 核实 {count} 件，得 {points}；"
        "一般人 {days} 天共得 {usual}。请看一看。",
        "Soon after {other} was enrolled, {officer} confirmed {count} for {points}; people usually"
        " get {usual} in {days} days. Look at these."),
    "night": (
        "{officer} 的 {of} 次核实里有 {count} 次在深夜；别人 {others_of} 次里有 {others} 次。"
        "请看一看。",
        "{officer} confirmed {count} of {of} at night, others {others} of {others_of}."
        " Look at these."),
    "fetch": (
        "{officer} 核实后 {minutes} 分钟内又亲手为同一存折兑换，有 {count} 次。请看一看。",
        "{officer} handed goods out to a passbook within {minutes} minutes of confirming for it,"
        " {count} times. Look at these."),
}
"""Why something is worth a look; no sentence says that anybody did wrong."""

INSPECTION: Table = {
    "title": ("抽查", "Inspection"),
    "period": ("期间", "Period"),
    "confirmations": ("核实", "Confirmations"),
    "officers": ("核实人", "Officers"),
    "leads": ("值得一看", "Worth a look"),
    "no_leads": ("没有超出尺度的情况。", "Nothing goes beyond the scales."),
    "innocent": ("这里只说从哪里看起，不说谁有错。",
                 "This says where to look first, and of nobody that she did wrong."),
    "entries": ("凭证：{seqs}⟦ 等，共 {count} 号⟧", "entries {seqs}⟦ and more, {count} in all⟧"),
    "rechecks": ("抽中复查", "Drawn to be checked again"),
    "no_rechecks": ("没有可抽的核实。", "There is nothing to draw from."),
    "drawn": ("由第 {seq} 号凭证之后的总指纹 {root} 抽出，任何人可以照样再抽一遍。",
              "Drawn by the root after entry {seq}, {root}; anybody can draw it again."),
    "scales": ("所用尺度", "Scales"),
}
"""The other words of the paper."""
