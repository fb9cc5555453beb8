"""The page from consent to the end, as a browser without a script would use it."""

import pytest

from interviews.models import Interview
from interviews.services.interviews import cancel_interview
from interviews.states import Channel
from recordings.models import Segment, Transcript
from talenti.models import HistoryEntry
from tests.at_once import at_once
from tests.people import People
from tests.recordings.candidate.visits import PAGE, agree, asked, begin, open_link, text_of, write
from tests.rows import actor_of, make_body, make_guide, make_interview, make_job, make_question
from tests.work import do_work

LONG = (
    "When our label printer failed I compared two suppliers, called both of them and chose the one "
    "that had the spare part. In the end the line ran again within one hour, which saved 300 "
    "parcels, and I learned to keep one spare part in the drawer since then."
)


def test_nothing_is_asked_before_consent(interview: Interview):
    client = open_link(interview)
    client.post("/interview/begin/")
    assert not interview.turns.exists()


def test_looking_asks_nothing(interview: Interview):
    client = open_link(interview)
    agree(client, interview)
    client.get(PAGE)
    client.get("/interview/begin/")
    assert not interview.turns.exists()


def test_question_shows_its_place_and_its_time_with_extra(people: People):
    interview = make_interview(people.home, extra_time=100)
    client, turn = begin(interview)
    shown = text_of(client.get(PAGE))
    for part in ("Question 1 of 2", turn.text, "up to 6:00 minutes", "100% extra time"):
        assert part in shown


def test_short_answer_is_followed_up_under_the_same_number(interview: Interview):
    client, turn = begin(interview)
    write(client, turn, "I repaired it.")
    assert "Follow-up to question 1 of 2" in text_of(client.get(PAGE))


def test_interview_in_writing_reaches_the_assessor(interview: Interview):
    client, turn = begin(interview, "automated_assessment")

    write(client, turn, LONG)
    write(client, asked(interview), LONG)

    interview.refresh_from_db()
    thanks = text_of(client.get(PAGE))
    assert (interview.status, interview.stage) == ("completed", "scoring")
    assert list(Transcript.objects.values_list("status", "engine")) == [("ready", "typed")] * 2
    assert set(Segment.objects.values_list("text", flat=True)) == {LONG}
    assert do_work() == ["interviews.send_invitation", "scoring.score"]
    assert "Thank you, your interview is complete" in thanks
    assert "<dt>Written answers</dt><dd>2</dd>" in thanks


@pytest.mark.parametrize(
    "empty", ["", "   \r\n ", "...", "\u200b\u200b", "?!", "\0 with a null", "x" * 20_001]
)
def test_answer_that_cannot_be_taken_stays_in_the_form(interview: Interview, empty: str):
    client, turn = begin(interview)

    answer = write(client, turn, empty)

    turn.refresh_from_db()
    assert (answer.status_code, turn.answered_at) == (422, None)
    assert 'id="text-error"' in text_of(answer)
    assert empty.strip()[:100].replace("\0", "") in answer.content.decode().replace("\0", "")


def test_longest_answer_is_taken_with_its_line_ends(interview: Interview):
    client, turn = begin(interview)
    text = "a" * 9_999 + "\r\n" + "b" * 10_000

    write(client, turn, text)

    turn.refresh_from_db()
    assert turn.answer_text == text.replace("\r\n", "\n")


def test_markup_in_answers_and_names_is_only_text(people: People):
    job = make_job(people.home, "<script>alert(1)</script>")
    body = make_body(questions=(make_question("ownership", "<b>Bold?</b>"), *make_body().questions))
    make_guide(job, body=body)
    interview = make_interview(people.home, job=job)
    client, turn = begin(interview)

    page = client.get(PAGE).content.decode()
    kept = write(client, turn, "</textarea><script>alert(2)</script>\0").content.decode()

    assert "<script>alert" not in page + kept
    assert "<b>Bold" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;alert(2)" in kept


def test_same_answer_sent_twice_counts_once(interview: Interview):
    client, turn = begin(interview)

    answers = [write(client, turn, LONG), write(client, turn, LONG)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Transcript.objects.count(), interview.turns.count()) == (1, 2)


