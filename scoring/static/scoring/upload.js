// Uploading a recording: ask for an address, send the bytes there, say that they are complete.

export function startUpload(token) {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const outcome = form.querySelector("[data-outcome]");
  const progress = form.querySelector("[data-progress]");
  const button = form.querySelector("button");
  // The theme looks for a text field beside every file field; this one shows its own name.
  form.elements.file.hasChangeListener = true;

  async function post(address, values) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
      body: new URLSearchParams(values),
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.detail || "The server refused the upload.");
    return body;
  }

  function send({ method, url, headers }, file) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
      });
      request.addEventListener("load", () =>
        request.status < 300 ? resolve() : reject(new Error("The file could not be stored.")),
      );
      request.addEventListener("error", () => reject(new Error("The connection was lost.")));
      request.send(file);
    });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.elements.file.files[0];
    if (!file) return;
    button.disabled = true;
    progress.hidden = false;
    outcome.textContent = "Sending …";
    try {
      const { upload, complete } = await post(form.dataset.address, {
        filename: file.name.slice(0, 200),
        content_type: file.type,
        size: file.size,
        question: form.elements.question.value,
        speaker: form.elements.speaker.value,
      });
      await send(upload, file);
      outcome.textContent = "Checking the file …";
      await post(complete, {});
      window.location.reload();
    } catch (problem) {
      outcome.textContent = problem.message;
      button.disabled = false;
      progress.hidden = true;
    }
  });
  button.disabled = false;
}
