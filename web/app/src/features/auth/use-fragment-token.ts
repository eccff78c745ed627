import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * The one-time token that mailed links carry in the URL's fragment. It is taken out of the address bar at
 * once, so that it is in no history, no bookmark and on no screenshot; a fragment reaches no server and
 * no log anyway.
 */
export function useFragmentToken(): string | null {
  const hash = useLocation({ select: (location) => location.hash });
  const [token, setToken] = useState(() => tokenIn(hash));

  useEffect(() => {
    const found = tokenIn(hash);
    if (found === null) return;
    setToken(found); // another link was opened in this tab
    history.replaceState(history.state, "", location.pathname + location.search);
  }, [hash]);
  return token;
}

function tokenIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") || null;
}
