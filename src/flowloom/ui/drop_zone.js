const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const nameOf = (file) => file.webkitRelativePath || file.name;

// With progress, which fetch does not tell; the browser reads the file from its disk piece by piece.
function sent(data, file, onProgress) {
  return new Promise((done, failed) => {
    const call = new XMLHttpRequest();
    call.open("POST", `${data.base}?name=${encodeURIComponent(nameOf(file))}`);
    call.setRequestHeader("X-Flowloom-Token", data.token);
    call.setRequestHeader("Content-Type", "application/octet-stream");
    call.upload.onprogress = (event) => onProgress(Math.floor((100 * event.loaded) / Math.max(1, event.total)));
    call.onload = () => (call.status === 200 ? done() : failed(said(call.responseText)));
    call.onerror = call.onabort = () => failed("");
    call.send(file);
  });
}

function said(answer) {
  try {
    const { message, hint } = JSON.parse(answer).problem;
    return [message, hint].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const find = (name) => parentElement.querySelector(name);
  const [zone, list, alert, status] = [find(".zone, .page"), find("ul"), find("[role=alert]"), find("[role=status]")];
  const { texts } = data;
  zone.data = data; // What is under way goes on with the newest token.

  async function take(files) {
    if (zone.busy || !files.length) return;
    zone.busy = true;
    const problems = [];
    for (const file of files) {
      const values = { file: file.name };
      const ending = file.name.split(".").pop().toLowerCase();
      if (!data.endings.includes(ending)) problems.push(filled(texts.type, values));
      else if (file.size > data.most) problems.push(filled(texts.large, values));
      else {
        const tell = (percent) => (status.textContent = filled(texts.sending, { ...values, percent }));
        tell(0);
        try {
          await sent(zone.data, file, tell);
          status.textContent = filled(texts.taken, values);
        } catch (problem) {
          status.textContent = "";
          problems.push(problem || filled(texts.lost, values));
        }
      }
    }
    alert.textContent = problems.join(" ");
    zone.busy = false;
    // Where no window is open yet, none opens for what was refused.
    if (!data.page || problems.length < files.length) setTriggerValue("changed", Date.now());
  }

  function row(file) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    button.setAttribute("aria-label", filled(texts.remove, { file: file.name }));
    button.onclick = async () => {
      button.disabled = true;
      const headers = { "X-Flowloom-Token": data.token };
      const answer = await fetch(`${data.base}/${file.id}`, { method: "DELETE", headers }).catch(() => null);
      alert.textContent = answer?.ok ? "" : filled(texts.stays, { file: file.name });
      status.textContent = "";
      setTriggerValue("changed", Date.now());
    };
    const name = Object.assign(document.createElement("span"), { textContent: file.name });
    item.append(name, Object.assign(document.createElement("small"), { textContent: file.size }), button);
    return item;
  }

  if (!zone.firstChild) {
    const input = Object.assign(document.createElement("input"), { type: "file", multiple: true, id: "files" });
    const label = Object.assign(document.createElement("label"), { htmlFor: "files", textContent: texts.choose });
    const words = Object.assign(document.createElement("span"), { textContent: texts.drop });
    zone.append(input, label, words, Object.assign(document.createElement("small"), { textContent: texts.limit }));
  }
  const input = zone.querySelector("input");
  input.accept = data.endings.map((ending) => `.${ending}`).join();
  input.onchange = () => {
    const files = [...input.files];
    input.value = "";
    take(files);
  };
  list.replaceChildren(...data.files.map(row));
  zone.classList.toggle("zone", !data.page);
  zone.classList.toggle("page", data.page);

  // Files may be dropped anywhere on the page: the browser would leave it for them otherwise.
  const over = (event) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  };
  const leave = (event) => event.relatedTarget || zone.classList.remove("over");
  const drop = (event) => {
    zone.classList.remove("over");
    if (event.defaultPrevented || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  };
  const heard = { dragover: over, dragleave: leave, drop };
  zone.silence?.();
  const places = [zone, document];
  const each = (does) => places.forEach((place) => Object.entries(heard).forEach((pair) => does(place, ...pair)));
  each((place, name, does) => place.addEventListener(name, does));
  zone.silence = () => each((place, name, does) => place.removeEventListener(name, does));
  return () => zone.silence();
}
