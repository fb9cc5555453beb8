"""What the rules of wording refuse, and, as important, what they let pass."""

import re
import tomllib

import pytest

from interviews.linter import wording
from interviews.linter.wording import question_objections

PROTECTED = [
    ("age", "How old are you?"),
    ("age", "May I ask your age?"),
    ("age", "What is your date of birth?"),
    ("age", "In which year were you born?"),
    ("age", "What year did you graduate?"),
    ("age", "When do you plan to retire?"),
    ("age", "How do you feel about working for a younger manager?"),
    ("age", "Are you over 50?"),
    ("family", "Do you have any children?"),
    ("family", "How many kids do you have?"),
    ("family", "Are you planning to start a family?"),
    ("family", "Are you planning on having kids in the next years?"),
    ("family", "Are you pregnant?"),
    ("family", "Who looks after your children while you are at work?"),
    ("family", "Tell me about your family."),
    ("family", "What do your parents do?"),
    ("family", "Are you going to take parental leave?"),
    ("marital_status", "Are you married?"),
    ("marital_status", "Are you single or divorced?"),
    ("marital_status", "What is your marital status?"),
    ("marital_status", "What does your husband think about the night shifts?"),
    ("marital_status", "Are you engaged?"),
    ("marital_status", "Do you live alone?"),
    ("religion", "What is your religion?"),
    ("religion", "Are you a practising Muslim or are you Christian?"),
    ("religion", "Which church do you attend?"),
    ("religion", "Do you observe any religious holidays?"),
    ("religion", "How does your faith influence your work?"),
    ("origin", "Where are you from?"),
    ("origin", "Where are you originally from?"),
    ("origin", "Where were you born?"),
    ("origin", "What is your nationality?"),
    ("origin", "Is English your first language?"),
    ("origin", "Are you a US citizen?"),
    ("origin", "I like your accent, where is your accent from?"),
    ("origin", "What race are you?"),
    ("health", "Do you have a disability?"),
    ("health", "Do you have any physical or mental health problems?"),
    ("health", "Are you disabled?"),
    ("health", "Tell me about your medical history."),
    ("health", "How is your mental health?"),
    ("health", "How many sick days did you take last year?"),
    ("health", "Have you ever been diagnosed with anything?"),
    ("health", "Do you take any medication?"),
    ("health", "Do you smoke?"),
    ("sexual_orientation_or_gender", "Are you gay?"),
    ("sexual_orientation_or_gender", "What is your sexual orientation?"),
    ("sexual_orientation_or_gender", "What gender are you?"),
    ("sexual_orientation_or_gender", "Are you straight?"),
    ("politics", "Who did you vote for?"),
    ("politics", "Which party do you support?"),
    ("politics", "Describe your political views."),
    ("politics", "Are you a Republican?"),
    ("union", "Are you a member of a trade union?"),
    ("union", "Have you ever joined a union?"),
    ("union", "Have you ever been on strike?"),
    ("union", "How do you feel about unions?"),
    ("arrests", "Have you ever been arrested?"),
    ("age", "May I know how old you are?"),
    ("age", "Are you thinking about retirement?"),
    ("age", "How does your retirement fit in with this job?"),
    ("age", "Do you feel too old for this team?"),
    ("age", "Could you report to someone younger than you?"),
    ("age", "Are you a digital native?"),
    ("family", "Have you any children?"),
    ("family", "How did your pregnancy affect your work?"),
    ("family", "What happens if you become pregnant?"),
    ("family", "How does this fit your family situation?"),
    ("family", "What does your family think of the shifts?"),
    ("family", "Describe your child care arrangements."),
    ("family", "Will you need childcare?"),
    ("family", "Are you a single parent?"),
    ("family", "Have you ever been pregnant?"),
    ("marital_status", "What is your maiden name?"),
    ("marital_status", "Would your partner move with you?"),
    ("marital_status", "Who do you live with?"),
    ("marital_status", "Do you plan to get married?"),
    ("marital_status", "Do you have a boyfriend?"),
    ("religion", "Do you often go to church?"),
    ("religion", "Do you pray during working hours?"),
    ("religion", "Do you wear a headscarf?"),
    ("origin", "I wonder where you're from."),
    ("origin", "Tell me where you grew up."),
    ("origin", "Where did you grow up?"),
    ("origin", "Were you born here?"),
    ("origin", "Which country are you from?"),
    ("origin", "Are you black or white?"),
    ("origin", "What kind of name is that?"),
    ("health", "On how many days were you off sick?"),
    ("health", "Have you ever had back problems?"),
    ("health", "Have you ever filed a workers\u2019 compensation claim?"),
    ("health", "How tall are you?"),
    ("sexual_orientation_or_gender", "Are you a man or a woman?"),
    ("sexual_orientation_or_gender", "What do you identify as? Do you identify as male?"),
    ("politics", "Are you politically active?"),
    ("politics", "What do you think of the president?"),
    ("union", "Do you plan to join the works council?"),
    ("union", "How important is your union membership to you?"),
    ("arrests", "Tell me about your arrest record."),
    ("criminal_record", "What is in your police record?"),
    ("criminal_record", "Do you have to declare any unspent convictions?"),
    ("criminal_record", "Do you have a criminal record?"),
    ("criminal_record", "Have you ever been convicted?"),
]

