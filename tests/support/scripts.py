"""Texts in several scripts, long enough for their encoding to be told."""

FRENCH = (
    "Québec, le 3 mars 2021 – Le ministre a annoncé aujourd’hui un financement de 5 M€.\n\n"
    "« L’été dernier, déjà, la population réclamait ce pont », a-t-il déclaré à Montréal.\n"
)
JAPANESE = (
    "日本政府は本日、新しい橋の建設を発表しました。大臣は「喜ばしい」と述べた。\n\n"
    "東京とソウルの間で協議が行われる予定です。費用は四百万ドルと見込まれています。\n"
)
CHINESE = (
    "中国政府今天宣布了一项新的桥梁建设计划。部长表示，这项工程将于明年春天开工。\n\n"
    "工程费用预计为四百万元，并将为当地居民提供便利的交通条件。\n"
)
