"""Short answers written for these tests, with what a careful reader finds in each.

S situation, A own action, R result, M measure, F reflection, E evasion, as a reader who knows only
the words would tick them. Some have no punctuation and no capitals, as a recogniser writes them.
"""

from typing import NamedTuple


class Authored(NamedTuple):
    """One answer: its domain, what a reader finds, and the words."""

    name: str
    finds: str
    text: str
    missed: str = ""
    extra: str = ""

    @property
    def expected(self) -> str:
        """What the check finds: as the reader, but for what is known to go wrong."""
        found = (set(self.finds) - set(self.missed)) | set(self.extra)
        return "".join(sorted(found, key="SARMFE".index))


GENUINE = (
    Authored(
        "software_import",
        "SARMF",
        "when i was at my last company our nightly import took six hours and it kept failing so"
        " i profiled the script found the slow query and rewrote it in batches i tested it"
        " against a copy of production as a result the import went from six hours to twenty"
        " minutes and what i learned is that you measure first before you change anything",
    ),
    Authored(
        "software_outage",
        "SARF",
        "Two years ago our payment service went down on a Friday evening. I opened the"
        " dashboards, noticed the connection pool was exhausted, and restarted the two worst"
        " nodes. Then I called the database team and asked them to raise the limit. In the end"
        " the service was restored before the shops closed. Looking back, I should have set an"
        " alert on the pool.",
    ),
    Authored(
        "software_review",
        "SAR",
        "In my previous role a developer kept pushing code without tests. I sat down with him"
        " and showed him how I write a test first. I paired with him for two weeks. As a result"
        " he wrote his own tests and the release was delivered on time.",
    ),
    Authored(
        "software_team_only",
        "SR",
        "last year we were building a new billing system and we were behind schedule so we met"
        " every morning and we decided to drop some features and we split the work and in the"
        " end we delivered it on time and the customer was happy",
    ),
    Authored(
        "nursing_medication",
        "SARMF",
        "During a night shift on my old unit a patient was given the wrong chart. I stopped the"
        " medication round, checked every chart against the wristbands and informed the"
        " physician on call. As a result no one was harmed and we had zero errors in the"
        " following quarter. I learned to check the wristband twice, even when it is busy.",
    ),
    Authored(
        "nursing_family",
        "SAR",
        "there was a family who was very upset because nobody had told them about the surgery i"
        " asked them to sit with me in a quiet room and explained every step and i called the"
        " surgeon so he could answer their questions in the end they thanked me and stayed calm",
    ),
    Authored(
        "nursing_thin",
        "SA",
        "When I was working on the ward we had a very difficult patient who refused his"
        " medication every morning, and I talked to him about it and tried to be patient with"
        " him every day.",
    ),
    Authored(
        "nursing_hypothetical",
        "",
        "If a patient refused the medication I would first stay calm and I would explain why it"
        " is important. I would then ask the physician and I would write it into the chart so"
        " that everybody would know about it.",
    ),
    Authored(
        "retail_refund",
        "SARM",
        "one day a customer came in and shouted at my colleague about a refund i asked him to"
        " come to the side and listened to the whole story then i checked the receipt and"
        " offered him a store credit he stayed a customer and last year he spent over two"
        " thousand dollars with us and our complaints dropped by thirty percent after i wrote"
        " down the steps for everyone",
    ),
    Authored(
        "retail_inventory",
        "SARM",
        "Back in 2021 our store lost a lot of stock. I counted the back room every Sunday,"
        " moved the expensive items behind the counter and trained two colleagues. That reduced"
        " our losses from about 900 dollars to 200 dollars a month.",
    ),
    Authored(
        "retail_general_talk",
        "",
        "I am a people person and I always put the customer first. Customers are the most"
        " important thing in retail, and communication is key. I am very good with people and"
        " everybody says that I am friendly, hard working and reliable.",
    ),
    Authored(
        "retail_evasion",
        "E",
        "well that is a good question and to be honest i can't think of an example right now i"
        " don't know maybe there was something but nothing comes to mind so i am sorry about"
        " that",
    ),
    Authored(
        "warehouse_safety",
        "SARF",
        "on my first shift as a lead there was a truck parked across the fire exit i told the"
        " driver to move it and closed the dock until it was clear then i painted a yellow line"
        " with the facility team it never happened again and since then i always walk the exits"
        " before i start the shift",
    ),
    Authored(
        "warehouse_picking",
        "SARM",
        "We had a problem with wrong parcels last winter. I went through the error log, grouped"
        " the errors by shelf and swapped two labels that looked the same. Errors dropped from"
        " forty a week to six, and the customer renewed the contract.",
    ),
    Authored(
        "warehouse_inaction",
        "S",
        "there was a situation where two people on my shift were fighting about the forklift"
        " all the time and to be honest i did not do anything because it was not my job and the"
        " manager was paid for that kind of thing",
    ),
    Authored(
        "warehouse_negative_result",
        "SARF",
        "a few years ago i scheduled a big delivery for the friday before a holiday and i"
        " planned only four people for it. As a result we lost the contract with that supplier."
        " I should have asked the drivers first, and now I always check the calendar with them.",
    ),
    Authored(
        "teaching_reading",
        "SARM",
        "in my last school i had a class where eight out of twenty six children could not read"
        " at their level i grouped them by what they struggled with and read with each group for"
        " ten minutes every morning and i called the parents every friday by june all eight"
        " passed the test and their scores improved by forty percent",
    ),
    Authored(
        "teaching_conflict",
        "SAF",
        "When I was in my second year of teaching, a parent complained about my grading. I"
        " invited her to school, showed her the rubric and listened. In hindsight it taught me"
        " to send the rubric home before the first test and not after it.",
    ),
    Authored(
        "teaching_you",
        "",
        "You have to be consistent with children. You set the rules at the beginning and you"
        " repeat them, and you should always praise what works. If there is a conflict you talk"
        " to both of them and you call the parents.",
    ),
    Authored(
        "hotel_overbooking",
        "SARM",
        "last summer we had a night with fourteen guests too many. i called three hotels nearby"
        " and negotiated a rate, then i arranged taxis and wrote a personal card to every guest."
        " in the end only one guest complained and twelve out of fourteen came back the next"
        " year",
    ),
    Authored(
        "hotel_kitchen",
        "SAR",
        "one night our head chef was sick and the kitchen was full i took over the pass and"
        " shortened the menu to six dishes and i moved one waiter to the dishes it worked and we"
        " finished the service without sending anybody away",
    ),
    Authored(
        "hotel_me_too",
        "",
        "the guests are always nice here and i like the work a lot because every day is"
        " different and the people are friendly and the hours are good for me and my family and"
        " the pay is okay as well so i am happy",
    ),
    Authored(
        "finance_audit",
        "SARM",
        "At my previous employer the month end close was always late. I mapped every step with"
        " the accountants, removed two approvals nobody needed and automated the bank matching."
        " We cut the close from nine days to four days and we passed the audit without a"
        " finding.",
    ),
    Authored(
        "finance_error",
        "SARF",
        "three years ago i sent a wrong forecast to the board i noticed it the next morning so"
        " i called my director right away and sent a corrected version with an explanation and"
        " in the end the board accepted it i learned that it is better to say it at once and"
        " next time i would let a colleague check the totals",
    ),
    Authored(
        "finance_refusal_to_sign",
        "SAR",
        "My manager asked me to book revenue before the goods had left. I refused to sign it,"
        " explained the rule to him and reported it to the controller. As a result the booking"
        " was avoided and the process was changed.",
    ),
    Authored(
        "construction_crane",
        "SAR",
        "we were about to lift a steel beam and the wind picked up i stopped the lift and sent"
        " the crew down and then i called the site manager and we waited for two hours in the"
        " end the beam was in place before night and nobody was hurt",
    ),
    Authored(
        "construction_budget",
        "SARMF",
        "On my last project the concrete was going to cost us too much. I compared four"
        " suppliers, ordered the formwork for reuse and negotiated the delivery. The change"
        " saved 38,000 dollars and we finished under budget. What I learned is that you ask the"
        " supplier before you draw the plan.",
    ),
    Authored(
        "construction_list",
        "",
        "leadership teamwork safety budget planning scheduling communication problem solving"
        " result oriented measurable outcome stakeholder management situation task action result"
        " reflection improvement percent reduction savings delivery quality",
    ),
    Authored(
        "support_queue",
        "SARM",
        "when i joined the support team there were about two hundred open tickets i sorted them"
        " by customer and wrote short answers for the ten most common ones and then i trained"
        " the new people with them within a month the queue went down to thirty tickets",
    ),
    Authored(
        "support_angry",
        "SAR",
        "A client called me three times in one day because his export was broken. I apologized,"
        " reproduced the error on my machine and sent the log to our developers, and I called"
        " him back every hour. The bug was fixed the same evening and the client stayed with us.",
    ),
    Authored(
        "support_habit",
        "",
        "normally i read the ticket first and then i look into the system and i answer as"
        " quickly as possible because customers do not like to wait and if it is difficult i"
        " give it to the second level",
    ),
    Authored(
        "lab_contamination",
        "SARMF",
        "During my internship one of our cultures was contaminated every week. I kept a log of"
        " who used the hood, swabbed the incubator and found the leak in the door seal. I"
        " ordered a new seal and cleaned everything. The contamination fell to zero and the log"
        " became the standard. It taught me that a boring log beats a clever guess.",
    ),
    Authored(
        "lab_disagreement",
        "SAR",
        "my supervisor and i had a different opinion about the sample size last year i ran a"
        " small simulation and showed him the plot and i asked a statistician to look at it he"
        " agreed and the paper was accepted in the end",
    ),
    Authored(
        "sales_quota",
        "SARM",
        "When we launched the second product nobody wanted to sell it. I picked ten old"
        " customers, visited each of them and asked what stopped them. I rewrote the offer with"
        " their words. I sold forty licenses in the first quarter and my region grew by 25"
        " percent.",
    ),
    Authored(
        "sales_boast",
        "",
        "I always give one hundred and ten percent in everything that I do. I am a natural"
        " leader and a team player and people like to work with me, and I am sure that I can"
        " bring the same energy to this company as well.",
    ),
    Authored(
        "sales_lost_deal",
        "SARF",
        "last quarter i prepared an offer for a hospital and i priced it without talking to"
        " their buyer and we lost the deal looking back i should have called him before i wrote"
        " the offer and now i always ask for a short call first",
    ),
    Authored(
        "care_home_dispute",
        "SAR",
        "There was an argument between two residents about the television. I spoke with each of"
        " them alone and then brought them together over coffee. They agreed on a plan for the"
        " week and the plan worked.",
    ),
    Authored(
        "driver_route",
        "SARM",
        "my old company gave us a route that made no sense so i wrote down my stops for two"
        " weeks and drew a new order on a map and showed it to the dispatcher we saved forty"
        " minutes a day and the other drivers use it as well",
    ),
    Authored(
        "project_rescue",
        "SARMF",
        "A year ago I took over a migration that was three months late. I talked to every team,"
        " made one list of what was really missing and cut a third of it. I held a fifteen"
        " minute call each morning. We went live after seven weeks and support calls fell by"
        " half. In hindsight I would have involved the call center earlier.",
    ),
    Authored(
        "project_inaction_we",
        "SR",
        "last spring we were losing people and we talked about it in every meeting and we asked"
        " the management for more money and we waited and in the end we lost the contract"
        " because the company could not find anybody",
    ),
    Authored(
        "apprentice_weak",
        "A",
        "um so i helped a colleague with the printer and yeah that was basically it and um it"
        " was okay i guess and um you know we get along pretty well now and that is nice too",
    ),
    Authored(
        "evasion_polite",
        "E",
        "That is hard to say. I have never really been in that situation, so I do not have an"
        " example for it, and it depends very much on the people. Can we skip this one and go on"
        " to the following part please?",
    ),
    Authored(
        "receptionist_late",
        "SARF",
        "one morning the doctor was two hours late and the waiting room was full i told every"
        " patient how long it would take and offered a new appointment and moved the urgent ones"
        " to the second doctor most of them stayed and the patients thanked us from then on i"
        " always call the doctor at seven",
    ),
    Authored(
        "volunteer_event",
        "SARM",
        "in my last role as a volunteer i organized a run for the animal shelter i wrote to"
        " forty companies, borrowed the tents and planned the route with the city. in the end"
        " three hundred people came and we collected 12,000 euros, twice as much as the year"
        " before",
    ),
)


