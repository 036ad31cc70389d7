"""The words that letterheads are made of, as patterns: labels, dates, references, menus, offices.

A line of a letterhead is recognized by what is left of it when these are taken away
(`index.structure.headline.head_lines`). English and French; offices also in five more languages.
"""

import re

from index.text.dates import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

_TIME_ZONE = (
    r"(?:eastern|central|mountain|pacific|atlantic|newfoundland|greenwich mean) "
    r"(?:standard |daylight )?time|\b[ecmpan][sd]?t\b|\b(?:gmt|utc|bst|cet|cest|aest|aedt|nzst|"
    r"nzdt|hn[ec]|ha[ec]|ist|sast|eat|wat)\b(?:[+-]\d+)?"
)
_WEEKDAY = (
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|"
    r"\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b"
)
WEEKDAY = re.compile(_WEEKDAY, re.IGNORECASE)
TIME = re.compile(
    r"\b(?:at |à )?\d{1,2}\s?(?:[:.h]\s?\d{2}\s?(?:[ap]\.?\s?m\b\.?)?|[ap]\.?\s?m\b\.?)"
    rf"(?:\s?(?:{_TIME_ZONE}))?",
    re.IGNORECASE,
)
MOMENT = re.compile(
    rf"\b\d{{1,2}}\s?(?:[:.h]\s?\d{{2}})(?::\d{{2}})?(?:\s?hours?\b|\s?hrs\b)?|"
    rf"\b\d{{1,2}}\s?h(?:eures?)?\b|"
    rf"\b\d{{1,2}}\s?(?=[ap]\.?\s?m\b)|\b[ap]\.?\s?m\b\.?|\b(?:noon|midnight|midi|minuit)\b|"
    rf"{_TIME_ZONE}|{_WEEKDAY}|\b(?:local|heure(?: (?:de |d[’'])(?:l[’'])?\w+| locale)?|hours?)\b",
    re.IGNORECASE,
)
"""What may stand beside a date: a time of day, its zone, a weekday."""

_KIND_OF_RELEASE = (
    r"(?:joint |official |corporate |public |latest |our |all |web )?"
    r"(?:news|press|media|information|ministerial)(?: and (?:press|media|news))? ?"
    r"(?:releases?|statements?|advisor(?:y|ies)|notes?|notices?|alerts?|bulletins?|announcements?|"
    r"information|summar(?:y|ies)|briefings?|backgrounders?|communiqués?|updates?|stor(?:y|ies)|"
    r"articles?|items?|memos?|dispatch|reports?)"
)
_AD_HOC = (
    r"ad[- ]hoc[- ](?:announcement|release|notice|mitteilung|meldung)"
    r"(?: pursuant to art(?:icle|\.) \d+(?: of)?(?: the)? (?:lr|mar))?|\Aad[- ]hoc\Z"
)
"""Notices of listed companies; "an ad hoc committee" is something else."""

_OTHER_LANGUAGES = (
    r"notas? de prensa|comunicados? de (?:prensa|imprensa)|comunicat[oi] stampa|"
    r"(?:presse|medien)(?:mitteilung|information|meldung|aussendung)(?:en)?|persbericht(?:en)?|"
    r"pressmeddelande|pressemeddelelse|pressemelding"
)
"""Labels in Spanish, Portuguese, Italian, German, Dutch and the languages of Scandinavia."""

