/** Adds documents to blocks, one drop after the other where they are for the same block. */
import { useCallback, useRef } from "react";
import type { Catalog } from "../model";
import type { CanvasStores } from "../store";
import type { Sync } from "../sync/sync";
import type { Say } from "../texts";
import { addDocuments, type Documents, type Dropped } from "./add";

/** Milliseconds for which it is said on the card that all went well. */
const SHOWN = 8_000;

interface World {
  sync: Sync;
  stores: CanvasStores;
  say: Say;
  language: string;
  catalog: Catalog;
  readOnly: boolean;
  /** The page shall show what has changed. */
  onAdded: () => void;
}

export function useDocuments({ sync, stores, say, language, catalog, readOnly, onAdded }: World) {
  const turns = useRef(new Map<string, Promise<void>>());
  return useCallback(
    (node: string, dropped: Dropped[]) => {
      const { documents: limits } = catalog;
      if (readOnly || !limits || !dropped.length) return;
      const tell = (told: Documents) => {
        stores.tellDocuments(node, told);
        if (told.state !== "ended") return;
        if (told.said) onAdded();
        if (!told.problems.length) setTimeout(() => stores.documents.get().get(node) === told && stores.tellDocuments(node, null), SHOWN);
      };
      const adding = { server: sync.server, limits, say, language, renew: () => sync.newToken(), tell };
      const before = turns.current.get(node) ?? Promise.resolve();
      turns.current.set(node, before.then(() => addDocuments(adding, node, dropped)));
    },
    [sync, stores, say, language, catalog, readOnly, onAdded],
  );
}
