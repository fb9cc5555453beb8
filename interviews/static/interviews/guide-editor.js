// The guide editor: add, move and remove blocks. The order on the page is the order that is sent.

const editor = document.querySelector("[data-editor]");

if (editor) {
  const blocks = (kind) => editor.querySelector(`[data-blocks="${kind}"]`);
  const template = (kind) => document.querySelector(`[data-template="${kind}"]`);
  let added = 0;

  const number = () => {
    blocks("question").querySelectorAll("[data-number]").forEach((place, index) => {
      place.textContent = String(index + 1);
    });
  };

  const competencies = () =>
    [...blocks("competency").querySelectorAll('[data-block="competency"]')].map((block) => ({
      key: block.querySelector('[name="competency_key"]').value,
      name: block.querySelector("[data-name]").value.trim() || "Unnamed competency",
    }));

  const offerCompetencies = () => {
    const offered = competencies();
    for (const select of blocks("question").querySelectorAll("[data-competency]")) {
      const chosen = select.value;
      const options = [new Option("Choose", "")];
      for (const { key, name } of offered) options.push(new Option(name, key));
      select.replaceChildren(...options);
      select.value = offered.some(({ key }) => key === chosen) ? chosen : "";
    }
  };

  const changed = () => {
    editor.querySelector("[data-unsaved]").hidden = false;
    editor.dataset.changed = "yes";
  };

  const add = (kind) => {
    const block = template(kind).content.firstElementChild.cloneNode(true);
    if (kind === "competency") {
      added += 1;
      block.querySelector('[name="competency_key"]').value = `new-${added}`;
    }
    blocks(kind).append(block);
    offerCompetencies();
    number();
    changed();
    block.querySelector("input:not([type=hidden]), textarea").focus();
  };

  const move = (button) => {
    const block = button.closest("[data-block]");
    const other =
      button.dataset.move === "up" ? block.previousElementSibling : block.nextElementSibling;
    if (!other) return;
    if (button.dataset.move === "up") other.before(block);
    else other.after(block);
    number();
    offerCompetencies();
    changed();
    button.focus();
  };

  const remove = (button) => {
    const block = button.closest("[data-block]");
    const filled = [...block.querySelectorAll("textarea, [data-name]")].some((one) => one.value);
    if (filled && !window.confirm("Remove this block with its text?")) return;
    const next = block.nextElementSibling || block.previousElementSibling;
    block.remove();
    offerCompetencies();
    number();
    changed();
    next?.querySelector("input:not([type=hidden]), textarea")?.focus();
  };

  editor.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.add) add(button.dataset.add);
    else if (button.dataset.move) move(button);
    else if ("remove" in button.dataset) remove(button);
  });
  editor.addEventListener("input", (event) => {
    changed();
    if (!("name" in event.target.dataset)) return;
    const block = event.target.closest("[data-block]");
    block.querySelector("[data-title]").textContent = event.target.value || "New competency";
    offerCompetencies();
  });
  editor.addEventListener("submit", () => {
    delete editor.dataset.changed;
  });
  window.addEventListener("beforeunload", (event) => {
    if (editor.dataset.changed) event.preventDefault();
  });
  number();
}

// --- while an author drafts this guide: look whether it has ended ----------------------------
const SECONDS = navigator.connection?.saveData ? 20 : 4;
async function look() {
  if (document.hidden || editor?.dataset.changed) return;
  const answer = await fetch(window.location.href);
  if (!answer.ok || (await answer.text()).includes("data-drafting")) return;
  if (!editor?.dataset.changed) window.location.reload();
}
if (document.querySelector("[data-drafting]")) {
  setInterval(() => look().catch(() => {}), SECONDS * 1000);
}