LABEL = re.compile(
    rf"\b(?:(?:{_KIND_OF_RELEASE})|(?:for )?(?:immediate|general|public)(?: release| distribution|"
    r" publication| use| attention)|(?:for )?(?:immediate )?(?:release|publication)"
    r"(?: immediately| upon receipt| on delivery| to the media)?|"
    r"(?:not for (?:release|publication|broadcast|distribution)(?: before| until| prior to)?)|"
    r"(?:hold|held)? ?(?:for (?:release|use|publication) )(?:on|at|until|after|upon delivery)|"
    r"(?:under |strict(?:ly)? |sous )*embargo(?:ed|e)?(?: (?:for release|copy|material|notice))?"
    r"(?: until| till| to| jusqu[’'](?:aux?|à|en)(?=\W)| jusqu[’']?(?:au?|à)?)?|"
    r"check against delivery|(?:a )?joint (?:statement|communiqué)\Z|statements?\Z|announcements?|"
    r"backgrounders?|fact ?sheets?|read-?outs?|speech(?:es)?\Z|remarks\Z|advisor(?:y|ies)\Z|"
    r"notices?\Z|bulletins?\Z|corrections?|corrected|updated? (?:release|version)|"
    r"public service announcements?|psa\Z|recall notices?|safety (?:notices?|alerts?)|"
    r"notice to (?:the )?media|(?:media )?invitations?\Z|news (?:story|item)|success story|"
    r"regulatory (?:news service|announcement|release)|travel alerts?|proclamations?\Z|"
    r"breaking news|news\Z|publications?\Z|reports?\Z|"
    r"(?:informations?|info|alertes?|notes?)[ -](?:à la |aux? )?(?:presse|médias)|"
    r"sperrfrist(?: bis)?|(?:für|zur) (?:die )?(?:sofortige|freie)n? (?:veröffentlichung|freigabe)|"
    r"(?:para (?:su )?)?(?:publicación|difusión) inmediata|embargad[oa](?: hasta(?: el)?)?|"
    r"à (?:diffuser|publier) immédiatement|"
    r"avis aux médias|communiqués?(?: de presse)?(?: (?:national|régional|conjoint|commun)s?)?|"
    r"attention(?= ?: (?:sous )?embargo)|déclarations?\Z|"
    r"note (?:de presse|d[’']information|aux médias)|notes? aux rédactions|point de presse|"
    r"dossier de presse|document d[’']information|fiche d[’']information|avis de convocation|"
    r"invitation (?:presse|aux médias|médias)|(?:pour )?(?:diffusion|publication) immédiate|"
    r"(?:sous )?embargo|actualités?|nouvelles\Z|à (?:ne pas )?publier|"
    r"(?:pour |ne pas )?(?:diffuser|publier) avant(?: le)?|"
    rf"{_AD_HOC}|"
    rf"{_OTHER_LANGUAGES})\b",
    re.IGNORECASE,
)
"""What says what kind of paper this is, or when it may be used."""

STRONG_LABEL = re.compile(
    rf"{_KIND_OF_RELEASE}\b|{_OTHER_LANGUAGES}|{_AD_HOC}|\brelease\b|embargo|communiqué|"
    r"diffusion|publication immédiate|"
    r"avis aux médias|note de presse|information presse|backgrounder",
    re.IGNORECASE,
)
"""A label that no headline consists of, however short the headline is."""

