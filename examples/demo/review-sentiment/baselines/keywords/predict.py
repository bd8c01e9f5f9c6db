"""Counts words of praise and of complaint. Needs no training."""

import csv
import sys
from pathlib import Path

# fmt: off
PRAISE = [
    "好", "不错", "喜欢", "满意", "舒服", "方便", "干净", "推荐", "值得", "精彩",
    "漂亮", "实惠", "热情", "完美", "感动", "优秀", "经典", "实用", "物美价廉", "爱不释手",
]
COMPLAINT = [
    "差", "不好", "失望", "垃圾", "糟糕", "太贵", "难吃", "脏", "吵", "旧", "坏", "退货",
    "后悔", "不值", "无聊", "投诉", "郁闷", "不满意", "不舒服", "不方便", "恶劣",
]
# fmt: on


def label(text: str) -> int:
    """1 for a positive review; a complaint weighs double, for most complaints contain a word of praise."""
    praise = sum(text.count(word) for word in PRAISE)
    complaint = sum(text.count(word) for word in COMPLAINT)
    return int(praise > 2 * complaint)


def main(source: Path, target: Path) -> None:
    """Label every review."""
    with (source / "reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["id"], label(row["text"])) for row in csv.DictReader(file)]
    with (target / "predictions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "label"), *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
