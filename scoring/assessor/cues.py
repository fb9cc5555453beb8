"""The tables of the offline evidence check: which words show what.

American English, spoken, lower case. The phrases need no punctuation, because a recogniser writes
none. How a phrase is written is told in scoring.wording.Phrases.
"""

from scoring.wording import Phrases, plain_words

SITUATION, OWN_ACTION, RESULT = "situation", "own_action", "result"
MEASURE, REFLECTION, EVASION = "measure", "reflection", "evasion"
ELEMENTS = (SITUATION, OWN_ACTION, RESULT, MEASURE, REFLECTION, EVASION)
INACTION, HYPOTHETICAL, TEAM = "inaction", "hypothetical", "team"


def _words(text: str) -> frozenset[str]:
    return frozenset(plain_words(text))


_PERSON = (
    "(customer|client|patient|colleague|coworker|supplier|vendor|user|guest|student|parent|engineer"
    "|nurse|developer|team|manager|boss|driver|resident|passenger|contractor|designer|director)"
)
_THING = (
    "(server|system|machine|line|department|release|deadline|project|site|store|database|order"
    "|website|warehouse|budget|schedule|report|kitchen|ward|app|truck|product|printer|pipeline)"
)
_PAST = "(was|were|had|came|called|complained|wanted|asked|refused|kept|broke|failed|went|stopped"
_PAST += "|needed|started|crashed|said|did|could|couldn't|missed|left|quit|got|lost|arrived)"
_MADE_CHANGE = "(cut|reduced|increased|saved|improved|lowered|raised|brought|dropped|prevented"
_MADE_CHANGE += "|shortened|doubled|halved|stopped|helped|allowed)"
_MOVED = "(went|dropped|fell|rose|grew|came|decreased|shrank|climbed|increased|improved)"

