"""One form for characters that the reader takes for one another: traditional, simplified, Japanese; kana and Han."""

from collections.abc import Mapping
from typing import Final

_FAMILIES: Final = (
    # The words that cards print: labels, titles, offices.
    *("别別", "号號", "证證証", "发發発", "处處処", "国國", "华華", "统統", "编編", "签簽", "记記", "录錄録"),
    *("电電", "书書", "许許", "条條", "种種", "类類", "职職", "备備", "效効", "县縣", "区區", "台臺", "体體"),
    *("门門", "东東", "广廣", "务務", "员員", "会會", "关關関", "机機", "长長", "转轉転", "换換", "补補", "岁歲"),
    *("户戶戸", "释釋", "驾駕", "驶駛", "执執", "观觀観", "业業", "团團", "图圖図", "亲親", "诞誕", "议議", "厅廳庁"),
    *("医醫", "点點", "气氣気", "龙龍竜", "泽澤沢", "边邊辺", "滨濱浜", "齐齊斉", "实實実", "写寫写", "经經経"),
    # Kana that look like Han characters or like each other.
    *("カ力", "ロ口", "ニ二", "ハ八", "エ工", "タ夕", "ト卜", "オ才", "一ー", "へヘ", "べベ", "ぺペ", "りリ"),
)  # fmt: skip

VARIANTS: Final[Mapping[str, str]] = {other: family[0] for family in _FAMILIES for other in family[1:]}
"""
Each character that has a look-alike, onto the one that stands for all.

Source: residual errors of the recogniser, which reads all Han writing with one alphabet (measured on generated cards);
the simplified forms are those of the table of 1964 (revised 2013), the Japanese ones of the list of 1946.
"""
