// The player: one audio element for all recordings of an interview. An address is asked for when
// somebody listens, and again when it has expired.

export function startPlayer(token) {
  const player = document.querySelector("[data-player]");
  if (!player) return;
  const audio = player.querySelector("[data-audio]");
  const now = player.querySelector("[data-now]");
  const recordings = [...player.querySelectorAll("[data-recordings] li")];
  const segments = [...document.querySelectorAll("[data-segment][data-recording]")];
  let current = null;
  let expires = 0;

  const say = (text) => { now.textContent = text; };

  async function address(recording) {
    const answer = await fetch(recording.dataset.address, {
      method: "POST",
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.detail || "The recording cannot be played now.");
    expires = Date.parse(body.expires_at);
    return body.url;
  }

  async function load(recording) {
    if (current === recording && Date.now() < expires - 5000 && !audio.error) return;
    say("Loading …");
    const speed = audio.playbackRate;
    audio.src = await address(recording);
    current = recording;
    await new Promise((resolve, reject) => {
      audio.addEventListener("loadedmetadata", resolve, { once: true });
      audio.addEventListener("error", () => reject(new Error("This browser cannot play the file.")), {
        once: true,
      });
      audio.load();
    });
    audio.playbackRate = speed;
  }

  async function play(id, milliseconds) {
    const recording = recordings.find((one) => one.dataset.id === id) || recordings[0];
    if (!recording) return;
    try {
      await load(recording);
      audio.currentTime = Math.max(0, milliseconds / 1000);
      await audio.play();
      say(recording.textContent.trim());
    } catch (problem) {
      say(problem.message);
    }
  }

  function follow() {
    const at = audio.currentTime * 1000;
    for (const segment of segments) {
      const here =
        current?.dataset.id === segment.dataset.recording &&
        at >= Number(segment.dataset.from) - 100 &&
        at < Number(segment.dataset.to);
      if (here && !segment.classList.contains("t-playing")) bringIntoView(segment);
      segment.classList.toggle("t-playing", here);
    }
  }

  function bringIntoView(segment) {
    if (audio.paused || segment.contains(document.activeElement)) return;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    segment.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-play]");
    if (!button) return;
    play(button.dataset.play, Number(button.dataset.ms));
    if (button.dataset.go) {
      const segment = document.getElementById(button.dataset.go);
      segment?.scrollIntoView({ block: "center" });
    }
  });
  player.querySelector("[data-start]").addEventListener("click", () => {
    if (current && !audio.paused) audio.pause();
    else if (current) play(current.dataset.id, audio.currentTime * 1000);
    else if (recordings.length) play(recordings[0].dataset.id, 0);
  });
  player.querySelectorAll("[data-skip]").forEach((button) => {
    button.addEventListener("click", () => { audio.currentTime += Number(button.dataset.skip); });
  });
  player.querySelector("[data-speed]").addEventListener("change", (event) => {
    audio.playbackRate = Number(event.target.value);
    audio.defaultPlaybackRate = audio.playbackRate;
  });
  audio.addEventListener("timeupdate", follow);
  audio.addEventListener("ended", () => {
    const next = recordings[recordings.indexOf(current) + 1];
    if (next) play(next.dataset.id, 0);
  });
  const start = player.querySelector("[data-start]");
  const show = () => {
    start.lastChild.textContent = audio.paused ? " Play" : " Pause";
    start.querySelector(".material-symbols-outlined").textContent = audio.paused
      ? "play_arrow"
      : "pause";
  };
  audio.addEventListener("play", show);
  audio.addEventListener("pause", show);
  start.disabled = false;
}
