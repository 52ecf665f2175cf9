/** A Material Symbol by name; the page already carries the font. */
export function Icon({ name, className = "" }: { name: string; className?: string }) {
  return (
    <span className={`fl-icon ${className}`} aria-hidden="true" translate="no">
      {name}
    </span>
  );
}
