// Show only the questions that fit the chosen channel and candidate.

const form = document.querySelector("[data-new-interview]");

if (form) {
  const part = (name) => form.querySelector(`[data-field="${name}"]`);
  const show = () => {
    const uploaded = form.elements.channel.value === "upload";
    part("consent_declared").hidden = !uploaded;
    part("invite_now").hidden = uploaded;
    const known = form.elements.candidate.value !== "";
    for (const name of ["name", "email", "phone"]) part(name).hidden = known;
  };
  form.addEventListener("change", show);
  // The search field of the console announces its changes through jQuery alone.
  window.django?.jQuery?.(form.elements.candidate).on("change", show);
  show();
}
