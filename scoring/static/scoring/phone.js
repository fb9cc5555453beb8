// The section about calls: while one lives its parts are fetched anew, without loading the page.

const SECONDS = 2;
const FAILURES_BORNE = 15;

// --- what is happening now ------------------------------------------------------------------
function replaceParts(old, fresh) {
  for (const part of old.querySelectorAll("[data-part]")) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    // From the innermost part outwards, and only what differs: what is read aloud stays quiet.
    if (next && !part.querySelector("[data-part]") && part.innerHTML !== next.innerHTML) {
      const wasAtEnd = isAtEnd(part);
      part.innerHTML = next.innerHTML;
      if (wasAtEnd) part.scrollTop = part.scrollHeight;
    }
  }
}

// Whoever has scrolled back to read is left there.
const isAtEnd = (part) => part.scrollTop + part.clientHeight >= part.scrollHeight - 8;

function hasSameParts(old, fresh) {
  const names = (root) => [...root.querySelectorAll("[data-part]")].map((one) => one.dataset.part);
  return names(old).join() === names(fresh).join();
}

async function fetchState(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const shell = document.createElement("template");
  shell.innerHTML = await answer.text();
  return shell.content.querySelector("[data-state]");
}

function show(live, fresh) {
  const old = live.querySelector("[data-state]");
  if (hasSameParts(old, fresh)) {
    replaceParts(old, fresh);
    for (const name of ["data-moving", "data-open"]) {
      old.toggleAttribute(name, fresh.hasAttribute(name));
    }
  } else {
    live.replaceChildren(fresh);
  }
}

export function watchCall(onOver) {
  const section = document.querySelector("[data-phone]");
  const live = section?.querySelector("[data-live]");
  if (!live) return;
  const is = (name) => live.querySelector("[data-state]").hasAttribute(`data-${name}`);
  let wasOpen = is("open");
  let failures = 0;

  async function look() {
    if (!document.hidden) {
      try {
        show(live, await fetchState(section.dataset.address));
        failures = 0;
      } catch {
        failures += 1;
      }
    }
    if (wasOpen && !is("open")) {
      wasOpen = false;
      section.querySelector("[data-stop]")?.remove();
      onOver();
    }
    if (is("moving") && failures < FAILURES_BORNE) setTimeout(look, SECONDS * 1000);
  }
  const timeline = live.querySelector('[data-part="timeline"]');
  if (timeline && wasOpen) timeline.scrollTop = timeline.scrollHeight;
  if (is("moving")) setTimeout(look, SECONDS * 1000);
}

// --- a time there is a time here ------------------------------------------------------------
function momentOf(local, zone) {
  // What a clock there shows at the guessed moment says how far off the guess is.
  const guess = new Date(`${local}:00Z`);
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone, dateStyle: "short", timeStyle: "medium",
  }).format(guess);
  const shown = new Date(`${parts.replace(" ", "T")}Z`);
  return new Date(guess.getTime() * 2 - shown.getTime());
}

export function showYourTime() {
  const form = document.querySelector("form[data-plan]");
  if (!form) return;
  const hint = form.querySelector("[data-yours]");
  const words = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });
  const tell = () => {
    const local = form.elements.local.value;
    hint.textContent = local ? `For you: ${words.format(momentOf(local, form.dataset.zone))}` : "";
  };
  form.addEventListener("input", tell);
  tell();
}
