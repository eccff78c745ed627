// Applies the theme before the first paint. A separate file, because the content security policy forbids inline scripts.
// No other code sets `data-theme`.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    let theme = null;
    try {
      theme = localStorage.getItem("vestibule-theme");
    } catch {
      // Storage is denied: follows the system.
    }
    const isDark = theme === "dark" || (theme !== "light" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }

  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply); // changed in another tab
  addEventListener("vestibule:theme", apply); // changed in this tab, see src/lib/theme.ts
})();
