"""Releases for the tests of the terminal UI: ordinary ones, and one that attacks the screen."""

from plain_engine import Document, release

SEOUL = release(
    "seoul-visit",
    """\
Minister Joly concludes successful visit to the Republic of Korea

Seoul. Minister Mélanie Joly has concluded her April 13 to 15 visit to Korea, her second as \
foreign minister. During the visit she forged deeper ties between Canada and Korea.

In Seoul, Minister Joly met with Foreign Affairs Minister Park Jin. As part of an expanded \
partnership in defence and security, the Ministers welcomed the launch of negotiations on a \
General Security of Information Agreement. The Agreement will deepen security cooperation \
and increase information sharing.

“Canada and Korea are bound by sixty years of friendship,” said Minister Joly. “We will build \
on it in the Indo-Pacific.”

Minister Joly also met with President Yoon Suk Yeol. Both sides looked forward to building on \
the existing partnership for a free and prosperous region. Canada will contribute to the \
sanctions monitoring effort under Operation NEON until April 2026.

About Global Affairs Canada: the department manages the diplomatic relations of Canada.
""",
    issuer="Global Affairs Canada",
    date="2023-04-17",
    url="https://www.canada.example/en/news/seoul-visit.html",
)

FERRY = release(
    "ferry-service",
    """\
Harbour Line adds a night ferry between Halifax and Saint John

Halifax. Harbour Line will run a night ferry between Halifax and Saint John from May 2, 2024. \
The crossing takes nine hours and costs 89 dollars for a foot passenger.

The service was asked for by the two cities, which share its cost for the first three years.
""",
    issuer="Harbour Line",
    date="2024-03-12",
)

BATTERY = release(
    "battery-plant",
    """\
Norvolt opens battery recycling plant in Quebec

Norvolt has opened a plant in Bécancour that recycles 12,000 tonnes of batteries a year. The \
agreement with the province takes effect on June 1.

Security at the plant follows the standards of the industry.
""",
    issuer="Norvolt",
    date="2024-05-30",
    source="norvolt/battery-plant.html",
)

HOSTILE_TEXT = (
    "[/] [bold]Markup[/bold] \x1b]0;owned\x07 visit of the attacker\n\n"
    "The attacker wrote [/] and [@click=app.quit]x[/] in his release. "
    "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b[?1049l\x9b2J The attacker paid \u202edrawkcab\u202c "
    "and hid\u200bden words\x00\x08\x7f with 10\u2066\u2069 marks e" + "\u0301" * 500 + ".\n\n"
    "Secret\rPublic: the attacker asks \x1b]8;;file:///etc/passwd\x1b\\here\x1b]8;;\x1b\\ twice.\n"
)
HOSTILE = release(
    "hostile\x1b[31m",
    HOSTILE_TEXT,
    issuer="Evil\x1b[2J [/] Corp\u202e",
    date="2024-01-01\x07",
    source="dir\n/\x9bname\udc80.txt",
    url="javascript:alert(1)",
)

ORDINARY: tuple[Document, ...] = (SEOUL, FERRY, BATTERY)

WORLD = release(
    "world",
    """\
港湾局、夜間フェリー🚢を増便 · Hafen ❤️ Fähre

東京。港湾局は五月二日から夜間フェリー🚢を毎日運航すると発表した。料金は大人一人八千九百円です。 \
The quokka ferry 👨‍👩‍👧 takes families, 1️⃣ crossing a day.

أعلنت هيئة الموانئ أن العبّارة الليلية تبدأ في 2 مايو 2024، وتكلف 89 دولارًا. The quokka ferry \
(السفينة) sails at 10 p.m.

“הספינה יוצאת בלילה,” said the quokka captain, “and 한국어 announcements follow.”
""",
    issuer="港湾局",
    date="2024-05-02",
    lang="ja",
)
"""Wide characters, emoji made of several, and writing from right to left."""
