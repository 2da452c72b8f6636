"""The demo's shelf: 25 goods and services with their prices in points and first deliveries."""

from __future__ import annotations

from datetime import date

import attrs


@attrs.frozen
class Good:
    """One line of the catalogue. `low` 0: no alarm; `quantity` 0: a service without a shelf."""

    code: str
    title: str
    kind: str
    measure: str
    price: int
    low: int
    quantity: int
    best_before: date | None = None


CATALOGUE = (
    Good("G01", "垃圾袋", "non-food", "卷", 1, 20, 40),
    Good("G02", "钢丝球", "non-food", "个", 1, 20, 40),
    Good("G03", "食盐", "food", "袋", 3, 20, 40, date(2028, 6, 30)),
    Good("G04", "肥皂", "non-food", "块", 5, 30, 60),
    Good("G05", "卫生纸", "non-food", "卷", 5, 30, 60),
    Good("G06", "牙膏", "non-food", "支", 5, 20, 40, date(2027, 12, 31)),
    Good("G07", "洗洁精", "non-food", "瓶", 5, 20, 40),
    Good("G08", "洗衣粉", "non-food", "袋", 8, 20, 40),
    Good("G09", "牙刷", "non-food", "支", 10, 10, 24),
    Good("G10", "毛巾", "non-food", "条", 10, 10, 24),
    Good("G11", "酱油", "food", "瓶", 10, 10, 24, date(2027, 3, 31)),
    Good("G12", "水杯", "non-food", "个", 15, 10, 18),
    Good("G13", "洗衣液", "non-food", "桶", 20, 10, 20),
    Good("G14", "脸盆", "non-food", "个", 20, 5, 12),
    Good("G15", "蔬菜种子", "non-food", "包", 20, 10, 18, date(2026, 6, 30)),
    Good("G16", "书包", "non-food", "个", 40, 3, 6),
    Good("G17", "大米5kg", "food", "袋", 44, 5, 16, date(2026, 12, 31)),
    Good("G18", "食用油5L", "food", "瓶", 50, 5, 12, date(2027, 4, 30)),
    Good("G19", "保温瓶", "non-food", "个", 60, 3, 5),
    Good("G20", "电热水壶", "non-food", "个", 90, 2, 3),
    Good("G21", "电饭煲", "non-food", "个", 150, 1, 1),
    Good("G22", "高压锅", "non-food", "个", 210, 1, 1),
    Good("S01", "公交券", "service", "张", 5, 20, 50),
    Good("S02", "理发", "service", "次", 10, 0, 0),
    Good("S03", "餐饮折扣券", "service", "张", 30, 10, 16, date(2026, 12, 31)),
)
RICE = "G17"
DONORS = ("县供销社", "村经济合作社", "爱心超市联盟", "青山粮油店")
"""Who gives goods."""
