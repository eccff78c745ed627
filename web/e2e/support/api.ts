import { PASSWORD } from "./accounts";

interface User {
  id: string;
  email: string;
}

/** An API client for test data. */
export class Api {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(url: string, email: string, password: string): Promise<Api> {
    const { access_token } = await call<{ access_token: string }>(url, "POST", "/api/auth/login", { email, password });
    return new Api(url, access_token);
  }

  /** Creates a user with {@link PASSWORD}, by default with the member role. */
  async createUser(email: string, options: { name?: string; roles?: readonly string[] } = {}): Promise<User> {
    const { name, roles } = options;
    const body = { email, password: PASSWORD, ...(name && { display_name: name }), ...(roles && { roles }) };
    return this.send("POST", "/api/users", body);
  }

  async createRole(name: string, permissions: readonly string[]): Promise<{ id: string }> {
    return this.send("POST", "/api/roles", { name, permissions });
  }

  /** Returns the ID of a role. */
  async roleId(name: string): Promise<string> {
    const roles = await this.send<{ id: string; name: string }[]>("GET", "/api/roles");
    const role = roles.find((role) => role.name === name);
    if (!role) throw new Error(`no role ${name}`);
    return role.id;
  }

  /** Returns the signed-in user. */
  async me(): Promise<User> {
    return this.send("GET", "/api/users/me");
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    return call<T>(this.url, method, path, body, this.token);
  }
}

async function call<T>(url: string, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(url + path, {
    method,
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
