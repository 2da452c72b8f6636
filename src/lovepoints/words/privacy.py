"""What people read about their personal data: purposes, looks, slips, the data map."""

from __future__ import annotations

from lovepoints.words import Table

PURPOSES: Table = {
    "pseudonym": ("把账本里的代号对应到人", "leads from the journal's pseudonym to the person"),
    "called": ("称呼和查找本人", "calls and finds the person"),
    "spare": ("备用，始终为空", "kept empty"),
    "reached": ("通知本人", "reaches the person"),
    "consented": ("证明监护人同意", "proves a guardian's consent"),
    "carded": ("认出本人的卡", "tells whose card was read"),
    "proved": ("核对本人的密码", "proves that it is the person"),
    "which": ("认出是哪一件事", "tells which thing it was"),
    "judged": ("核实事项", "lets the deed be judged"),
    "decided": ("说明决定的理由", "says why it was decided so"),
    "forwarded": ("转交办理", "is passed on to who must act"),
    "arranged": ("让办事的人知道办什么", "tells who does a task what to do"),
    "answered": ("给提出的人一个答复", "gives whoever asked an answer"),
    "helped": ("了解需要什么帮助", "tells which help is needed"),
    "objected": ("说明异议的理由", "says what is objected to"),
    "fetched": ("知道由谁代领", "says who fetched the goods"),
    "returned": ("说明退回的原因", "says why goods came back"),
    "donated": ("捐赠可追溯", "traces a donation"),
    "audited": ("供日后核查", "stands up to an audit"),
}
"""What a piece of personal data is for."""

VIEWS: Table = {
    "ordinary": ("日常可见", "in everyday views"),
    "reason": ("写明理由才能查看，并留记录", "with a reason, and logged"),
    "nobody": ("不显示", "not shown"),
}
"""Who sees it."""

KEPT: Table = {
    "left": ("离开后 {months} 个月", "{months} months after leaving"),
    "written": ("登记后 {months} 个月", "{months} months after it was written"),
}
"""How long it is kept."""

LOOKS: Table = {
    "look": ("查看个人信息", "personal data"),
    "words": ("查看事项内容", "the words of a case"),
    "aid_words": ("查看救助情况", "the words of an aid case"),
    "reporter": ("查看保密上报人", "a confidential reporter"),
    "forward": ("转办事项", "a case passed on"),
    "export": ("导出个人信息", "an export"),
    "erase": ("删除个人信息", "erasure"),
}
"""What somebody looked at."""
