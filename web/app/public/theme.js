// Sets the theme before the first paint. It is a file of its own, and not inlined, because the content
// security policy allows no inline script; it is the only place that knows how a choice becomes a look.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    let choice = null;
    try {
      choice = localStorage.getItem("vestibule-theme");
    } catch {
      // Storage is denied: follow the system.
    }
    const isDark = choice === "dark" || (choice !== "light" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }

  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply); // another tab chose
  addEventListener("vestibule:theme", apply); // this tab chose, see src/lib/theme.ts
})();
