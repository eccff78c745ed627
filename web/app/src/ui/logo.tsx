/** The product logo: an arch within an arch. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M8.5 25V13.5a7.5 7.5 0 0 1 15 0V25M13.5 25V14a2.5 2.5 0 0 1 5 0v11"
        className="fill-none stroke-on-accent"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
