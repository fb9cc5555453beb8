// Reads the question aloud when it is asked to, and never by itself.

import { pause, post, Refused } from "./post.js";

const WAITS_MS = [1500, 3000]; // while somebody else has the same question prepared
const VOICES_MS = 1500; // browsers load their voices late

const find = (id) => document.getElementById(id);
const box = find("listen");
const button = find("listen-button");
const player = find("question-sound");
const words = JSON.parse(find("listen-words").textContent);
let isReading = false;

function tell(state, text = words[state] ?? "") {
  box.dataset.state = state;
  isReading = state === "reading";
  button.textContent = isReading ? words.stop : words.start;
  box.setAttribute("aria-busy", String(state === "preparing"));
  find("listen-status").textContent = text;
}

function stop() {
  player.pause();
  window.speechSynthesis?.cancel();
  tell("quiet");
}

async function askAddress() {
  for (const wait of WAITS_MS) {
    try {
      return await post(box.dataset.url, {}, words);
    } catch (error) {
      if (!(error instanceof Refused && error.sendAgain)) throw error;
      await pause(wait);
    }
  }
  return post(box.dataset.url, {}, words);
}

async function playSound() {
  const { url } = await askAddress();
  if (box.dataset.state !== "preparing") return; // a recording began meanwhile
  player.src = url;
  player.hidden = false;
  try {
    await player.play();
  } catch (error) {
    if (error.name === "NotAllowedError") tell("quiet", words.press_play); // too long after the click
    else if (error.name !== "AbortError") throw error;
  }
}

// Only voices on this device: others would send the question to somebody.
async function ownVoice(language) {
  const own = () => window.speechSynthesis.getVoices().filter((voice) => voice.localService);
  if (!own().length) {
    const loaded = new Promise((done) => {
      window.speechSynthesis.addEventListener("voiceschanged", done, { once: true });
    });
    await Promise.race([loaded, pause(VOICES_MS)]);
  }
  const tag = (voice) => voice.lang.replace("_", "-").toLowerCase();
  const wanted = language.toLowerCase();
  return own().find((voice) => tag(voice) === wanted)
    ?? own().find((voice) => tag(voice).split("-")[0] === wanted.split("-")[0]);
}

async function readByBrowser() {
  const { textContent: text, lang } = document.querySelector("h1.question");
  const voice = window.speechSynthesis && await ownVoice(lang);
  if (box.dataset.state !== "preparing") return;
  if (!voice) {
    tell("quiet", words.no_voice);
    return;
  }
  const speech = new SpeechSynthesisUtterance(text);
  speech.voice = voice;
  speech.lang = voice.lang;
  speech.onend = () => isReading && tell("quiet");
  speech.onerror = (event) => isReading && tell("quiet", event.error === "canceled" ? "" : words.failed);
  window.speechSynthesis.cancel();
  window.speechSynthesis.speak(speech);
  tell("reading");
}

async function listen() {
  if (isReading) {
    stop();
    return;
  }
  if (box.dataset.state === "preparing") return;
  tell("preparing");
  try {
    await (box.dataset.readBy === "audio" ? playSound() : readByBrowser());
  } catch (error) {
    tell("quiet", error instanceof Refused ? error.message : words.failed);
  }
}

player.addEventListener("playing", () => tell("reading"));
player.addEventListener("pause", () => isReading && tell("quiet"));
player.addEventListener("error", () => box.dataset.state === "reading" && tell("quiet", words.failed));
button.addEventListener("click", listen);
window.addEventListener("pagehide", stop);
document.addEventListener("recorder", ({ detail: state }) => {
  const isBusy = ["asking", "recording"].includes(state);
  button.disabled = isBusy; // what is read aloud would be recorded
  if (isBusy) stop();
});
box.hidden = false;