def test_other_answer_from_a_second_tab_is_given_back(interview: Interview):
    client, turn = begin(interview)
    write(client, turn, LONG)

    late = write(client, turn, "Another story from my other tab.")

    turn.refresh_from_db()
    assert (late.status_code, turn.answer_text) == (409, LONG)
    assert "Another story from my other tab.</textarea>" in late.content.decode()


def test_answer_after_the_end_is_given_back(people: People, interview: Interview):
    client, turn = begin(interview)
    interview.refresh_from_db()
    cancel_interview(interview, actor_of(people.home))

    late = write(client, turn, "I was still writing.")

    assert late.status_code == 409
    assert "I was still writing.</textarea>" in late.content.decode()
    assert not Transcript.objects.exists()


def test_skipping_asks_once_more_and_leaves_no_words(interview: Interview):
    client, turn = begin(interview)
    address = f"/interview/turns/{turn.pk}/skip/"
    assert turn.text in text_of(client.get(address))
    turn.refresh_from_db()
    assert turn.answered_at is None

    answers = [client.post(address), client.post(address)]

    turn.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (turn.answered_at is not None, turn.answer_text, turn.answer_ms) == (True, "", None)
    entry = HistoryEntry.objects.get(verb="skipped")
    assert (entry.subject_id, entry.root_id, entry.actor_kind) == (
        turn.pk,
        interview.pk,
        "candidate",
    )
    assert asked(interview).kind == "question"


def test_interview_of_skipped_questions_still_ends(interview: Interview):
    client, turn = begin(interview)
    client.post(f"/interview/turns/{turn.pk}/skip/")
    client.post(f"/interview/turns/{asked(interview).pk}/skip/")
    interview.refresh_from_db()
    assert interview.status == "completed"
    assert "<dt>Skipped</dt><dd>2</dd>" in text_of(client.get(PAGE))


def test_phone_interview_takes_consent_and_asks_nothing_here(people: People):
    interview = make_interview(people.home, channel=Channel.PHONE)
    client = open_link(interview)
    agree(client, interview)
    client.post("/interview/begin/")
    assert not interview.turns.exists()
    assert "Demo Ltd has no phone number of yours yet" in text_of(client.get(PAGE))


def test_interrupted_interview_goes_on_by_a_button(interview: Interview):
    client, turn = begin(interview)
    turn.delete()
    assert "Welcome back" in text_of(client.get(PAGE))

    client.post("/interview/begin/")

    assert "Question 1 of 2" in text_of(client.get(PAGE))


def test_reloading_a_form_that_was_refused_shows_the_question(interview: Interview):
    client, turn = begin(interview)
    answer = client.get(f"/interview/turns/{turn.pk}/write/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_forged_form_changes_nothing_and_gives_the_words_back(interview: Interview):
    client, turn = begin(interview)
    client.handler.enforce_csrf_checks = True

    refused = write(client, turn, "Typed before the cookie was renewed.")

    turn.refresh_from_db()
    assert (refused.status_code, turn.answered_at) == (403, None)
    assert "Typed before the cookie was renewed.</textarea>" in refused.content.decode()


@pytest.mark.parametrize(
    "address", ["agree/", "decline/", "begin/", "turns/{}/write/", "turns/{}/skip/"]
)
def test_every_form_is_checked_for_forgery(interview: Interview, address: str):
    client, turn = begin(interview)
    client.handler.enforce_csrf_checks = True
    answer = client.post(f"/interview/{address.format(turn.pk)}", {"interview": interview.pk})
    interview.refresh_from_db()
    assert (answer.status_code, interview.status) == (403, "in_progress")


def test_own_form_passes_the_check(interview: Interview):
    client = open_link(interview, strict=True)
    client.get(PAGE)
    token = client.cookies["csrftoken"].value
    answer = client.post(
        "/interview/decline/", {"interview": interview.pk, "csrfmiddlewaretoken": token}
    )
    assert answer.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_store_one_answer(people: People):
    interview = make_interview(people.home)
    client, turn = begin(interview)

    codes = at_once(4, lambda: write(client, turn, LONG).status_code)

    assert sorted(codes) == [302] * 4
    assert (Transcript.objects.count(), interview.turns.count()) == (1, 2)