STYLED = [
    ("leading", "Don't you think that teamwork matters most?"),
    ("leading", "Wouldn't you agree that speed is everything?"),
    ("leading", "How did you solve it, and you tested it first, didn't you, right?"),
    ("leading", "You tested it first, correct?"),
    ("leading", "What would you do, since you obviously know our product?"),
    ("leading", "I assume you escalated: what happened then?"),
    ("leading", "Surely you have led a team: how large was it?"),
    ("leading", "As we all know, customers come first: how do you put them first?"),
    ("leading", "How much do you enjoy working under pressure?"),
    ("leading", "Why is our company so attractive to you?"),
    ("leading", "What do you say to people who do not agree, as you must agree here?"),
    ("leading", "Would you agree that honesty pays?"),
    ("leading", "I'm sure you have done this before: when was it?"),
    ("double_barrelled", "What went wrong and what did you learn?"),
    ("double_barrelled", "What went wrong? What did you learn?"),
    ("double_barrelled", "Tell me about a time you failed. What did you learn?"),
    ("double_barrelled", "Tell me about a time you failed and describe what you learned."),
    ("double_barrelled", "Describe your approach and tell me how long it took."),
    ("double_barrelled", "What would you change and why?"),
    ("double_barrelled", "How did you plan the work, and who did you involve?"),
    ("double_barrelled", "What was the goal and what was the result?"),
    ("double_barrelled", "Explain the fault. Describe the repair."),
    ("closed", "Do you like working in a team?"),
    ("closed", "Have you ever missed a deadline?"),
    ("closed", "Are you good at planning?"),
    ("closed", "We work in shifts with customers. Is that a problem, or would it be? Is it fine?"),
    ("closed", "Can you work with spreadsheets?"),
]

CLEAN = [
    "Are you 18 years old or older?",
    "Which child protection training are you certified in?",
    "Which product families did you look after?",
    "How did you test a family of services?",
    "How do you choose your accent colour?",
    "How did you ship your native app?",
    "Describe your work in a child care centre.",
    "How do you use drugs trial data?",
    "How would you explain our product to your grandmother?",
    "How do you teach a class of children with different native languages?",
    "How do you make sure that patients take their medication?",
    "How many days have you spent on recovering a sick cluster?",
    "Describe how you designed an age verification step.",
    "How do you vote in planning poker?",
    "Tell me about a time you raised a child process and it did not come back.",
    "How do you support people with disabilities as customers?",
    "How would you make a web page usable for blind customers?",
    "Are you authorised to work in the United Kingdom?",
    "Do you have a work permit for Germany?",
    "Are you legally permitted to work in this country?",
    "Are you at least 18 years old?",
    "Do you hold a driving licence of class C?",
    "Are you available for night shifts?",
    "Do you need any adjustments to take part in this interview?",
    "Tell me about a time you found a race condition in production.",
    "How did you find your race condition?",
    "How did you design your health checks?",
    "What do your health probes measure?",
    "Tell me about a time you taught children who had fallen behind.",
    "Describe a day when you had to look after more children than planned.",
    "Tell me about a time you calmed the family of a patient.",
    "How did you document the medical conditions of your patients?",
    "Tell me about a time you decided to retire the old billing system.",
    "When do you plan to retire a legacy service?",
    "How did you bring down the average age of open tickets?",
    "Tell me about a negotiation with a union in which you had to give way.",
    "How would you explain union types to a colleague?",
    "Tell me about a time you served the members of a credit union.",
    "How do you handle political tension between two departments?",
    "How do you keep a third party to its promises?",
    "Tell me about a time you organised a religious festival for a client.",
    "How do you help customers whose native language is not yours?",
    "Tell me about a time you worked with people from several countries.",
    "How did you work with released prisoners who had a criminal record?",
    "Describe how you keep parent nodes and child nodes in step.",
    "How are you engaged in the community around your product?",
    "What single change helped your team most?",
    "Tell me about a time you single-handedly kept a service running.",
    "How did your partner team take the news?",
    "Tell me about a time you had to plan a project and explain the plan to a customer.",
    "Tell me about a time you found out what was broken and fixed it.",
    "Tell me about a time when you were not sure what to do and how to do it.",
    "Could you tell me about a time you missed a deadline?",
    "Would you walk me through your last incident?",
    "Imagine a customer calls late on Friday. What would you do first?",
    "Think of a time when a plan failed. How did you find out?",
    "What did you do when the customer did not agree with you?",
    "Tell me about a time you had to change course because of course corrections upstream.",
    "How did you weigh speed and accuracy?",
    "Describe a decision that was right at the time but wrong later.",
]