PHRASES = {
    SITUATION: Phrases(
        "(when|while) (i|we) (was|were|worked|had|ran|joined|started|managed|led|opened|moved"
        "|launched|built|got|found|took|changed|lost|hired|planned|introduced|bought|installed)",
        "my (last|previous|former|old|current|first|second|recent|) (job|role|company|position"
        "|employer|workplace|internship|placement|project|shift|school|store|unit|department)",
        "last (year|month|week|summer|winter|spring|autumn|fall|quarter|night|friday|december)",
        "(#|few|several|couple of|a|one) (year|month|week|years|months|weeks|days) ago",
        "back in",
        "there (was|were) (a|an|this|one|some|two|no|about)",
        "(we|i) (had|got|faced|inherited) (a|an|this|one|#|some|no|only)",
        "(we were|i was) (working|running|short|behind|responsible|in charge|asked|assigned|leading"
        "|managing|building|covering|about|losing|moving|migrating|launching|preparing|on)",
        f"{_PERSON} {_PAST}",
        f"{_THING} {_PAST}",
        "one (day|time|night|morning|afternoon|evening|shift|weekend|friday|monday|of)",
        "during (the|a|an|my|our|that)",
        "at the time",
        "i once",
        "the (problem|issue|situation|challenge|task) was",
    ),
    RESULT: Phrases(
        "as a result",
        "in the end",
        "(the|end|final) (result|outcome|effect) was",
        f"(this|that|which|it) {_MADE_CHANGE}",
        "(this|that|which|it) (led to|resulted in|meant that|meant we|meant they|meant the)",
        f"{_MOVED} (down|up|back|) (by|from|to #)",
        "(on|ahead of) (time|schedule)",
        "(under|on|within) budget",
        "(before|by|met|hit|made) the deadline",
        "(went|been|is|was) live",
        f"(the|our|that|this|one) {_PERSON} (was|were|is) (very|really|so|) (happy|satisfied"
        "|pleased|grateful|relieved|thankful|angry|gone)",
        f"(the|our|that|this) {_PERSON} (stayed|renewed|thanked|signed|agreed|returned|recovered"
        "|apologized|apologised|passed|accepted|adopted|still)",
        "(he|she|they) (stayed|renewed|thanked|signed|agreed|returned|recovered|apologized)",
        "(it|everything|that|this|the plan|the fix) (all|) worked",
        "(was|were|got) (fixed|solved|resolved|delivered|finished|completed|approved|adopted"
        "|published|accepted|restored|discharged|shipped|prevented|avoided|released|back up)",
        "(we|i|they) (delivered|shipped|launched|released|finished|reopened)",
        "(we|i|they) (lost|kept|won|passed|met|saved|hit|got) the (audit|inspection|contract|deal"
        "|test|exam|deadline|order|account|customer|client|target|grant|project|award)",
        "thanked (us|me)",
        "(most|all|both|some) of them (stayed|agreed|returned|recovered|passed|signed|came)",
        "(is|are) now",
        "(was|is|were|are) (finally|) (over|zero|gone|solved)",
        "since that (day|week|month|year|time)",
        "(never|not) happened (again|since)",
        "no (more|further|) (complaints|incidents|errors|accidents|outages|injuries|delays) "
        "(since|after|that|for|in)",
        "(is|are) still (in use|using|used|running|there)",
        "(became|is now|are now) the (standard|default|normal)",
    ),
    REFLECTION: Phrases(
        "(i|we|i've|we've) (have|) (also|) (learned|learnt|realized|realised) (that|to|how|not|from"
        "|the|about|it|never|why|was|i|is)",
        "taught me (that|to|how|the|not|about|never)",
        "looking back",
        "in (hindsight|retrospect)",
        "next time",
        "(do|done|handle|handled) (it|that|this|things|) differently",
        "(i|we) should have",
        "(i|we) would have (asked|started|involved|tested|called|checked|told|written|planned)",
        "(from that day|ever since|now) i"
        " (always|never|make|keep|check|ask|start|try|write|plan|have|use)",
        "(these days|nowadays|since that day|since then|from then on) i",
        "i (always|now) (check|start|ask|call|write|make|double check|practice|test|label|plan)",
        "(i|we) understood that",
        "(the|my|biggest|main) (lesson|takeaway|mistake) (for me|) (was|is|i)",
        "if i (did|had|could|were) (to|it) (do|again|over)",
    ),
    EVASION: Phrases(
        "(don't|dont|do not) (really|) (know|remember|recall)",
        "(can't|cant|cannot|can not|couldn't|could not) (really|) (think of|remember|recall|say)",
        "no (idea|comment|example|examples)",
        "nothing (really|) (comes to mind|to say|to add|special)",
        "(don't|dont|do not) (really|) have (an|any|a|) (example|examples|experience|answer)",
        "(haven't|havent|have not|never) (really|) (been in|had|faced|happened|experienced|done)"
        " (that|this|a|any|such|to me|anything)",
        "never (really|) happened to",
        "not (applicable|sure what)",
        "(rather|prefer) not (to|) (answer|say|talk)",
        "(next|skip|pass on) (this|that|the|) question",
        "(can|could|let's|lets) (we|you|i|) (just|) (skip|move on|pass)",
        "hard to say",
        "it (just|really|all|) depends",
    ),
    INACTION: Phrases(
        "i (did not|didn't|didnt) (really|actually|) (do|say|tell|act|react|intervene|report"
        "|bother|get involved|speak|help|ask)",
        "i (just|) (did|said|changed) nothing",
        "i (just|simply|) ignored",
        "i (just|simply|) left it (to|for|as|at|alone|there)",
        "i (just|simply|) let it (go|slide|be|run)",
        "i stayed out of",
        "i took no action",
        "i made no (effort|attempt)",
        "not my (job|problem|responsibility)",
        "wasn't my (job|problem|responsibility)",
    ),
    HYPOTHETICAL: Phrases(
        "(i|you|we|one) (would|might|should|must)",
        "(i|we) will",
        "(i|you|we) could (have|also|maybe|try|ask|just)",
        "(i'd|i'll|you'd|we'd|we'll|you'll)",
        "(you|one) (need|needs|have|has|want|wants) to",
        "if (i|there|someone|a|that|this|you)",
    ),
    TEAM: Phrases("we (all|then|also|just|) (*|)"),
}

# A number is a measure of its own in these words ...
STRONG_MEASURE = Phrases(
    "# (percent|percentage|per cent|points)",
    "from (about|around|over|nearly|) # (#|) (*|) (*|) (down|up|) to (about|under|just|) #",
    "by (about|around|nearly|almost|more than|) (half|a half|a third|a quarter|two thirds)",
    "(in|cut in|almost in) half",
    "(doubled|tripled|halved|quadrupled)",
    "(twice|# times) (as|faster|more|fewer|less|better)",
    "# out of (#|the)",
    "(dollars|euros|pounds) #",
    "# (thousand|hundred|million|) (dollars|euros|pounds)",
    "(zero|no) (more|further|) (errors|complaints|incidents|accidents|outages|injuries|defects)",
    "# (*|) (*|) (faster|fewer|sooner|earlier|cheaper|less|ahead)",
)
# ... and in these only a few words behind a change or a result.
WEAK_MEASURE = Phrases(
    "# (thousand|hundred|million|) (seconds|minutes|hours|days|weeks|months|years|minute|hour|day)",
    "(by|to|under|below|over|within|only|than) (about|around|) #",
    "all #",
    "half (a|an) (minute|hour|day|week|month|year)",
    "only one",
)
CHANGE = _words(
    "cut reduced increased saved improved lowered raised brought dropped fell rose grew went"
    " decreased shrank climbed doubled halved result end finished delivered sold hired"
    " trained served handled recovered won gained lost"
)
# Only after a deed are these a change; before it they tell how things were.
LATE_CHANGE = _words("took takes now lasted")
COMPARED = _words("less more fewer faster better higher lower earlier sooner")
NO_MEASURE_AFTER = _words("ago old experience shift")
NO_NUMBER_BEFORE = _words("for after every since last")
NO_PERCENT_BEFORE = _words("give gave giving sure agree certain")

