"""Function words: words that carry no topic, such as articles and pronouns.

They are indexed and searched like any word, but a match of one is not evidence. The lists hold
closed word classes: articles, pronouns, prepositions, conjunctions, auxiliaries and question
words. They were written for this program. A word that folds to a name or a month is left out:
English "us" (US) and "may" (May).
"""

from functools import lru_cache

from index.text.analyzer import extract_terms

_WORDS = {
    "en": """
    a about above after again against all almost along already also although am among an and
    another any anybody anyone anything are around as at away be became because become been
    before being below between both but by came can cannot come could did do does doing done
    down during each either else enough even ever every everyone everything few for from
    further gave get give given go goes going gone got had has have having he her here hers
    herself him himself his how however i if in instead into is it its itself just kind least
    less let like made make many me might mine more most much must my myself name named near
    neither never no nobody none nor not nothing now of off often on once one only onto or
    other others otherwise our ours ourselves out over own per perhaps please put quite rather
    really said same say says shall she should since so some somebody someone something still
    such take taken than that the their theirs them themselves then there therefore these they
    thing things this those though through thus to together too toward towards under until up
    upon used very via was way we well went were what whatever when where whether which while
    who whoever whole whom whose why will with within without would yes yet you your yours
    yourself isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't
    shouldn't hasn't haven't hadn't tell
    """,
    "fr": """
    a ai aie aient ait alors apres as au aucun aucune aura auraient aurait aussi autre autres
    aux avaient avait avant avec avez avoir avons bien car ce ceci cela celle celles celui ces
    cet cette ceux chaque chez combien comme comment contre d dans de des desquelles desquels
    depuis deux dont donc du duquel elle elles en encore entre est et etaient etait etant ete
    etes etre eu eux fait faire fut furent hors ici il ils j je jusque l la laquelle le lequel
    les lesquelles lesquels leur leurs lors lorsque lui m ma mais me meme memes mes mien moi
    moins mon n ne ni nos notre nous on ont ou où par parce pas pendant peu peut peuvent plus
    plusieurs pour pourquoi pourrait puis puisque qu quand que quel quelle quelles quelque
    quelques quels qui quoi s sa sans se selon sera seraient serait ses seulement si sien soi
    soit son sont sous sur t ta te tel telle tels tes toi ton tous tout toute toutes tres trop
    tu un une va vers voici voila vont vos votre vous y
    """,
    "de": """
    ab aber alle allem allen aller alles als also am an andere anderen anderer anderes ans
    auch auf aus bei beim bereits bin bis bist da dabei dadurch dafür dagegen daher damit
    danach dann daran darauf daraus darin darüber darum das dass dazu dein deine dem den denen
    denn dennoch der deren des dessen die dies diese diesem diesen dieser dieses doch dort du
    durch ein eine einem einen einer eines einige einigen er es etwa etwas euch euer für gab
    ganz gegen gibt habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre
    ihrem ihren ihrer ihres im in ins ist ja jede jedem jeden jeder jedes jedoch kann kein
    keine keinem keinen keiner können könnte man mehr mein meine mit muss müssen nach nachdem
    neben nein nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner
    seines seit sich sie sind so sogar solche soll sollte sondern sonst sowie über um und uns
    unser unsere unter viel viele vom von vor wann war waren warum was weder weil welche
    welchem welchen welcher welches wem wen wenn wer werde werden wessen wie wieder wieso
    wieviel wir wird wo wobei wodurch wofür woher wohin womit woran worauf woraus worden worin
    wurde wurden zu zum zur zwar zwischen
    """,
    "es": """
    a al algo algún alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos
    aquí así aún aunque bajo bien cada casi como cómo con contra cual cuál cuales cuáles
    cualquier cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto cuantos cuántos cuya
    cuyas cuyo cuyos de del desde después donde dónde dos durante e el él ella ellas ellos en
    entonces entre era eran es esa esas ese eso esos está están esta estas estaba estaban este
    esto estos fue fueron ha había habían hace hacen hacia han hasta hay he hizo la las le les
    lo los más me mediante mi mientras mis mismo misma mismos mucho muchos muy nada ni ningún
    ninguna ninguno no nos nosotros o os otra otras otro otros para pero poco por porque pudo
    puede pueden pues que qué quien quién quienes quiénes se según ser será si sí sido siendo
    sin sino sobre son su sus también tan tanto te tiene tienen todo toda todas todos tras tu
    tuvo un una unas uno unos usted y ya yo
    """,
    "it": """
    a ad agli ai al alla alle allo altre altri altro anche ancora avere aveva c che chi ci ciò
    come con contro cosa cui d da dagli dai dal dalla dalle dallo degli dei del della delle
    dello dentro di dopo dove due e è ed era erano essere fa fino fra gli ha hanno ho i il in
    io l la le lei li lo loro lui ma mentre mi mio molto ne negli nei nel nella nelle nello no
    noi non nostro o ogni ora per perché però più poi prima qual quale quali quando quanta
    quante quanti quanto quella quelle quelli quello questa queste questi questo qui quindi se
    senza si sia solo sono sotto stata stati stato su sua sue sugli sui sul sulla sulle sullo
    suo suoi te ti tra tu tutte tutti tutto un una uno verso vi voi
    """,
    "nl": """
    aan al alle als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus
    een en er ge geen had hadden heb hebben heeft hem het hier hij hoe hoeveel hun iemand iets
    ik in is ja je kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu
    of om omdat onder ons ook op over reeds te tegen toch toen tot tussen u uit uw van veel
    voor waar waarom wanneer want waren was wat we wel welk welke werd werden wezen wie wij
    wil worden wordt zal ze zelf zich zij zijn zo zonder zou
    """,
    "pt": """
    a à ao aos aquela aquelas aquele aqueles aquilo as às até com como cada da das de dela
    delas dele deles depois do dois dos e é ela elas ele eles em entre era eram essa essas
    esse esses esta está estão estas estava este estes eu foi foram há isso isto já lhe lhes
    lo mais mas me mesmo meu minha muito na não nas nem no nos nós o onde os ou para pela
    pelas pelo pelos per por porque pode qual quais quando quanta quantas quanto quantos que
    quê quem são se seja sem ser será seu seus si só sob sobre sua suas também te tem têm tem
    ter todo todos tu um uma umas uns você vos
    """,
    "ar": """
    في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين اللذان اللاتي ما ماذا متى أين اين
    كيف لماذا لم لن لا كم هل من هو هي هم هن أنا نحن أنت انت كان كانت كانوا يكون تكون ليس ليست
    قد لقد ثم أو او أم و ف ب ل ك أن ان إن إذا اذا لكن لكنه بل حتى كل بعض غير بين عند عندما منذ
    خلال بعد قبل حول ضد دون تحت فوق أمام أي اي أية هناك هنا كما حيث كذلك أيضا ايضا فقط به بها
    له لها لهم منه منها فيه فيها عليه عليها عنه عنها إليه إليها التى الذى مما بما وما ولا وهو
    وهي وكان وكانت وقد وفي ومن وعلى والتي والذي بالنسبة
    """,
}
DEFAULT_LANG = "en"
LANGUAGES = tuple(_WORDS)
"""ISO 639-1 codes of the languages that have a list, English first."""


@lru_cache(maxsize=64)
def function_words(lang: str | None = None) -> frozenset[str]:
    """Return the terms of the function words of `lang`; empty when it has no list.

    Args:
        lang: ISO 639-1 code; English when None.
    """
    code = lang or DEFAULT_LANG
    return frozenset(extract_terms(_WORDS.get(code, ""), code))