def codes(text: str) -> list[str]:
    return [objection.code for objection in question_objections("questions[0].text", text)]


@pytest.mark.parametrize(("topic", "text"), PROTECTED)
def test_a_question_on_a_protected_topic_is_refused(topic, text):
    assert f"protected_{topic}" in codes(text)


@pytest.mark.parametrize(("rule", "text"), STYLED)
def test_a_question_against_a_rule_of_language_is_named(rule, text):
    assert rule in codes(text)


@pytest.mark.parametrize("text", CLEAN)
def test_an_ordinary_question_passes(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "ARE YOU MARRIED?",
        "Are you\n  married?",
        "Are you mar\u200bried?",
        "Are\u00a0you\u00admarried?".replace("\u00ad", " \u00ad"),
        "\uff21re you married?",
        "Thank you. Are you married? I ask everybody.",
    ],
)
def test_spelling_tricks_do_not_hide_a_protected_topic(text):
    assert "protected_marital_status" in codes(text)


def test_every_pattern_of_the_tables_has_an_example():
    data = tomllib.loads(wording._RULES.read_text(encoding="utf-8"))
    plain = {text: wording.normalise(text) for _, text in [*PROTECTED, *STYLED]}
    plain |= {text: wording.normalise(text) for text in CLEAN}
    sentences = [one for text in plain.values() for one in wording._sentences(text)]
    topics = {entry["topic"]: entry["patterns"] for entry in data["protected"]}
    tables = [
        (patterns, [plain[text] for name, text in PROTECTED if name == topic])
        for topic, patterns in topics.items()
    ]
    for section in ("leading", "double_barrelled", "closed", "ordinary"):
        patterns = data[section]["patterns"] + data[section].get("unless", [])
        tables.append((patterns, sentences))
    without = [
        pattern
        for patterns, texts in tables
        for pattern in patterns
        if not any(re.search(wording._expand(pattern, data["words"]), text) for text in texts)
    ]
    assert without == []


def test_quotation_marks_of_any_shape_are_read_alike():
    assert codes("Don\u2019t you think so?") == codes("Don't you think so?")


def test_a_question_that_names_the_legal_duty_may_ask_for_convictions():
    text = "A check is required by law for this work: do you have a criminal record?"
    assert [code for code in codes(text) if code.startswith("protected_")] == []


def test_the_law_is_no_excuse_to_ask_for_arrests():
    assert "protected_arrests" in codes("By law I must ask: have you been arrested?")


def test_protected_topics_are_absolute_and_rules_of_language_are_not():
    found = list(question_objections("questions[3].text", "Are you married, right?"))
    assert [(objection.path, objection.code, objection.overridable) for objection in found] == [
        ("questions[3].text", "protected_marital_status", False),
        ("questions[3].text", "leading", True),
        ("questions[3].text", "closed", True),
    ]


def test_a_probe_may_be_closed_but_not_protected():
    assert list(wording.probe_objections("p", "Did it last?")) == []
    assert [o.code for o in wording.probe_objections("p", "Are you religious?")] == [
        "protected_religion"
    ]


def test_every_objection_says_what_to_do():
    texts = [text for _, text in PROTECTED + STYLED]
    messages = {o.message for text in texts for o in question_objections("p", text)}
    assert len(messages) == 14
    assert all(len(message) > 40 and message.endswith((".", "?", "...")) for message in messages)


def test_a_text_of_the_greatest_length_is_read_quickly():
    # A pattern that backtracks would hang here.
    for unit in ("you ", "are you a ", "and what ", "have any ", "?!", "do you have a "):
        assert isinstance(codes((unit * 500)[:1000]), list)
