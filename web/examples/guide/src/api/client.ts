const API_URL = import.meta.env.VITE_API_URL ?? "http://localhost:8000";
const TOKEN_KEY = "token";

/** Returns the stored access token, or `null` if the user is signed out. */
export const getToken = () => localStorage.getItem(TOKEN_KEY);

/** Stores the access token; `null` removes it. */
export function setToken(token: string | null) {
  if (token === null) localStorage.removeItem(TOKEN_KEY);
  else localStorage.setItem(TOKEN_KEY, token);
}

async function request<Data>(path: string, options: RequestInit = {}): Promise<Data> {
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

/** Calls the API with the stored token. Rejects with the `detail` of an error response. */
export const api = {
  get: <Data>(path: string) => request<Data>(path),
  post: <Data>(path: string, body: unknown) => request<Data>(path, { method: "POST", body: JSON.stringify(body) }),
};
