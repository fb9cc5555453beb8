"""The gate to Communication Services: what the real SDK sends for each command."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from talenti.azure import calls, calls_media
from talenti.azure.calls import Once, close_clients
from talenti.azure.calls_settings import CallProvider, call_provider, missing_settings
from talenti.errors import PermanentFailure
from tests.emulators.acs import CALLER
from tests.emulators.acs_callee import Scripted
from tests.talenti.azure.calling import (
    CALLBACK,
    NUMBER,
    ON_A_CALL,
    WORDS,
    connected,
    how,
    once,
    place,
    record,
)

PHONE = {"rawId": f"4:{NUMBER}", "phoneNumber": {"value": NUMBER}}
OWN_ADDRESS = (
    "AZURE_SPEECH_ENDPOINT must be the resource's own address"
    " (https://<name>.cognitiveservices.azure.com): calls speak and listen by it."
)
GERMAN = (
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="de-DE">'
    '<voice name="de-DE-KatjaNeural">{}</voice></speak>'
)


def test_call_is_placed_from_our_number_with_speech_and_its_own_headers(azure_acs):
    repeat = once()
    connection_id, server_call_id = calls.place_call(NUMBER, CALLBACK, "call", repeat)
    (sent,) = azure_acs.requests
    call = azure_acs.exchange.calls[connection_id]
    assert server_call_id == call.server_call_id
    assert sent.body == {
        "targets": [PHONE],
        "sourceCallerIdNumber": {"value": CALLER},
        "operationContext": "call",
        "callbackUri": CALLBACK,
        "callIntelligenceOptions": {
            "cognitiveServicesEndpoint": "https://speech-talenti.cognitiveservices.azure.com"
        },
    }
    assert sent.headers["repeatability-request-id"] == repeat.request_id
    assert sent.headers["repeatability-first-sent"] == "Tue, 24 Nov 2026 09:05:07 GMT"


def test_moment_of_first_sending_is_told_in_universal_time():
    sydney = datetime(2026, 11, 24, 20, 5, 7, 900, tzinfo=timezone(timedelta(hours=11)))
    assert (
        Once("1", sydney).headers()
        == Once("1", datetime(2026, 11, 24, 9, 5, 7, tzinfo=UTC)).headers()
    )


def test_speech_or_a_key_is_listened_for_in_the_language(azure_acs):
    target = connected(azure_acs)
    calls_media.listen(target, ["Erstens & <b>", "Zweitens"], how("op-3"))
    assert azure_acs.sent("recognize")[0].body == {
        "recognizeInputType": "speechOrDtmf",
        "playPrompts": [
            {"kind": "ssml", "ssml": {"ssmlText": GERMAN.format(text)}}
            for text in ("Erstens &amp; &lt;b&gt;", "Zweitens")
        ],
        "interruptCallMediaOperation": False,
        "recognizeOptions": {
            "interruptPrompt": True,
            "initialSilenceTimeoutInSeconds": 5,
            "targetParticipant": PHONE,
            "speechLanguage": "de-DE",
            "dtmfOptions": {"interToneTimeoutInSeconds": 2, "maxTonesToCollect": 1},
            "speechOptions": {"endSilenceTimeoutInMs": 2000},
        },
        "operationContext": "op-3",
    }


def test_keys_alone_are_listened_for_without_a_language(azure_acs):
    target = connected(azure_acs)
    calls_media.listen(target, [], how(to="keys"))
    assert azure_acs.sent("recognize")[0].body == {
        "recognizeInputType": "dtmf",
        "interruptCallMediaOperation": False,
        "recognizeOptions": {
            "interruptPrompt": True,
            "initialSilenceTimeoutInSeconds": 5,
            "targetParticipant": PHONE,
            "dtmfOptions": {"interToneTimeoutInSeconds": 2, "maxTonesToCollect": 1},
        },
        "operationContext": "op-1",
    }


def test_text_is_said_to_the_candidate_alone(azure_acs):
    target = connected(azure_acs)
    calls_media.speak(target, [WORDS], language="de-AT", context="op-9")
    assert azure_acs.sent("play")[0].body == {
        "playSources": [{"kind": "ssml", "ssml": {"ssmlText": GERMAN.format(WORDS)}}],
        "playTo": [PHONE],
        "interruptCallMediaOperation": False,
        "playOptions": {"loop": False},
        "operationContext": "op-9",
    }


def test_both_sides_are_recorded_the_candidate_first_below_the_folder(azure_acs):
    target, repeat = connected(azure_acs), once()
    recording_id = record(target, repeat)
    (sent,) = azure_acs.sent("start_recording")
    (recording,) = azure_acs.exchange.calls[target.connection_id].recordings
    assert recording.id == recording_id
    assert sent.body == {
        "callConnectionId": target.connection_id,
        "recordingStateCallbackUri": CALLBACK,
        "recordingContentType": "audio",
        "recordingChannelType": "unmixed",
        "recordingFormatType": "wav",
        "channelAffinity": [{"channel": 0, "participant": PHONE}],
        "externalStorage": {
            "recordingStorageKind": "azureBlobStorage",
            "recordingDestinationContainerUrl": (
                "http://127.0.0.1:10000/devstoreaccount1/interview-recordings/org/call"
            ),
        },
    }
    assert sent.headers["repeatability-request-id"] == repeat.request_id


def test_hanging_up_ends_the_call_for_everybody(azure_acs):
    target = connected(azure_acs)
    alive = [calls.is_alive(target.connection_id)]
    calls.hang_up(target.connection_id)
    azure_acs.postman.settle()
    alive.append(calls.is_alive(target.connection_id))
    assert alive == [True, False]
    assert azure_acs.sent("hang_up")[0].path.startswith(
        f"/calling/callConnections/{target.connection_id}:terminate?"
    )


def test_what_is_said_is_cancelled_and_something_else_can_be_said(azure_acs):
    target = connected(azure_acs)
    azure_acs.exchange.pace = 60.0
    calls_media.speak(target, [WORDS], language="de", context="op-1")
    calls_media.cancel_media(target.connection_id)
    calls_media.speak(target, [WORDS], language="de", context="op-2")
    assert azure_acs.exchange.calls[target.connection_id].media == ("play", "op-2")


def test_ringing_telephone_is_alive(azure_acs):
    azure_acs.exchange.pace = 60.0
    assert calls.is_alive(place().connection_id)


@pytest.mark.parametrize("language", ["xx", "tlh"])
def test_language_without_a_voice_is_refused_before_anything_is_sent(azure_acs, language):
    with pytest.raises(PermanentFailure) as failed:
        calls_media.speak(place(), [WORDS], language=language, context="op-1")
    assert failed.value.code == "language_not_supported"
    assert len(azure_acs.requests) == 1


def test_language_that_is_spoken_but_not_understood_is_refused(azure_acs, settings):
    settings.AZURE_SPEECH_VOICES = {"tlh": "tlh-TLH-MaltzNeural"}
    in_klingon = calls_media.Listening("op-1", "tlh", "speech_or_keys", 5, 2, may_interrupt=True)
    with pytest.raises(PermanentFailure) as failed:
        calls_media.listen(place(), [WORDS], in_klingon)
    assert failed.value.code == "language_not_supported"


def test_nothing_is_not_said(azure_acs):
    with pytest.raises(PermanentFailure) as failed:
        calls_media.speak(place(), ["\x00 \x1f"], language="de", context="op-1")
    assert failed.value.code == "nothing_to_say"


def test_asking_for_a_call_that_cannot_be_shows_that_we_are_signed_in(azure_acs, settings):
    assert calls.ping() == "signed in"
    settings.AZURE_ACS_ACCESS_KEY = "d3Jvbmc="
    with pytest.raises(PermanentFailure) as failed:
        calls.ping()
    assert failed.value.code == "7509"
    assert "create_call" not in {sent.command for sent in azure_acs.requests}


def test_media_go_over_one_connection_and_what_counts_over_its_own(azure_acs):
    close_clients()
    azure_acs.exchange.callee = lambda _: Scripted(says=["1", "1", "1"])
    target = connected(azure_acs)
    for context in ("op-1", "op-2"):
        calls_media.listen(target, [], how(context))
        azure_acs.postman.settle()
    record(target)
    ports = {
        name: [sent.port for sent in azure_acs.sent(name)]
        for name in ("create_call", "recognize", "start_recording")
    }
    assert len({*ports["create_call"], *ports["start_recording"], *ports["recognize"]}) == 3
    assert ports["recognize"][0] == ports["recognize"][1]


def test_child_process_builds_its_own_clients(azure_acs, monkeypatch):
    ours = calls._client(call_provider())
    assert calls._client(call_provider()) is ours
    monkeypatch.setattr("talenti.azure.calls.os.getpid", lambda: 1)
    assert calls._client(call_provider()) is not ours
    close_clients()


def test_sdk_is_ready_after_warming_up_and_nothing_was_sent(azure_acs):
    close_clients()
    calls.warm_up()
    assert len(calls._clients) == 2
    assert azure_acs.requests == []


def test_secrets_are_not_shown_by_what_holds_them(azure_acs):
    shown = repr(call_provider())
    assert azure_acs.key not in shown
    assert CALLER not in shown


def test_everything_missing_is_named(settings):
    settings.PUBLIC_URL = "http://talenti.example"
    assert missing_settings(CallProvider()) == [
        "AZURE_ACS_CONNECTION_STRING is missing: nothing else can place calls.",
        "AZURE_ACS_CALLER_NUMBER is missing: a call needs the number it comes from.",
        OWN_ADDRESS,
        "AZURE_STORAGE_ACCOUNT is missing: recordings of calls are written to it.",
        "PUBLIC_URL must be an https address: the events of calls are sent there.",
    ]


def test_address_of_a_whole_region_does_not_speak_in_calls(azure_acs, settings):
    settings.AZURE_SPEECH_ENDPOINT = "https://australiaeast.api.cognitive.microsoft.com"
    (missing,) = missing_settings(call_provider())
    assert missing == OWN_ADDRESS


def test_complete_settings_lack_nothing(azure_acs):
    assert missing_settings(call_provider()) == []


@pytest.mark.parametrize("command", ON_A_CALL)
def test_every_command_of_a_call_is_as_the_service_takes_it(azure_acs, command):
    ON_A_CALL[command](connected(azure_acs))
    assert [sent.command for sent in azure_acs.requests] == ["create_call", command]
