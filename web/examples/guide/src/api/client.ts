const API_URL = import.meta.env.VITE_API_URL ?? "http://localhost:8000";
const TOKEN = "token";

/** The token of an earlier sign-in. */
export const getToken = () => localStorage.getItem(TOKEN);

/** Keeps the token for later calls and visits, or forgets it. */
export function setToken(token: string | null) {
  if (token === null) localStorage.removeItem(TOKEN);
  else localStorage.setItem(TOKEN, token);
}

async function request<Answer>(path: string, options: RequestInit = {}): Promise<Answer> {
  const token = getToken();
  const response = await fetch(`${API_URL}${path}`, {
    ...options,
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
  });
  if (!response.ok) {
    const error = await response.json().catch(() => ({}));
    throw new Error(error.detail ?? "Request failed");
  }
  return response.json();
}

/** The calls of the API, with the token that is kept. */
export const api = {
  get: <Answer>(path: string) => request<Answer>(path),
  post: <Answer>(path: string, body: unknown) => request<Answer>(path, { method: "POST", body: JSON.stringify(body) }),
};
