// What every page does: put the focus where reading goes on, send each form once, keep drafts.

const DRAFT = "draft-";

document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.isSent) event.preventDefault();
    form.dataset.isSent = "yes";
    form.querySelector("[type=submit]").setAttribute("aria-disabled", "true");
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.isSent;
    form.querySelector("[type=submit]").removeAttribute("aria-disabled");
  }
});

// A draft lives in this tab only, until the answer to its question was taken.
function forgetDrafts(except) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(DRAFT) && key !== except) sessionStorage.removeItem(key);
  }
}

function keepDraft(form) {
  const key = DRAFT + form.dataset.draft;
  const field = form.elements.text;
  forgetDrafts(key);
  if (!field.value) field.value = sessionStorage.getItem(key) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
}

try {
  const form = document.querySelector("form[data-draft]");
  if (form) keepDraft(form);
  if (document.querySelector("[data-forget]")) forgetDrafts();
} catch {
  // Storage may be forbidden in this browser; the text in the field is still sent.
}
