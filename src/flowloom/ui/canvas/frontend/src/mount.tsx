/** One living canvas: its element, its React root and its line to the server. */
import "@xyflow/react/dist/base.css";
import "./style/tokens.css";
import "./style/board.css";
import "./style/block.css";
import "./style/documents.css";
import "./style/palette.css";
import "./style/overlays.css";
import { createRoot } from "react-dom/client";
import { Canvas } from "./Canvas";
import type { Component } from "./index";
import type { CanvasData, Catalog } from "./model";
import { CanvasStores, problemText } from "./store";
import { browserStorage } from "./storage";
import { Server } from "./sync/server";
import { Sync } from "./sync/sync";
import { speaker } from "./texts";

export interface Mounted {
  host: HTMLElement;
  update(component: Component): void;
  rest(): void;
  end(): void;
}

export function mount(first: CanvasData): Mounted {
  const host = document.createElement("div");
  host.className = "flowloom-canvas";
  const root = createRoot(host);
  const stores = new CanvasStores();
  let component: Component | null = null;
  let catalog: Catalog = first.catalog;
  let catalogText = JSON.stringify(catalog);
  const sync = new Sync(new Server(first.base, first.token), catalog, ears(), newClient(), browserStorage());
  const stopWatching = watchPage(sync);
  const select = (ids: string[]) => component?.setStateValue("selected", ids);

  const added = () => component?.setTriggerValue("added", Date.now());

  function ears() {
    return {
      flow: stores.flow.set.bind(stores.flow),
      connection: stores.connection.set.bind(stores.connection),
      status: stores.hearStatus.bind(stores),
      problem: (problem: Parameters<typeof problemText>[0] | null) =>
        stores.hearProblem(problem ? problemText(problem) : speaker(catalog.texts)("not_saved")),
      renew: () => component?.setTriggerValue("renew", Date.now()),
    };
  }

  function update(next: Component): void {
    component = next;
    const text = JSON.stringify(next.data.catalog);
    if (text !== catalogText) {
      catalogText = text;
      catalog = next.data.catalog;
      sync.learn(catalog);
    }
    host.style.setProperty("--fl-height", `${next.data.height ?? 720}px`);
    if (host.parentElement !== next.parentElement) next.parentElement.append(host);
    host.dataset.theme = themeOf(host);
    sync.renewed(next.data.token);
    root.render(<Canvas data={{ ...next.data, catalog }} sync={sync} stores={stores} onSelect={select} onAdded={added} />);
  }

  const hook = { state: () => ({ ...stateOf(stores), pending: sync.pending }) };
  Object.assign(window, { __flowloomCanvas: hook });
  sync.start();
  return {
    host,
    update,
    rest: () => sync.leave(),
    end() {
      stopWatching();
      sync.stop();
      root.unmount();
    },
  };
}

/** Light or dark, read off the page's own background. */
function themeOf(host: HTMLElement): "light" | "dark" {
  const probe = document.createElement("span");
  probe.style.color = "var(--st-background-color, #fff)";
  host.append(probe);
  const [red = 255, green = 255, blue = 255] = getComputedStyle(probe).color.match(/[\d.]+/g)?.map(Number) ?? [];
  probe.remove();
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128 ? "dark" : "light";
}

function stateOf(stores: CanvasStores) {
  const { nodes, edges, layout, revision } = stores.flow.get();
  return { nodes: Object.values(nodes), edges, layout, revision };
}

function newClient(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const HIDDEN_FOR = 20_000;

/** Follow the page's life: send what is left when it goes, free the line while nobody looks. */
function watchPage(sync: Sync): () => void {
  const life = new AbortController();
  const { signal } = life;
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const leave = () => sync.leave();
  const back = () => sync.retry();
  const look = () => {
    clearTimeout(hidden);
    if (document.visibilityState === "visible") return back();
    leave();
    hidden = setTimeout(() => sync.rest(), HIDDEN_FOR);
  };
  window.addEventListener("pagehide", leave, { signal });
  window.addEventListener("beforeunload", leave, { signal });
  window.addEventListener("online", back, { signal });
  window.addEventListener("pageshow", back, { signal });
  document.addEventListener("visibilitychange", look, { signal });
  return () => {
    clearTimeout(hidden);
    life.abort();
  };
}