# Written after the tables, to see how far they carry. `missed` and `extra` is what the check gets
# wrong: it errs towards finding less.
FURTHER = (
    Authored(
        "baker",
        "SARM",
        "at the bakery where i trained we threw away a lot of bread every evening so i weighed"
        " the leftovers for a month and made a chart and then i talked the owner into baking in"
        " two batches and we threw away seventy percent less",
    ),
    Authored(
        "librarian",
        "SAR",
        "Our reading room had become very noisy because of a group of teenagers. I introduced"
        " myself, asked what they needed and found them a room upstairs. Since that week nobody"
        " has complained and the teenagers come every day.",
    ),
    Authored(
        "electrician",
        "SARF",
        "i once wired a panel and forgot to label the breakers and the next crew shut off the"
        " wrong floor. i drove back the same night, labeled everything and apologized to the"
        " foreman. the crew finished the job in the morning. these days i label before i close"
        " the panel",
    ),
    Authored(
        "hr",
        "SAR",
        "Two of our best people wanted to leave in the same month. I met each of them for lunch"
        " and found out that the schedule was the reason. I proposed a rotating schedule to the"
        " director and both stayed with the company.",
    ),
    Authored(
        "qa",
        "SARM",
        "our release kept slipping because testing took four days every time i automated the"
        " login and the checkout tests first and taught two juniors how to extend them and after"
        " a quarter testing took half a day",
    ),
    Authored(
        "paramedic",
        "SARF",
        "We arrived at an accident with three injured people and only one ambulance. I triaged"
        " them, radioed for a second unit and put pressure on the worst wound. All three"
        " survived. I realized that I speak too fast on the radio, so I practice it with my"
        " partner.",
    ),
    Authored(
        "vague",
        "",
        "i think problem solving is really important and in my opinion it is about being calm"
        " and looking at it from every side and then finding the best way together with the"
        " others because everybody has a different view",
    ),
    Authored(
        "farm",
        "SARM",
        "during harvest the big tractor died on us and i borrowed one from a neighbor and fixed"
        " the hydraulic hose with him overnight and we lost only one day out of nine",
    ),
    Authored(
        "call_center",
        "SARM",
        "When I started as a team lead our average wait was eleven minutes. I listened to fifty"
        " calls, found that half of them were about one invoice line and had the text changed."
        " The wait is now under four minutes.",
    ),
    Authored(
        "designer",
        "SAR",
        "there was a client who rejected every draft we sent i went to their shop for a day and"
        " watched how people used the counter and drew the layout with them on paper they"
        " approved it that week",
    ),
    Authored(
        "museum",
        "SAR",
        "Our audio guides kept breaking and visitors were asking for refunds. I collected the"
        " broken ones, opened twenty of them and saw that it was always the same cable. I wrote"
        " to the manufacturer and insisted on a replacement. We received new guides for free and"
        " the refunds ended.",
    ),
    Authored(
        "pharmacy",
        "SARF",
        "a regular customer once picked up two medicines that do not go together the computer"
        " had not warned us so i phoned his doctor and held the order back he switched the"
        " prescription and the man is fine i double check the older patients myself since that"
        " day",
        missed="F",
    ),
    Authored(
        "game_dev",
        "SARM",
        "Players hated our tutorial. More than half of them closed the game before it was over."
        " I sat behind fifteen players, noted every moment they hesitated and removed nine"
        " screens. Now eighty percent reach the first level.",
    ),
    Authored(
        "teacher_bully",
        "SA",
        "i noticed in the second month that one boy always sat alone and the others laughed"
        " about him so i talked to him after class and changed the seating plan and i spoke to"
        " the class about it without using his name",
    ),
    Authored(
        "logistics",
        "SARM",
        "two of our trucks had accidents at the same gate in one month i measured the gate and"
        " asked the drivers and it turned out that the mirror was in the wrong place i had it"
        " moved and in the two years since there was no accident at all",
        missed="RM",
    ),
    Authored(
        "generic",
        "",
        "communication is very important for me and i believe in open doors and honest feedback"
        " my strengths are planning and patience and people would say that i am a calm person"
        " who gets things done",
    ),
    Authored(
        "intern",
        "A",
        "i made the coffee and i copied some papers and i sorted the mail in the morning and"
        " that was more or less what they let me do in that place to be honest",
    ),
    Authored(
        "restaurant",
        "SARMF",
        "A new waiter dropped three trays in one week. I showed him how to load the tray,"
        " walked the route with him and gave him the smaller tables. He dropped none in the next"
        " two months. I understood that it is mostly fear, so I start everybody on small tables"
        " now.",
    ),
    Authored(
        "tech_lead",
        "SAR",
        "My team disagreed about which framework to use and the discussion went on for weeks. I"
        " wrote down the criteria, built two small prototypes and invited everyone to try them."
        " We picked the simpler one and the discussion was over.",
    ),
    Authored(
        "blame",
        "S",
        "the project failed because the other department never delivered what they promised and"
        " my boss changed his mind every day and nobody listened to us and the budget was much"
        " too small from the beginning",
    ),
    Authored(
        "we_heavy",
        "SRM",
        "we saw that the numbers were bad so we called a meeting and we made a plan and we"
        " executed it and the numbers went up by ten percent and everybody was proud of the team",
        missed="S",
    ),
    Authored(
        "security",
        "SARM",
        "During an audit I found that forty accounts of former employees were still active. I"
        " disabled them the same day, wrote a script that compares our list with the payroll and"
        " scheduled it every night. At the next audit the number was zero.",
        missed="M",
    ),
)
