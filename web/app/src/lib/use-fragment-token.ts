import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * Returns the one-time token in the fragment of an emailed link, and removes it from the address bar so that it does
 * not end up in the history, in bookmarks or in screenshots. Browsers never send fragments to a server.
 */
export function useFragmentToken(): string | null {
  const hash = useLocation({ select: (location) => location.hash });
  const [token, setToken] = useState(() => parseToken(hash));

  useEffect(() => {
    const found = parseToken(hash);
    if (found === null) return;
    setToken(found); // a second link may be opened in the same tab
    history.replaceState(history.state, "", location.pathname + location.search);
  }, [hash]);
  return token;
}

function parseToken(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") || null;
}
