const SCALE = 2;
const MOST = 8192; // Pixels on a side that every browser draws.

async function fetched(data, file) {
  const answer = await fetch(`${data.base}/${file.path}`, {
    headers: { "X-Flowloom-Token": data.token, "X-Flowloom-Options": encodeURIComponent(file.options) },
  });
  if (!answer.ok) throw new Error(answer.status);
  return answer.blob();
}

async function pixels(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  await image.decode();
  const scale = Math.min(SCALE, MOST / image.naturalWidth, MOST / image.naturalHeight);
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function buttonOf(data, file, say) {
  const button = document.createElement("button");
  button.dataset.icon = file.icon;
  button.title = file.hint;
  button.append(file.label);
  if (file.size) button.append(Object.assign(document.createElement("small"), { textContent: file.size }));
  button.onclick = async () => {
    say("");
    try {
      const blob = await fetched(data, file);
      save(file.as_pixels ? await pixels(blob) : blob, file.name);
    } catch {
      say(data.failed);
    }
  };
  return button;
}

export default function ({ parentElement, data: [data] }) {
  const list = parentElement.querySelector(".files"); // Streamlit puts a div around, which holds the style.
  const said = parentElement.querySelector("p");
  list.dataset.look = data.look;
  list.replaceChildren(...data.files.map((file) => buttonOf(data, file, (text) => (said.textContent = text))));
}
