/** The canvas as a whole: palette, board, toolbar. */
import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type PointerEvent } from "react";
import { Board } from "./board/Board";
import { TipLayer } from "./board/Tip";
import { useActions } from "./board/useActions";
import { Chooser } from "./Chooser";
import { CanvasContext, type CanvasWorld } from "./context";
import { useDocuments } from "./documents/useDocuments";
import { useFileDrags } from "./documents/useFileDrags";
import { allowedPairs } from "./flow/ports";
import type { CanvasData } from "./model";
import { Finder } from "./Finder";
import { Menu } from "./Menu";
import { ReplayBar } from "./ReplayBar";
import { Shortcuts } from "./Shortcuts";
import { EmptyState, Toasts } from "./Overlays";
import { Palette, PaletteOpener } from "./palette/Palette";
import type { CanvasStores } from "./store";
import type { Sync } from "./sync/sync";
import { type Say, speaker } from "./texts";
import { SelectionBar, Toolbar } from "./Toolbar";

const NARROW = 700;

interface Props {
  data: CanvasData;
  sync: Sync;
  stores: CanvasStores;
  onSelect: (ids: string[]) => void;
  onAdded: () => void;
}

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Frame {...props} />
    </ReactFlowProvider>
  );
}

function Frame({ data, sync, stores, onSelect, onAdded }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const { catalog, language = "en", read_only: readOnly = false } = data;
  const say = useMemo(() => speaker(catalog.texts), [catalog]);
  const allowed = useMemo(() => allowedPairs(catalog), [catalog]);
  const actions = useActions({ sync, stores, say, readOnly, root, catalog, allowed });
  const flow = useCallback(() => stores.flow.get(), [stores]);
  const valueOf = useCallback((run: string, from: string) => sync.server.value(run, from), [sync]);
  const replay = useCallback((run: string) => void replayRun(run, sync, stores, say), [sync, stores, say]);
  const addDocuments = useDocuments({ sync, stores, say, language, catalog, readOnly, onAdded });
  const world = useMemo<CanvasWorld>(
    () => ({ stores, catalog, allowed, say, language, readOnly, actions, flow, addDocuments, valueOf, replay }),
    [stores, catalog, allowed, say, language, readOnly, actions, flow, addDocuments, valueOf, replay],
  );
  const drags = useFileDrags(root, world);
  useEffect(() => {
    if (data.replay) replay(data.replay.run);
    // Only a new nonce asks anew.
  }, [data.replay?.nonce]);
  const narrow = width < NARROW;
  return (
    <CanvasContext value={world}>
      <div
        ref={root}
        className={`fl-root${narrow ? " fl-narrow" : ""}`}
        data-testid="canvas"
        tabIndex={-1}
        lang={language}
        onPointerDownCapture={claimFocus}
        {...drags}
      >
        {!readOnly && <Palette root={root} narrow={narrow} />}
        <div className="fl-board">
          <div className="fl-stage">
            <Board root={root} actions={actions} focus={data.focus ?? null} narrow={narrow} onSelect={onSelect} />
            <EmptyState narrow={narrow} />
            <Finder />
            <Toasts />
          </div>
          <ReplayBar />
          <footer className="fl-foot">
            <PaletteOpener narrow={narrow} />
            <Toolbar />
            <SelectionBar />
          </footer>
        </div>
        <TipLayer />
        <Chooser />
        <Menu />
        <Shortcuts />
      </div>
    </CanvasContext>
  );
}

async function replayRun(run: string, sync: Sync, stores: CanvasStores, say: Say) {
  const steps = await sync.server.replay(run).catch(() => []);
  if (steps.length) stores.showStep(steps, 0);
  else stores.toast(say("no_replay"), "warning");
}

/** A press on the bare board moves no focus by itself, and the shortcuts would go to the page. */
function claimFocus(event: PointerEvent<HTMLElement>) {
  const target = event.target as Element;
  if (target.closest("input, textarea, button, [tabindex='0']")) return;
  event.currentTarget.focus({ preventScroll: true });
}

function useWidth(root: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(900);
  useLayoutEffect(() => {
    const element = root.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, [root]);
  return width;
}
