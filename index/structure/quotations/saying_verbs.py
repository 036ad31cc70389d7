"""The verbs of saying, in English, French, German and Spanish, that join a quotation and a speaker.

French texts say "a déclaré", "se réjouit", "ajoute-t-elle"; German ones "sagte", Spanish ones
"afirmó". A form that is also an English word counts only where the marks of its language show
which it is.
"""

import re

_ENGLISH = (
    "said|says|say|stated|states|added|adds|noted|notes|explained|explains|continued|continues|"
    "concluded|concludes|commented|comments|remarked|observed|declared|announced|wrote|writes|"
    "told|argued|argues|emphasized|emphasised|emphasizes|stressed|stresses|urged|urges|warned|"
    "warns|replied|responded|recalled|insisted|reported|testified|asked|exclaimed|agreed|"
    "reiterated|acknowledged|affirmed|cautioned|pointed out|points out|went on to say|"
    "(?:ha[sd] )?(?:said|stated|written)"
)
_PARTICIPLES = (
    "déclaré|dit|affirmé|ajouté|expliqué|souligné|indiqué|précisé|mentionné|conclu|commenté|"
    "soutenu|rappelé|fait savoir|fait valoir|noté|annoncé|écrit|poursuivi|renchéri|fait remarquer|"
    "assuré|insisté|déploré|dénoncé|lancé|promis|confié|estimé|prévenu|martelé|résumé|témoigné|"
    "répondu|reconnu|confirmé|plaidé|réagi|répété|observé|constaté|signalé|averti|admis|raconté|"
    "complété|soulevé|relevé|tempéré|nuancé|glissé|enchaîné|abondé|conseillé|regretté|imploré|"
    "tenu à (?:souligner|préciser|rappeler|dire|ajouter|remercier|saluer)"
)
_REFLEXIVE_PARTICIPLES = (
    "réjoui|félicité|exclamé|inquiété|indigné|enthousiasmé|étonné|désolé|insurgé"
)
_PRESENT = (
    "déclare|affirme|ajoute|explique|souligne|indique|précise|conclut|commente|soutient|poursuit|"
    "alerte|témoigne|déplore|dénonce|prévient|martèle|renchérit|résume|raconte|confie|rappelle|"
    "mentionne|estime|promet|plaide|reconnaît|admet|répond|complète|détaille|relève|signale|"
    "sourit|glisse|lâche|tempère|nuance|enchaîne|abonde|"
    "constate|regrette|avertit|réagit|croit|dit|écrit|relate|"
    "fait (?:savoir|valoir|remarquer)|"
    "s['’](?:exclame|inquiète|indigne|enthousiasme|étonne|insurge)|se (?:réjouit|félicite|désole)"
)
_AFTER_GUILLEMETS = "assure|note|observe|insiste|lance|confirme|avance|juge|pense|tranche"
"""Present forms that are also words in English, or other words in French."""

_IMPERFECT = "disait|déclarait|affirmait|expliquait|ajoutait|rappelait|soulignait|confiait|écrivait"
_PRONOUNS = "il|elle|ils|elles|on"
ADVERBIAL = (
    r"(?:également|aussi|par ailleurs|notamment|ensuite|encore|toutefois|enfin|alors|"
    r"d['’]emblée|d['’]abord|en outre|à son tour|aujourd['’]hui|hier|"
    r"pour (?:sa|leur) part|de (?:son|leur) côté|quant à (?:lui|elle|eux|elles))"
)
"""What stands between a French verb and the words around it."""

_FRENCH = (
    rf"(?:a|ont|avait|avaient) (?:{ADVERBIAL} ){{0,2}}(?:{_PARTICIPLES})|"
    rf"(?:s['’]est|s['’]était|se sont) (?:{ADVERBIAL} ){{0,2}}"
    rf"(?:dite?s? \w+|(?:{_REFLEXIVE_PARTICIPLES})e?s?)|"
    rf"(?:(?P<auxiliary>(?:s['’]est|a|ont)(?:-t)?)|(?:{_PRESENT}|{_AFTER_GUILLEMETS})(?:-t)?|"
    rf"{_IMPERFECT})-(?P<pronoun>{_PRONOUNS})"
    rf"(?(auxiliary) (?:{ADVERBIAL} )?(?:{_PARTICIPLES}|(?:{_REFLEXIVE_PARTICIPLES})e?s?))|"
    rf"(?:(?<=»[ \u00a0\u202f])|(?<=»,[ \u00a0\u202f]))(?:{_AFTER_GUILLEMETS})|"
    rf"{_IMPERFECT}|{_PRESENT}"
)
_GERMAN = (
    "sagte|sagt|erklärte|erklärt|betonte|betont|ergänzte|ergänzt|unterstrich|unterstreicht|"
    "kommentierte|kommentiert|meinte|meint|äußerte|äußert|begründete|bekräftigte|bekräftigt|"
    "(?<=[“«],[ \u00a0])so"
)
_SPANISH_PARTICIPLES = (
    "dicho|afirmado|señalado|explicado|añadido|agregado|declarado|indicado|manifestado|"
    "destacado|asegurado|subrayado|apuntado|comentado|recordado|concluido|remarcado"
)
_SPANISH = (
    "dijo|afirmó|señaló|explicó|añadió|agregó|declaró|indicó|manifestó|destacó|aseguró|subrayó|"
    "apuntó|comentó|recordó|concluyó|remarcó|sostuvo|expresó|advirtió|"
    rf"ha(?:n)? (?:{_SPANISH_PARTICIPLES})"
)
_END = r"(?![a-zà-ÿ\d_-])"

VERB = re.compile(rf"\b(?:{_ENGLISH}|{_FRENCH}|{_GERMAN}|{_SPANISH}){_END}")
"""A verb of saying; `pronoun` is the subject that a French verb has joined to it."""

VERB_FIRST = re.compile(rf"[\s,–—-]*{VERB.pattern}(?:\s+(?:today|also|{ADVERBIAL})(?=[\s,:]))*,?")
"""A verb that stands before its subject, behind a quotation."""

VERB_WITHIN = re.compile(
    rf",[ \u00a0\u202f]+(?:{_FRENCH}){_END}(?:[ \u00a0\u202f]+{ADVERBIAL}(?=[\s,]))?"
)
"""A French verb with its subject within the quoted words: "« C'est un début, ajoute Mme Roy. »"."""
