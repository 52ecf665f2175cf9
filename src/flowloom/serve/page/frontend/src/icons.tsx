/** The few signs of the page, drawn by hand on a field of 24 points. */
const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h10",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  mic: "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3",
  clip: "M20 11.5l-8.2 8.2a5 5 0 0 1-7-7L13 4.4a3.4 3.4 0 0 1 4.8 4.8l-8.2 8.1a1.7 1.7 0 0 1-2.4-2.4l7.5-7.4",
  copy: "M9 9h10v11H9zM5 15V4h10",
  check: "M5 12.5l4.5 4.5L19 7.5",
  up: "M7 11v9H4v-9zM7 11l4-7c1.6 0 2.6 1 2.4 2.6L13 10h5.2c1.2 0 2 1 1.8 2.1l-1 6c-.2 1-1 1.9-2 1.9H7",
  down: "M17 13V4h3v9zM17 13l-4 7c-1.6 0-2.6-1-2.4-2.6L11 14H5.800c-1.200 0-2-1-1.800-2.100l1-6C5.200 4.900 6 4 7 4h10",
  again: "M19 12a7 7 0 1 1-2.200-5.100M19 4v4h-4",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  shield: "M12 3l8 3v6c0 4.500-3.300 7.800-8 9-4.700-1.200-8-4.500-8-9V6z",
  eye: "M2.500 12c4.500-8 14.500-8 19 0c-4.500 8-14.500 8-19 0zM12 9a3 3 0 1 1 0 6a3 3 0 1 1 0-6z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  duplicate: "M8 8h12v12H8zM4 16V4h12",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  hand: "M12 8v5M12 16.500h.01M12 3l9.500 17H2.500z",
  ask: "M12 3a9 9 0 1 1-4.500 16.800L3 21l1.200-4.500A9 9 0 0 1 12 3zM9.800 9.500a2.300 2.300 0 1 1 3.300 2.100c-.7.4-1.100.9-1.100 1.700M12 16.200h.01",
  bookmark: "M7 4h10v16l-5-4-5 4z",
  book: "M4 5c3-1.200 5.500-1 8 .8 2.500-1.800 5-2 8-.8v14c-3-1.200-5.500-1-8 .8-2.500-1.800-5-2-8-.8zM12 6v14",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" class={`icon i-${name}`}>
      <path d={PATHS[name]} />
    </svg>
  );
}
