// Trying it without leaving the page: the result comes into it, pictures stay in this browser's memory, the camera helps.

const form = document.querySelector("form[data-tries]");
const result = document.getElementById("result");

const slotOf = (name) => form.querySelector(`[data-slot="${CSS.escape(name)}"]`);
const addresses = new Map();

// The address, in this browser's memory, of the picture that was chosen for a slot.
function own(name, file) {
  if (addresses.has(name)) URL.revokeObjectURL(addresses.get(name));
  const slot = slotOf(name);
  const thumb = slot.querySelector(".own");
  if (!file) {
    addresses.delete(name);
    thumb.hidden = true;
    return;
  }
  addresses.set(name, URL.createObjectURL(file));
  thumb.hidden = false;
  thumb.querySelector("img").src = addresses.get(name);
  thumb.querySelector("input").checked = true;
}

function choose(name, file) {
  const files = new DataTransfer();
  files.items.add(file);
  slotOf(name).querySelector("input[type=file]").files = files.files;
  own(name, file);
}

// A sample that is chosen takes the place of a picture of one's own, and gives it back.
function sent() {
  const fields = new FormData(form);
  for (const slot of form.querySelectorAll("[data-slot]")) {
    const name = slot.dataset.slot;
    if (!slot.querySelector("[data-own]").checked) fields.delete(name);
  }
  return fields;
}

function finish() {
  for (const figure of result.querySelectorAll("[data-drawing]")) {
    const picture = figure.querySelector("img");
    const name = figure.dataset.drawing;
    const isOwn = form && slotOf(name)?.querySelector("[data-own]").checked;
    if (isOwn && addresses.has(name)) picture.src = addresses.get(name);
  }
  for (const code of result.querySelectorAll("[data-code]")) {
    const host = `http://${location.host}`;
    if (location.origin !== host) code.textContent = code.textContent.replaceAll(host, location.origin);
    code.dataset.code = code.textContent;
  }
  for (const box of result.querySelectorAll(".own-key")) box.hidden = false;
  for (const button of result.querySelectorAll("button[data-copy]")) button.hidden = false;
}

function fill() {
  for (const code of result.querySelectorAll("[data-code]")) {
    let text = code.dataset.code;
    for (const input of result.querySelectorAll("[data-fills]")) {
      if (input.value) text = text.replaceAll(input.dataset.fills, input.value);
    }
    code.textContent = text;
  }
}

function tell(text) {
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  result.replaceChildren(notice);
}

async function ask(event) {
  event.preventDefault();
  const button = form.querySelector(".go");
  const words = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: sent(),
      headers: { "X-Part": "result", "X-CSRF": document.querySelector("meta[name=csrf]").content },
    });
    const text = await answer.text();
    if (!answer.ok) {
      const page = new DOMParser().parseFromString(text, "text/html");
      tell(page.querySelector("[role=alert]")?.textContent ?? page.querySelector("main p")?.textContent ?? result.dataset.trouble);
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    result.replaceChildren(...page.body.childNodes);
    finish();
    const verdict = document.getElementById("verdict");
    verdict.focus({ preventScroll: true });
    result.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  } catch {
    tell(result.dataset.trouble);
  } finally {
    button.disabled = false;
    button.textContent = words;
  }
}

function openCamera(name) {
  const dialog = document.querySelector("dialog.camera");
  const video = dialog.querySelector("video");
  const trouble = dialog.querySelector("[role=alert]");
  const take = dialog.querySelector("[data-take]");
  let stream = null;
  trouble.hidden = true;
  take.disabled = true;
  dialog.showModal();
  const over = new AbortController();
  dialog.addEventListener("close", () => {
    over.abort();
    stream?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }, { once: true });
  dialog.querySelector("[data-leave]").addEventListener("click", () => dialog.close(), { signal: over.signal });
  take.addEventListener("click", async () => {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.92); });
    choose(name, new File([blob], `${name}.jpg`, { type: "image/jpeg" }));
    dialog.close();
  }, { signal: over.signal });
  navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 960 } } }).then((got) => {
    stream = got;
    if (!dialog.open) {
      got.getTracks().forEach((track) => track.stop());
      return;
    }
    video.srcObject = got;
    take.disabled = false;
  }, () => {
    trouble.textContent = dialog.dataset.trouble;
    trouble.hidden = false;
  });
}

// The first card of all takes seconds: whoever clicked should see that something goes on.
for (const choice of document.querySelectorAll(".choice form")) {
  choice.addEventListener("submit", () => {
    const button = choice.querySelector("[data-busy]");
    const words = button.textContent;
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
    window.addEventListener("pagehide", () => {
      button.textContent = words;
      button.removeAttribute("aria-busy");
    }, { once: true });
  });
}

if (form) {
  form.addEventListener("submit", ask);
  for (const slot of form.querySelectorAll("[data-slot]")) {
    const name = slot.dataset.slot;
    slot.querySelector("input[type=file]").addEventListener("change", (event) => own(name, event.target.files[0]));
    const camera = slot.querySelector("[data-camera]");
    if (navigator.mediaDevices?.getUserMedia) {
      camera.hidden = false;
      camera.addEventListener("click", () => openCamera(name));
    }
    slot.addEventListener("dragover", (event) => event.preventDefault());
    slot.addEventListener("drop", (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file?.type.startsWith("image/")) choose(name, file);
    });
  }
}

if (result) {
  result.addEventListener("input", (event) => {
    if (event.target.matches("[data-fills]")) fill();
  });
  result.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button || button.dataset.done !== undefined) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, 2000);
  });
  finish();
}
