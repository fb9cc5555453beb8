// Records one answer, lets it be heard and recorded again, and sends it.

import { canRecord, closeMicrophone, makeRecorder, openMicrophone, showLevel, watchLevel, wordsOf }
  from "./microphone.js";
import { sendTake } from "./upload.js";

const CHUNK_MS = 1000;
const AUDIBLE = 0.35;
const SHOWN = {
  idle: ["record"],
  asking: [],
  recording: ["stop", "meter"],
  review: ["playback", "send", "again"],
  sending: ["sending"],
};

const find = (id) => document.getElementById(id);
const recorderCard = find("recorder");
const words = JSON.parse(find("words").textContent);
const limitMs = Number(recorderCard.dataset.limit) * 1000;
const longestMs = Number(recorderCard.dataset.longest) * 1000;
let take = null; // {blob, url}: what was recorded last and not sent yet
let session = null; // the recording that runs
let isLeaving = false;

function show(state, text = words[state] ?? "") {
  const hadFocus = recorderCard.contains(document.activeElement) || document.activeElement === document.body;
  for (const id of new Set(Object.values(SHOWN).flat())) find(id).hidden = !SHOWN[state].includes(id);
  recorderCard.dataset.state = state;
  document.dispatchEvent(new CustomEvent("recorder", { detail: state }));
  recorderCard.setAttribute("aria-busy", String(state === "sending"));
  find("status").textContent = text;
  const button = SHOWN[state].map(find).find((element) => element.tagName === "BUTTON");
  if (hadFocus && state !== "idle") button?.focus();
}

function tellProblem(text = "") {
  find("problem").textContent = text;
  find("problem").hidden = !text;
}

async function record() {
  tellProblem();
  show("asking");
  let stream;
  try {
    stream = await openMicrophone();
    session = begin(stream);
  } catch (error) {
    closeMicrophone(stream);
    show(take ? "review" : "idle");
    tellProblem(wordsOf(error, words));
    return;
  }
  show("recording");
}

function begin(stream) {
  const recorder = makeRecorder(stream);
  const running = { recorder, stream, chunks: [], startedAt: performance.now(), loudest: 0 };
  recorder.ondataavailable = (event) => event.data.size && running.chunks.push(event.data);
  recorder.onstop = () => finish(running);
  stream.getAudioTracks()[0].onended = () => end(words.interrupted);
  recorder.start(CHUNK_MS);
  running.unwatch = watchLevel(stream, (level) => {
    running.loudest = Math.max(running.loudest, level);
    showLevel(find("level"), level);
  });
  running.timer = setInterval(() => tick(running), 250);
  navigator.wakeLock?.request("screen").then((lock) => { running.lock = lock; }, () => {});
  return running;
}

function tick(running) {
  const passed = performance.now() - running.startedAt;
  const seconds = Math.floor(passed / 1000);
  find("elapsed").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (passed > longestMs) end(words.longest);
  else if (passed > limitMs && !running.isPastLimit) {
    running.isPastLimit = true;
    find("status").textContent = words.past_limit;
  }
}

// Stops; what was said until now is kept, whoever stopped it.
function end(reason = "") {
  if (!session || session.recorder.state === "inactive") return;
  session.reason = reason;
  session.recorder.stop();
}

function finish(running) {
  clearInterval(running.timer);
  running.unwatch();
  closeMicrophone(running.stream);
  running.lock?.release();
  session = null;
  find("elapsed").textContent = "0:00";
  const blob = new Blob(running.chunks, { type: running.recorder.mimeType });
  if (!blob.size) {
    show(take ? "review" : "idle");
    tellProblem(words.nothing);
    return;
  }
  if (take) URL.revokeObjectURL(take.url);
  take = { blob, url: URL.createObjectURL(blob) };
  find("playback").src = take.url;
  show("review", running.reason || (running.loudest < AUDIBLE ? words.silent : words.review));
}

async function send() {
  tellProblem();
  find("playback").pause();
  find("sending").value = 0;
  show("sending");
  const onProgress = (share) => { find("sending").value = share; };
  const { next, message } = await sendTake(take, {
    announceUrl: recorderCard.dataset.announce, onProgress, words,
  });
  if (next) {
    isLeaving = true;
    find("status").textContent = words.sent;
    location.assign(next);
    return;
  }
  find("send").textContent = words.send_again;
  show("review", "");
  tellProblem(message);
}

function start() {
  if (find("text").value) find("writing").open = true; // a draft
  recorderCard.hidden = false;
  find("record").addEventListener("click", record);
  find("again").addEventListener("click", record);
  find("stop").addEventListener("click", () => end());
  find("send").addEventListener("click", send);
  show("idle");
}

if (canRecord) {
  start();
} else {
  find("unsupported").hidden = false;
  find("writing").open = true;
}

find("writing").querySelector("form").addEventListener("submit", () => { isLeaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && (take || session)) event.preventDefault();
});
