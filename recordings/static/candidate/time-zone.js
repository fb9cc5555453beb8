// Where the candidate is: the browser knows its time zone, so nobody has to look for it in a list.

const form = document.querySelector("form[data-zone]");
const select = form?.elements.time_zone;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const isKnown = [...(select?.options ?? [])].some((option) => option.value === here);

function address(zone) {
  return `${form.getAttribute("action")}?${new URLSearchParams({ time_zone: zone })}`;
}

if (form && isKnown && !form.dataset.zone) {
  window.location.replace(address(here)); // nothing is stored by looking
} else if (form && isKnown && form.dataset.zone !== here) {
  const link = document.getElementById("zone-here");
  link.href = address(here);
  link.textContent = here.replaceAll("_", " ");
  document.getElementById("zone-differs").hidden = false;
}

// Whoever writes a time of their own has chosen it.
document.getElementById("own")?.addEventListener("input", () => {
  document.getElementById("own-choice").checked = true;
});