DAY_WITHOUT_YEAR = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s(?:{_MONTH})|(?:{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?)\b",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"(?i:\b(?:our |press |media |news |release )*(?:ref(?:erence|\.)?|réf(?:érence|\.)?|"
    r"no\.?|nr\.?|number|numéro|num\.?|n[°º]|file|dossier|doc\.?|id|issue)"
    r"(?: (?:no|number|code|id))?\s?[.:#]*\s?)?"
    r"(?<![\w$€£])#?(?=[\w/().–-]*\d)[A-Z0-9]+(?:\s?[-/–.()]\s?[A-Z0-9]+)*\)?(?![\w%])",
)
"""A number that the issuer gives to its paper, such as "IP/25/0714" or "No. 34-2025"."""

TICKER_LINE = re.compile(
    r"\W*(?:(?:NYSE|NASDAQ|Nasdaq|TSXV?|TSX-V|LSE|AIM|ASX|OTC\w*|CSE|Euronext|SIX|JSE|FRA|FSE|OMX)"
    r"(?: \w+)?\s?:\s?[A-Z0-9.]{1,8}\W*)+"
)
"""A line of ticker symbols: "TSXV: NLM | OTCQB: NLMCF"."""

SMALL_WORDS = re.compile(
    r"\b(?:on|at|le|la|à|au|for|by|until|till|jusqu|the|of|de|d|du|in|to|after|before|from|and|et|"
    r"as of|date[ds]?|issued?|published?|posted?|released?|created|modified|reviewed|"
    r"updated?|revised|last|first|latest|publi(?:é|ée|cation)|diffusé|mis(?:e)? (?:à jour|"
    r"en ligne)|"
    r"modifié|émis|parution|online|time|heure|min(?:ute)?s? (?:read|de lecture)|temps de lecture|"
    r"reading time|strictly|only|page|pages|p|more|version|media inquiries|media contacts?|"
    r"english|français|heures?|clock|end|ends|copy)\b(?![.’'])",
    re.IGNORECASE,
)

SITE = re.compile(
    r"\b(?:skip (?:to|past|over)?\s?(?:the )?(?:main )?(?:content|navigation|menu)|"
    r"passer (?:directement )?au contenu(?: principal)?|aller (?:directement )?au contenu"
    r"(?: principal)?|accéder au contenu|jump to (?:content|navigation)|"
    r"(?:return|back|retour|revenir) (?:to|à|au|aux?)(?: the| la| l[’'])? ?"
    r"(?:top|news|newsroom|list(?:e)?|home|search|results|main page|previous page|accueil|"
    r"all news|press releases?|nouvelles|actualités|media centre|overview|haut(?: de la? page)?)+|"
    r"back|main menu|menu|search|recherche(?:r)?|home ?page|home|accueil|news ?room|news|press|"
    r"press (?:room|office|cent(?:er|re)|corner|kit)|salle (?:de presse|des médias)|espace presse|"
    r"media (?:cent(?:er|re)|room|hub|library|corner|gallery|inquiries|contacts?|resources)|"
    r"all (?:news|releases|stories)|latest news|news (?:and|&) (?:events|communications|media|"
    r"stories|insights|publications|views)|communications?|events?|calendar|topics?|services?|"
    r"departments?(?= |\Z)|about(?: us)?|who we are|what we do|our work|our people|"
    r"contact(?:s| us)?|nous joindre|nous contacter|à propos|careers?|jobs|emplois|investors?|"
    r"investor relations|products|solutions|subscribe|s[’']abonner|newsletter|sign (?:in|up|out)|"
    r"log ?in|log ?out|register|my account|donate|faire un don|get involved|accessibility"
    r"(?: statement| tools)?|accessibilité|privacy(?: policy)?|cookies?|terms(?: of use)?|legal|"
    r"sitemap|site map|plan du site|english|français|francais|español|deutsch|italiano|português|"
    r"cymraeg|gaeilge|nederlands|polski|en|fr|de|es|it|pt|print(?: this)?(?: page| article)?|"
    r"imprimer|share(?: this)?(?: page| article| story| release)?|partager(?: cet article| la page|"
    r" cette page)?|email|e-mail|facebook|twitter|x|linkedin|instagram|youtube|flickr|bluesky|"
    r"threads|whatsapp|reddit|tiktok|rss(?: feeds?)?|follow us|suivez-nous|copy (?:link|url)|"
    r"copier le lien|listen|écouter|download(?: as| this)?(?: pdf)?|télécharger|pdf|view all|"
    r"read (?:more|next)|lire (?:aussi|la suite)|send a release|article|story|blog|"
    r"about [A-Z&]{2,8}|our (?:organi[sz]ation|mission|history|team|programs?|impact|people|"
    r"services|work|partners)|media|médias|presse|resources|ressources|publications?|library|"
    r"archives?|nouvelles|"
    r"actualités|communiqués?|événements|toggle (?:navigation|menu|search)|open menu|"
    r"close(?: menu)?|"
    r"(?:watch|view|see|listen to|play) (?:the |a )?(?:news conference|video|webcast|live ?stream|"
    r"recording|audio|photos?)|\d[\d,.]* (?:subscribers|views|comments|shares)|"
    r"explore|more|page|on this page|sur cette page|previous|next|précédent|suivant|feedback|"
    r"help|aide|faq|a-z(?: index)?|government|gouvernement|find|language|langue|"
    r"an official website of [\w ,.’']+|here[’']s how you know|official website|site officiel|"
    r"you are here|vous êtes ici|breadcrumbs?|fil d[’']ariane|navigation|quick links|loading|"
    r"advertisement|publicité|image|photo|video|vidéo|gallery)(?!\w)",
    re.IGNORECASE,
)
"""Entries of menus and controls of a page; a line of nothing else is not part of the release."""

SITE_SENTENCE = re.compile(
    r"\bcookies?\b.{0,80}\b(?:site|accept|use|experience|consent|utilis)|\bjavascript\b|"
    r"\bhere[’']s how you know\b|\bofficial (?:web)?site of\b|\bsubscribe to\b|\bsign up (?:for|"
    r"to)\b|"
    r"\byour browser\b|\bthis (?:site|website|page) uses\b|\ba \.gov website\b|\bsecure \.gov\b|"
    r"\bhttps:// means\b|\bclick here to (?:view|subscribe)\b|\bview (?:this|in) .{0,20}browser\b|"
    r"\bunsubscribe\b|\bsi ce (?:message|courriel) ne s[’']affiche\b|\bvoir (?:ce message|"
    r"la version)"
    r" (?:dans|en) |\btrouble viewing\b|\bexternal (?:e-?mail|sender)\b|\badd us to your address\b|"
    r"\ball rights reserved\b|\btous droits réservés\b|^\W*©|\bcopyright\b",
    re.IGNORECASE,
)

_UNIT = (
    r"ministry|department|dept\.?|office|bureau|agency|administration|authority|commission|council|"
    r"board|committee|subcommittee|service|services|secretariat|directorate|division|branch|"
    r"inspectorate|ombudsman|tribunal|court|registry|institute|institution|university|college|"
    r"school|academy|faculty|hospitals?|clinic|trust|foundation|association|society|federation|"
    r"confederation|union|alliance|coalition|network|partnership|league|club|centre|center|museum|"
    r"gallery|library|observatory|laboratory|laboratories|corporation|company|group|holdings?|"
    r"industries|enterprises|partners|bank|fund|exchange|airport|airlines?|airways|railways?|"
    r"railroad|port|press|parliament|assembly|senate|congress|house|caucus|"
    r"government|city|town|township|village|county|municipality|district|borough|parish|state|"
    r"province|territory|republic|kingdom|commonwealth|region|nation|nations|band|tribe|"
    r"police|constabulary|sheriff|fire|rescue|coast guard|army|navy|force|forces|"
    r"party|campaign|initiative|programme|program|project|consortium|cooperative|co-operative|"
    r"chamber|embassy|consulate|mission|delegation|organi[sz]ation|energy|systems|technologies|"
    r"pharmaceuticals|therapeutics|biosciences|motors|resources|mines|minerals|foods|media|"
    r"conservancy|charity|church|diocese|theatre|orchestra|festival|zoo|parks|health|schools|"
    r"utilities|utility|water|power|hydro|transit|transport|ferries|newsroom"
)
UNIT_WORD = re.compile(rf"(?:{_UNIT})\Z", re.IGNORECASE)
_FRENCH_UNIT = (
    r"ministère|minist[èe]res?|cabinet|bureau|secrétariat|direction|délégation|préfecture|mairie|"
    r"ville|municipalité|commune|communauté|région|département|gouvernement|présidence|agence|"
    r"office|commission|conseil|comité|assemblée|sénat|parlement|université|école|collège|institut|"
    r"centre|hôpital|chu|fondation|association|fédération|confédération|syndicat|union|ordre|"
    r"chambre|société|groupe|compagnie|coopérative|banque|caisse|fonds|musée|observatoire|réseau|"
    r"régie|service|commissariat|tribunal|cour|collectif|coalition|alliance|mouvement|parti|"
    r"organisation|autorité|haute autorité|port|aéroport|théâtre|bibliothèque|regroupement|"
    r"protecteur|vérificateur|orchestre|comité|corporation|mrc|hydro|préfet|préfète|"
    r"ministerio|consejer[ií]a|universidad|ayuntamiento|diputaci[oó]n|junta|gobierno|agencia|banco|"
    r"fundaci[oó]n|asociaci[oó]n|federaci[oó]n|confederaci[oó]n|sindicato|instituto|museo|hospital|"
    r"servicio|direcci[oó]n|comisi[oó]n|consejo|tribunal|polic[ií]a|c[aá]mara|colegio|empresa|grupo|"
    r"ministero|universit[aà]|comune|regione|provincia|agenzia|banca|fondazione|associazione|"
    r"federazione|sindacato|istituto|ospedale|azienda|commissione|consiglio|polizia|camera|gruppo|"
    r"minist[eé]rio|universidade|c[aâ]mara|governo|ag[eê]ncia|funda[cç][aã]o|associa[cç][aã]o|"
    r"federa[cç][aã]o|prefeitura|munic[ií]pio|comiss[aã]o|conselho|empresa|"
    r"ministerie|gemeente|universiteit|stichting|vereniging|provincie|politie"
)
_GERMAN_UNIT = (
    r"(?:\w+)?(?:ministerium|präsidium|direktion|behörde|verwaltung|universität|hochschule|museum|verband|"
    r"gewerkschaft|stiftung|gesellschaft|kammer|akademie|institut|theater|krankenhaus|klinikum|"
    r"sparkasse|senat|regierung|landtag|kanzlei|gericht|gerichtshof|feuerwehr|polizei|bistum)|"
    r"(?:bundes|landes|landrats|kreis|stadt)(?:amt|rat|werke|anstalt|agentur|bank|verein)|stadt|"
    r"landkreis|gemeinde|verein|amt"
)
_PERSON_TITLE = (
    r"(?:u\.?s\.? |united states )?(?:senator|sen\.|congressman|congresswoman|representative|"
    r"rep\.)|governor|"
    r"gov\.|"
    r"lieutenant governor|mayor|attorney general|prime minister|premier|president|minister|"
    r"sheriff|fire chief|police chief|chief of police|vice president|chancellor|commissioner|"
    r"ambassador|speaker|councill?or|secretary[- ]general|"
    r"first minister|deputy minister|(?:the )?(?:rt\.? |right )?hon(?:ou?rable|\.)?|"
    r"sénat(?:eur|rice)|député[e]?|ministre|premi(?:er|ère) ministre|président[e]?|"
    r"maire(?:sse)?|l[’']honorable|gouverneur[e]?|secrétaire d[’'][eé]tat"
)
NAME_OF_UNIT = re.compile(
    rf"\A(?:the )?(?:[\w.’'&-]+,? (?:and |& |of |for )?){{0,6}}?(?:{_UNIT}|"
    rf"(?:workers|employees|teamsters|drivers|nurses|teachers)(?=,? local \d))(?: (?:of|for|on|at|"
    rf"de|du|des)\b.*)?"
    r"(?:,? (?:local|section|chapter|lodge|no\.|district|unit|branch) \w+)?(?: "
    r"\([A-Z&]{2,10}\))?\Z",
    re.IGNORECASE,
)
"""Names such as "Marrow University", "Department for Coastal Transport" and "City of Larkspur"."""

NAME_OF_FRENCH_UNIT = re.compile(
    rf"\A(?:(?:le|la|les) |l[’'])?(?:{_FRENCH_UNIT})\b(?:(?:[ -]|(?<=[’'])).+)?\Z", re.IGNORECASE
)
NAME_OF_GERMAN_UNIT = re.compile(
    rf"\A(?:(?:die|der|das) )?(?:{_GERMAN_UNIT})(?: (?i:für|der|des|die|das|und|von|am|im|in|"
    rf"zu|zum|zur)|"
    r" (?-i:[A-ZÀ-Þ])[\w.-]*){0,8}\Z",
    re.IGNORECASE,
)
"""Names such as "Bundesministerium für Küstenschutz" and "Stadtmuseum Altenbrück"."""

NAME_OF_COMPANY = re.compile(
    r"[,\s](?:inc\.?|ltd\.?|limited|llc|l\.l\.c\.|llp|plc|p\.l\.c\.|corp\.?|co\.|gmbh|ag|s\.?a\.?|"
    r"s\.?a\.?s\.?|sarl|s\.?p\.?a\.?|n\.?v\.?|b\.?v\.?|ltée|limitée|pty\.?(?: ltd\.?)?|ab|asa|oyj?|"
    r"a/s|s\.e\.n\.c\.|inc|cie)\Z",
    re.IGNORECASE,
)
NAME_OF_OFFICE_HOLDER = re.compile(
    rf"\A(?i:(?:the )?office of (?:the )?)?(?i:{_PERSON_TITLE})(?i: (?:the )?(?:{_PERSON_TITLE}))*"
    r"(?: (?!(?:MP|MPP|MLA)\b)[A-ZÀ-Þ][\w.’'-]*){0,4}(?:,? (?:MP|MPP|MLA|MHA|TD|MEP|MSP|MS|AM|"
    r"QC|KC))*"
    r"(?:,? (?:of|for|from|on|to|de|du|des|d[’']|member|representing|minister|prime minister|"
    r"premier|"
    r"chair|leader)\b.*|"
    r"\s*\([A-Z][^()]{0,20}\))?\Z"
)
"""Names such as "Congresswoman Jane Roe (FR-04)" and "The Hon Clara Voss MP"."""

STATE = re.compile(
    r"\A(?:(?:the )?(?:[\w-]+ )?(?:confederation|republic|kingdom|commonwealth|state|province|"
    r"territory|canton|senate|house of representatives|house of commons|congress|parliament|"
    r"government|gouvernement|république|royaume|canton|état|confédération)\b"
    r"(?: (?:of|de|du|d[’']|des) ?.*)?|(?:the )?(?:united states|united kingdom)"
    r"(?: (?:senate|house of representatives|congress|of america))?|"
    r"(?:swiss|russian|french|italian|hellenic) (?:confederation|federation|republic))\Z",
    re.IGNORECASE,
)
"""The state or chamber that an issuer belongs to, which its letterhead names first."""

PRESS_UNIT = re.compile(
    r"\A(?:the )?(?:[\w.’'&-]+ ){0,4}?(?:news(?:room)?|press|media|communications?|"
    r"public (?:affairs|relations|information)|corporate affairs|external (?:affairs|relations)|"
    r"information|presse|pressestelle|(?:unternehmens)?kommunikation|"
    r"(?:direcci[oó]n de )?comunicaci[oó]n|médias|"
    r"relations? (?:publiques|avec les médias|médias|presse)|"
    r"service (?:de |des )?(?:presse|communications?))"
    r"(?: (?:and|&|et|of|de|des|du) [\w ]+?)?"
    r"(?: (?:office|team|service|services|desk|unit|department|division|centre|center|relations|"
    r"branch|bureau|contact|affairs|room|releases?|updates?|alerts?|feed|list))*\Z",
    re.IGNORECASE,
)
"""The part of an issuer that sends its releases out."""

PORTAL = re.compile(
    r"(?i:\bnews ?wires?\b|newswire|\bbusiness ?wire\b|globe ?newswire|\bcision\b|\bcnw\b|"
    r"\baccesswire\b|\bein ?presswire\b|\bpresswire\b|\bprweb\b|\bmarketwired?\b|\beurekalert\b|"
    r"\bmarketscreener\b|\bgov\.uk\b|\bpress releases?\b|\bnotified\b|"
    r"\A(?:[\w-]+\.)+(?:ca|com|org|gov|net|eu|int|uk|au|fr|nz|ie|be|ch|de|info|news|example)\Z|"
    r"\A(?:www\.|https?://)|\bnewsroom\Z|\bno-?reply\b|\bnotifications?\b|\bmailing list\b|"
    r"\bfil d[’']information\b|\be-?mail\b|\bgovdelivery\b|\bmailchimp\b)"
)
"""Sites and services that carry the releases of many issuers."""

FIELD = re.compile(
    r"\A\W*(?:(?P<title>title|headline|subject|re|titre|objet|sujet|manchette)|"
    r"(?P<issuer>from|de|issued by|released by|source|sources|news provided by|provided by|"
    r"nouvelles fournies par|nouvelle fournie par|fourni par|published by|publisher|publié par|"
    r"organi[sz]ation|issuing (?:organi[sz]ation|office|agency|body)|organisme|émetteur|"
    r"émis par|issuer|institution|company|société|department|ministry|agency|"
    r"ministère|lead (?:department|agency|ministry)|diffusé par|issued on behalf of)|"
    r"(?P<date>date|dated|date of (?:issue|release|publication)|date de (?:publication|diffusion|"
    r"parution)|(?:release|issue|publication|publish|posted|published) date|published|issued|"
    r"posted|"
    r"released|publié|publiée|diffusé|first published|last updated|updated|date published|"
    r"published on|issued on|publié le|mis à jour(?: le)?|for release|release|"
    r"for immediate release|"
    r"release date and time|date released)|"
    r"(?P<place>place|location|lieu|city|ville|dateline|where issued|endroit)|"
    r"(?P<byline>by|par|author|written by|auteur|rédaction|editor|rédigé par|auteure|story by|"
    r"photos? by|reporter)|"
    r"(?P<other>to|attn|attention|cc|à l[’']attention de|destinataires?|for|pour|contacts?|"
    r"media contacts?|press contacts?|(?:media|press) (?:inquiries|enquiries)|tel|phone|telephone|"
    r"téléphone|tél|fax|e-?mail|courriel|web(?:site)?|"
    r"ref|reference|our ref|réf|référence|no|number|numéro|release no|release number|"
    r"press release number|topics?|tags?|categor(?:y|ies)|catégories?|type|kind|section|"
    r"components?|"
    r"language|langue|keywords?|mots[- ]clés|part of|policy area|portfolio|subjects?|thèmes?|"
    r"document type|format|status|share|region|country|issue|series|programme|"
    r"industry|ticker|related|embargo(?:ed)?(?: until)?|sous embargo(?: jusqu[’']au)?|version|"
    r"delivered on|location of event|audience|collection|spokesperson|porte-parole|length|"
    r"distribution|classification|file|dossier|media))(?P<colon>\s*:|\s*\Z)\s*(?P<value>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
"""A field of a form: "Ref: NHT/24/77", or its name alone on a line above the value."""

FROM_NAME = re.compile(
    r"\A(?:from|issued by|published by|released by|de la part de|publié par)\s+(?:the\s+)?"
    r"(?P<name>[A-ZÀ-Þ]\S.*)\Z",
    re.IGNORECASE,
)
"""A field without a colon: "From Department of Roads"."""

BYLINE = re.compile(
    r"\A(?:by|par|story by|written by|texte :?)\s+(?:[A-ZÀ-Þ][\w.’'-]*|de|du|van|von|and|et|&|,|"
    r"\||of|"
    r"for|the)(?:[\s,|]+(?:[A-ZÀ-Þ][\w.’'-]*|de|du|van|von|and|et|&|of|for|the|staff|writer))*\Z|"
    r"\A(?:by|par)\s+[A-ZÀ-Þ]{2}[A-ZÀ-Þ .’'-]+\Z",
    re.IGNORECASE,
)
"""The writer of a release; letter case is looked at separately."""

ADDRESS = re.compile(
    r"\b(?:P\.?\s?O\.? box|suite (?:no\.? ?|# ?)?[a-z]?\d[\w-]*|floor \d+|unit \d+|c\.p\.|"
    r"case postale|(?:\d+(?:st|nd|rd|th)|ground|first|second|third|fourth|fifth) floor)\b|"
    r"\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b|\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|"
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|"
    r"\A\W*\d{1,5}[A-Za-z]?,? (?:rue|avenue|boul|boulevard|chemin|place|quai|"
    r"[NSEW]\.? )?[\w .’'-]{2,40}"
    r"(?:\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|square|sq|way|place|pl|"
    r"court|ct|parkway|highway|hwy|terrace|quay|house|building|plaza|row|crescent|mall)\b\.?"
    r"(?:\s?[NSEW]{1,2}\b)?(?:,|\Z))|"
    r"\A\W*\d{1,5},? (?:rue|avenue|boulevard|boul\.|chemin|place|quai)\b|"
    r"\Ahttps?://\S+\Z|\Awww\.\S+|\A\d{4,5} [A-ZÀ-Þ][\w-]+\Z",
    re.IGNORECASE,
)

_VERBS = """
    discusses disagrees participates celebrate announcing touts hosting hosted applauds slams
    blasts decries questions reintroduces cosponsors cosponsor attend tours secured passed
    opposed speaks thanked delivered congratulate surveys surveyed finds found reduces cautions
    clarifies accepts accuses achieves acquires adds admits adopts advances agrees aims allows
    amends announces appoints appeals approves arrests arrive arrives asks asked assesses
    attends awards backs bans becomes begins blocks boosts breaks brings builds buys calls call
    cancels celebrates charged charges clears closes collects comes commends commemorates
    commits completes concludes condemns confirms congratulates considers continues convicted
    creates cuts declares declines defends delivers demands denounces deploys details develops
    discovers donates doubles drives drops earns elects eliminates ends endorses enters
    establishes expands explains explores extends faces fights files finalizes fines finishes
    gains gets gives grants grows halts has have helps highlights hires holds honors honours
    hosts hails identifies implements improves increases indicted introduces introduce invests
    invites is issues joins jumps keeps kicks launches lays leads learn leaves lifts limits
    loses lowers makes meets moves must names nears needs offers opens opposes orders outlines
    pass passes pay pays plead pleads pledges praises prepares presents presses prevents probes
    produces proposes promotes protects provides publishes pushes puts raises reaches reacts
    reaffirms recalls receives receive recognizes recommends regrets rejects releases remembers
    removes renews reopens replaces reports requests requires responds restores restarts retires
    returns reveals revises rises runs says secures seeks seize seizes sells sends sentenced
    sets shares shows shuts signs slashes slows spends speeds stands starts stays stops
    strengthens strikes submits sues supports suspends takes tells thanks to transforms trims
    tops turns unveils updates upholds urges urge visits votes wants warns welcomes welcome wins
    win withdraws will would can could should was were are be been not how why what when who
    where accueille achète adopte ajoute améliore annonce annoncent appelle appuie attribue
    augmente autorise baisse célèbre commence condamne confie confirme consulte crée créent
    décerne déclare décroche demande dénonce dépose désigne devient dévoile donne double élargit
    émet engage facilite félicite fête inaugure interdit invite investit investissent lance
    lancent lève met mettent modernise nomme obtient offre organise ouvre ouvrent ouvrira
    participe poursuit prend prépare présente présentent prolonge propose protège publie rachète
    rappelle recrute reçoit reçoivent réclame réduit rejoint remet remporte rend renforce
    renouvelle répond reprend rouvrira salue sera seront signe signent simplifie souhaite
    soutient soutiennent suspend va vend veut vote
"""
VERBS = frozenset(_VERBS.split())
"""Words of headlines that no name of an issuer has."""

CONNECTORS = frozenset({
    "of", "for", "the", "and", "&", "de", "du", "des", "la", "le", "les", "et", "à", "au",
    "aux", "en", "d", "l", "von", "der", "und", "für", "y", "e", "dos", "das", "do", "at", "on",
    "sur", "pour", "van", "ten", "del", "della", "di", "den", "da", "dell", "los", "las", "el",
    "dem", "voor", "zu", "zur", "am",
})  # fmt: skip
"""Lower-case words within names."""

PREPOSITIONS = frozenset({
    "in", "to", "with", "as", "by", "from", "after", "over", "into", "under", "before",
    "against", "amid", "during", "through", "than", "that", "which", "its", "their",
    "his", "her", "this", "until", "upon", "via", "dans", "avec", "par", "sous", "après",
    "avant", "contre", "depuis", "entre", "vers", "dès", "lors", "plus",
})  # fmt: skip
"""Words that headlines have and the names of issuers hardly ever have."""
