import { PASSWORD } from "./people";

interface Person {
  id: string;
  email: string;
}

/** The API in somebody's name, for getting the world ready that a test looks at in the browser. */
export class Api {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(url: string, email: string, password: string): Promise<Api> {
    const { access_token } = await call<{ access_token: string }>(url, "POST", "/api/auth/login", { email, password });
    return new Api(url, access_token);
  }

  /** Makes somebody with {@link PASSWORD}; without roles given, they are a member. */
  async person(email: string, options: { name?: string; roles?: readonly string[] } = {}): Promise<Person> {
    const { name, roles } = options;
    const body = { email, password: PASSWORD, ...(name && { display_name: name }), ...(roles && { roles }) };
    return this.send("POST", "/api/users", body);
  }

  /** Makes a role. */
  async role(name: string, permissions: readonly string[]): Promise<{ id: string }> {
    return this.send("POST", "/api/roles", { name, permissions });
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    return call<T>(this.url, method, path, body, this.token);
  }
}

async function call<T>(url: string, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const answer = await fetch(url + path, {
    method,
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