FIRST_PERSON = _words("i i've")
OTHER_SUBJECTS = _words(
    "we he she they it you who which that there someone somebody everyone nobody this these those"
    " because when while if whether where what i'd i'll i'm would could should might will"
)
TOLD_SUBJECTS = _words(
    "we they he she it there the a an our my this that their his her both all most everyone"
    " everybody nobody some two three four five one another each"
)
PAST_FORMS = _words(
    "was were had kept wanted needed came went broke took got fell grew became began stopped failed"
    " lost left threw stood felt thought said refused complained arrived struggled missed expected"
    " received liked hated died lived happened seemed ran cost"
)
OUTCOMES = _words(
    "stayed approved accepted agreed finished survived passed improved returned renewed thanked"
    " signed recovered calmed paid dropped fell rose grew increased decreased shrank became worked"
    " apologized graduated won lost hired canceled cancelled adopted praised liked loved understood"
    " reopened delivered shipped launched solved saved complained promoted extended ended stopped"
    " resolved succeeded failed happy relieved satisfied better faster disappeared doubled halved"
)
# What may stand between I and the verb. Not, never, almost and their like may not.
ADVERBS = _words(
    "then also first second third finally just personally actually basically eventually carefully"
    " immediately quickly simply directly quietly really later soon even still once initially"
    " afterwards instead therefore politely calmly deliberately together successfully gradually"
    " slowly proactively privately briefly have"
)
IRREGULAR_ACTIONS = _words(
    "led built wrote rewrote made took gave told spoke met ran set put cut drew taught"
    " brought sent kept held sold bought began chose drove broke caught fought won sat split shut"
    " rebuilt sought found redid undid hung dug swept laid lit bound fed withdrew stood overcame"
    " oversaw"
)
# Past forms that tell of a state, a feeling or a life, or of leaving things alone.
NOT_ACTIONS = _words(
    "needed wanted liked loved hated believed learned realized realised noticed hoped wished"
    " lived enjoyed stayed graduated studied happened seemed appeared remained existed received"
    " failed struggled missed expected preferred appreciated experienced joined retired"
    " ignored worried waited panicked freaked cried tired bored excited interested scared stressed"
    " owned embarrassed annoyed frustrated supposed agreed disagreed admired cared dreamed"
    " imagined passed assumed surprised guessed figured wondered feared doubted thanked deserved"
    " looked"
)
# Verbs that tell of a life or a habit, not of a deed, with one of these words behind them.
NOT_ACTIONS_WITH = {
    "used": _words("to"),
    "worked": _words("with at for in there as hard to"),
    "applied": _words("to for"),
    "moved": _words("to from"),
    "changed": _words("to jobs"),
    "started": _words("at in as"),
    "made": _words("it"),
    "watched": _words("when while as it them him her tv"),
}
WEAK_ACTIONS = _words("tried decided started began planned")
MEANS_TO_ACT = Phrases(
    "was able to", "managed to", "had to", "got to", "ended up", "went ahead and", "helped to"
)
NO_ACTS = _words("be have wait think learn deal go get know see work feel leave admit a an the")
NOTHING = _words("nothing nobody no none zero anything neither")
UNREAL = _words(
    "would could might should will must if unless suppose supposing imagine assume wish wished"
    " let's i'd i'll we'd we'll you'd you'll they'd it'd it'll"
)
NEGATIONS = _words(
    "not never no nothing without hardly barely didn't don't doesn't wasn't weren't isn't aren't"
    " hadn't haven't hasn't wouldn't couldn't can't cannot won't didnt dont wasnt nobody"
)
# Behind "and", a past form is an action only with one of these after it.
AFTER_COORDINATED = _words(
    "the a an my our their his her its it them him me us to with for up out down that every each"
    " all some both what on in over through at back how why two three four five six ten"
)
FILLERS = _words("um uh er ah hmm mm mhm huh like")

# What connected English is made of: about half of the words anyone says.
FUNCTION_WORDS = _words(
    "the a an and or but so because if when while as of to in on at by for from with about into"
    " over after before up down out off than then that this these those there here it its it's i"
    " i'm i've i'd me my mine we us our you your he him his she her they them their who which what"
    " how why where is are was were be been being am do does did done have has had having will"
    " would could should can may might must not no never just also very too all some any each"
    " every both few more most other such only own same again once during until between through"
    " under against don't didn't can't couldn't wasn't weren't isn't one"
)
