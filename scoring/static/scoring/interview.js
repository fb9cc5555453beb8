// The page of one interview.

import { showYourTime, watchCall } from "./phone.js";
import { startPlayer } from "./player.js";
import { startUpload } from "./upload.js";

const page = document.querySelector("[data-interview]");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";

// --- forms that hold unsaved words ---------------------------------------------------------
let unsaved = false;
document.querySelectorAll("form[data-keep]").forEach((form) => {
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", (event) => {
    unsaved = false;
    const button = event.submitter;
    if (button) setTimeout(() => { button.disabled = true; });
  });
});
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// --- adding words, and one question for the segments that follow ----------------------------
document.querySelectorAll("[data-add-words]").forEach((button) => {
  button.addEventListener("click", () => {
    const part = button.closest(".t-part");
    const block = part.querySelector("template").content.firstElementChild.cloneNode(true);
    part.querySelector("[data-additions]").append(block);
    block.querySelector("textarea").focus();
  });
});
const questions = [...document.querySelectorAll("select[data-question]")];
questions.forEach((select) => { select.dataset.before = select.value; });
document.addEventListener("change", (event) => {
  const select = event.target.closest("select[data-question]");
  if (!select) return;
  const before = select.dataset.before;
  for (const one of questions.slice(questions.indexOf(select))) {
    if (one !== select && one.value !== before) break;
    one.value = select.value;
    one.dataset.before = select.value;
  }
});

// --- the page renews itself while something is under way ------------------------------------
const SECONDS = navigator.connection?.saveData ? 20 : 4;
async function look() {
  if (document.hidden) return;
  const answer = await fetch(page.dataset.state, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { version } = await answer.json();
  const listening = document.querySelector("[data-audio]")?.paused === false;
  if (version !== page.dataset.version && !unsaved && !listening) window.location.reload();
}
const keepLooking = () => setInterval(() => look().catch(() => {}), SECONDS * 1000);
if (page && "working" in page.dataset) keepLooking();
// A call that ended has moved the interview on: the rest of the page follows.
watchCall(keepLooking);
showYourTime();

startPlayer(token);
startUpload(token);
