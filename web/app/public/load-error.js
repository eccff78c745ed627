// Shows a message if a script or stylesheet fails to load, and reloads the page when the server responds again. A separate
// file, because the content security policy forbids inline scripts.
(() => {
  const INTERVAL = 3000;

  async function reloadWhenAvailable(url) {
    const response = await fetch(url, { cache: "no-store" }).catch(() => null);
    if (response?.ok) location.reload();
    else setTimeout(() => reloadWhenAvailable(url), INTERVAL);
  }

  function onError({ target }) {
    const url = target.src ?? target.href;
    const root = document.getElementById("root");
    // The app itself handles the errors of its parts.
    if (!url || root?.hasChildNodes()) return;
    removeEventListener("error", onError, true);
    document.getElementById("load-error")?.removeAttribute("hidden");
    setTimeout(() => reloadWhenAvailable(url), INTERVAL);
  }

  // Error events of elements do not bubble.
  addEventListener("error", onError, true);
})();
