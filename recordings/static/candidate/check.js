// A test of the microphone before the interview; nothing is recorded.

import { canRecord, closeMicrophone, openMicrophone, showLevel, watchLevel, wordsOf }
  from "./microphone.js";

const AUDIBLE = 0.35;
const words = JSON.parse(document.getElementById("words").textContent);
const [section, bar, status, button] = ["check", "check-level", "check-status", "check-button"]
  .map((id) => document.getElementById(id));
let stop = null;

async function listen() {
  status.textContent = words.asking;
  let stream;
  try {
    stream = await openMicrophone();
  } catch (error) {
    status.textContent = wordsOf(error, words);
    return;
  }
  status.textContent = words.listening;
  button.textContent = words.stop;
  const unwatch = watchLevel(stream, (level) => {
    showLevel(bar, level);
    if (level > AUDIBLE && status.textContent !== words.heard) status.textContent = words.heard;
  });
  stop = () => {
    unwatch();
    closeMicrophone(stream);
    showLevel(bar, 0);
    stop = null;
    button.textContent = words.start;
    status.textContent = words.stopped;
  };
}

section.hidden = false;
if (canRecord) {
  button.addEventListener("click", async () => {
    button.disabled = true; // one question for permission at a time
    await (stop ? stop() : listen());
    button.disabled = false;
    button.focus();
  });
} else {
  status.textContent = words.unsupported;
  button.hidden = true;
}
