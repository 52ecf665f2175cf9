export default function ({ parentElement, data: [data] }) {
  const button = parentElement.querySelector("button");
  button.title = data.label;
  button.setAttribute("aria-label", data.label);
  button.onclick = async () => {
    await navigator.clipboard.writeText(data.text);
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, 1500);
  };
}
